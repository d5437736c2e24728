# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed default security group; documented in plugins/modules/aws_default_security_group.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.default_security_group import DefaultSecurityGroup, close, read
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.known_after_apply import is_known_after_apply
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ec2")

NOT_THERE_YET = DefaultSecurityGroup("known after apply", {"": "everything from the group itself"}, {"": "everything to 0.0.0.0/0"})
"""What AWS gives to each new VPC."""


class ActionModule(AwsActionEdge):
    """The closing as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {**aws_spec(), "vpc_id": {"type": "str", "required": True}}

    def perform(self, call: Call) -> dict[str, Any]:
        vpc_id = call.options["vpc_id"]
        group = NOT_THERE_YET if call.check_mode and is_known_after_apply(vpc_id) else read(self.aws, vpc_id)
        if group.is_closed:
            return {"changed": False, "group_id": group.id}
        if not call.check_mode:
            close(self.aws, group)
        return {"changed": True, "group_id": group.id, "diff": _diff(vpc_id, group)}


def _diff(vpc_id: str, group: DefaultSecurityGroup) -> dict[str, str]:
    title = f"default security group of {vpc_id}"
    lines = [f"{said}\n" for said in sorted((*group.incoming.values(), *group.outgoing.values()))]
    return {"before_header": title, "after_header": title, "before": "".join(lines), "after": ""}
