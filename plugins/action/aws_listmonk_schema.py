# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's place in its database and its tables there; documented in plugins/modules/aws_listmonk_schema.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.known_after_apply import is_known_after_apply
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.listmonk_schema import Schema, carry_out, plan
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ecs", "logs", "secretsmanager", "ssm")

NEEDED_TO_RUN = ("cluster", "tools_task_definition", "schema_task_definition", "subnets", "security_groups")


class ActionModule(AwsActionEdge):
    """The schema as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "cluster": {"type": "str", "default": ""},
        "tools_task_definition": {"type": "str", "default": ""},
        "schema_task_definition": {"type": "str", "default": ""},
        "subnets": {"type": "list", "elements": "str", "default": []},
        "security_groups": {"type": "list", "elements": "str", "default": []},
        "assign_public_ip": {"type": "bool", "default": False},
        "database": {"type": "str", "required": True},
        "owner": {"type": "str", "default": "listmonk_owner"},
        "admin_secret": {"type": "str", "required": True, "no_log": False},
        "login_secret": {"type": "str", "required": True, "no_log": False},
        "record": {"type": "str", "required": True},
        "timeout": {"type": "float", "default": 900.0},
        "only_look": {"type": "bool", "default": False},
    }

    constraints: ClassVar[Mapping[str, Any]] = {"required_if": [("only_look", False, NEEDED_TO_RUN)]}

    def perform(self, call: Call) -> dict[str, Any]:
        options = call.options
        wish = Schema(
            **{
                **{name: options[name] for name in Schema.__dataclass_fields__},
                "subnets": tuple(options["subnets"]),
                "security_groups": tuple(options["security_groups"]),
            }
        )
        if is_known_after_apply([wish.database, wish.admin_secret, wish.login_secret]):
            return _result(False, True, ["its database or its secrets are yet to be created"])
        planned = plan(self.aws, wish)
        if options["only_look"] or planned.is_done or call.check_mode:
            return _result(planned.is_done, not planned.is_done and not options["only_look"], [] if planned.is_done else planned.reasons)
        done = carry_out(self.aws, wish, planned, call.progress)
        return _result(False, True, planned.reasons, done.installed, list(done.log))


def _result(ready: bool, changed: bool, reasons: list[str], installed: bool = False, log: list[str] | None = None) -> dict[str, Any]:
    return {"changed": changed, "ready": ready, "reasons": reasons, "installed": installed, "log": log or []}
