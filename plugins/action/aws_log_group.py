# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retention and key of log groups; documented in plugins/modules/aws_log_group.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.known_after_apply import is_known_after_apply
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.log_group import RETENTION_DAYS, LogGroup, Plan, carry_out, read
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("logs")


class ActionModule(AwsActionEdge):
    """The groups as a task: all are read before one is written."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "names": {"type": "list", "elements": "str", "required": True},
        "retention_days": {"type": "int", "choices": list(RETENTION_DAYS)},
        "key_arn": {"type": "str"},
        "tags": {"type": "dict"},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        options = call.options
        key_arn = options["key_arn"]
        if key_arn is not None and not key_arn.startswith("arn:") and not (call.check_mode and is_known_after_apply(key_arn)):
            raise Refusal(f"key_arn is {key_arn!r}; it must be the ARN of a KMS key, since CloudWatch Logs takes no alias.")
        tags = {str(key): str(value) for key, value in (options["tags"] or {}).items()}
        plans = []
        for name in options["names"]:
            # A name that only the applied stack will make known belongs to a group that is not there yet.
            current = None if call.check_mode and is_known_after_apply(name) else read(self.aws, name)
            plans.append(Plan(LogGroup(name, options["retention_days"], key_arn), current, tags))
        changing = [plan for plan in plans if plan.changed]
        if not call.check_mode:
            for plan in changing:
                carry_out(self.aws, plan)
        return {
            "changed": bool(changing),
            "log_groups": [_shown(plan.after) for plan in plans],
            "diff": [_diff(plan) for plan in changing],
        }


def _shown(group: LogGroup) -> dict[str, Any]:
    return {"name": group.name, "retention_days": group.retention_days, "key_arn": group.key_arn}


def _diff(plan: Plan) -> dict[str, str]:
    title = f"log group {plan.wanted.name}"
    before = "" if plan.current is None else _lines(plan.current)
    return {"before_header": title, "after_header": title, "before": before, "after": _lines(plan.after)}


def _lines(group: LogGroup) -> str:
    return f"retention_days: {group.retention_days or 'for ever'}\nkey_arn: {group.key_arn or 'of CloudWatch Logs'}\n"
