# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation stacks, read in a task; documented in plugins/modules/aws_stack_info.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_reading import STACK_INFO_OPTIONS, read_stacks
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("cloudformation")


class ActionModule(AwsActionEdge):
    """Reading as a task; on the controller, where it costs a fraction of a module's second."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {**aws_spec(), **STACK_INFO_OPTIONS}

    def perform(self, call: Call) -> dict[str, Any]:
        return {"changed": False, **read_stacks(self.aws, call.options)}
