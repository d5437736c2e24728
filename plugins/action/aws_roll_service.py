# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of an ECS service, started anew; documented in plugins/modules/aws_roll_service.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.roll_service import desired_count, roll_service
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ecs")


class ActionModule(AwsActionEdge):
    """The rolling as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "cluster": {"type": "str", "required": True},
        "service": {"type": "str", "required": True},
        "timeout": {"type": "float", "default": 900.0},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        cluster, service = call.options["cluster"], call.options["service"]
        if call.check_mode:
            count = desired_count(self.aws, cluster, service)
            return {"changed": count > 0, "tasks": count, "deployment": None, "seconds": 0.0}
        rolled = roll_service(self.aws, cluster, service, call.options["timeout"], call.progress)
        return {"changed": rolled.tasks > 0, "tasks": rolled.tasks, "deployment": rolled.deployment, "seconds": rolled.seconds}
