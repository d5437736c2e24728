# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudFormation stack as a task; documented in plugins/modules/aws_stack.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_apply import apply_stack
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_wish import STACK_CONSTRAINTS, STACK_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("cloudformation")


class ActionModule(AwsActionEdge):
    """The stack as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {**aws_spec(), **STACK_OPTIONS}
    constraints: ClassVar[Mapping[str, Any]] = STACK_CONSTRAINTS

    def perform(self, call: Call) -> dict[str, Any]:
        return apply_stack(self.aws, call.options, progress=call.progress, local_file=call.local_file, secrets=call.secrets)
