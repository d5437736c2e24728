# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service-linked roles of an account; documented in plugins/modules/aws_service_linked_role.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.service_linked_role import make, missing
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("iam")


class ActionModule(AwsActionEdge):
    """Roles that are missing are made; none is ever removed."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "services": {"type": "list", "elements": "str", "required": True},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        wanted = missing(self.aws, call.options["services"])
        if not call.check_mode:
            for service in wanted:
                make(self.aws, service)
        return {
            "changed": bool(wanted),
            "created": wanted,
            "diff": [
                {"before_header": service, "after_header": service, "before": "", "after": "service-linked role\n"} for service in wanted
            ],
        }
