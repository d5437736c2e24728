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
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.record import Record
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ecs", "logs", "secretsmanager", "ssm")

NEEDED_TO_LOOK = ("database", "admin_secret", "login_secret")
NEEDED_TO_RUN = ("cluster", "tools_task_definition", "schema_task_definition", "subnets", "security_groups")


class ActionModule(AwsActionEdge):
    """The schema as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "cluster": {"type": "str", "default": ""},
        "tools_task_definition": {"type": "str", "default": ""},
        "schema_task_definition": {"type": "str", "default": ""},
        "subnets": {"type": "list", "elements": "str", "default": []},
        "security_groups": {"type": "list", "elements": "str", "default": []},
        "assign_public_ip": {"type": "bool", "default": False},
        "database": {"type": "str", "default": ""},
        "owner": {"type": "str", "default": "listmonk_owner"},
        "admin_secret": {"type": "str", "default": "", "no_log": False},
        "login_secret": {"type": "str", "default": "", "no_log": False},
        "record": {"type": "str", "required": True},
        "timeout": {"type": "float", "default": 900.0},
        "only_look": {"type": "bool", "default": False},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        options = call.options
        if options["state"] == "absent":
            return self._forget(call)
        needed = NEEDED_TO_LOOK if options["only_look"] else (*NEEDED_TO_LOOK, *NEEDED_TO_RUN)
        missing = [name for name in needed if not options[name]]
        if missing:
            raise Refusal(f"{', '.join(missing)} must be given and not be empty.")
        wish = Schema(
            **{
                **{name: options[name] for name in Schema.__dataclass_fields__},
                "subnets": tuple(options["subnets"]),
                "security_groups": tuple(options["security_groups"]),
            }
        )
        if is_known_after_apply([wish.database, wish.admin_secret, wish.login_secret]):
            return {**_NOTHING, "changed": not options["only_look"], "reasons": ["its database or its secrets are yet to be created"]}
        planned = plan(self.aws, wish)
        result = {**_NOTHING, "ready": planned.is_done, "same_database": planned.is_same_database}
        if planned.is_done:
            return result
        result["reasons"] = planned.reasons
        if options["only_look"] or call.check_mode:
            return {**result, "changed": not options["only_look"]}
        done = carry_out(self.aws, wish, planned, call.progress)
        return {**result, "changed": True, "installed": done.installed, "log": list(done.log)}

    def _forget(self, call: Call) -> dict[str, Any]:
        """Remove the record alone; the database is not touched."""
        record = Record(self.aws, call.options["record"])
        there = record.read() is not None if call.check_mode else record.remove()
        return {**_NOTHING, "changed": there}


_NOTHING: Mapping[str, Any] = {"changed": False, "ready": False, "same_database": False, "installed": False, "reasons": [], "log": []}
