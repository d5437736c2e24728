# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A one-off ECS task; documented in plugins/modules/aws_run_task.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.one_off_task import OneOffTask, check, is_done, run_one_off_task
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ecs", "logs", "ssm")

ECS_LIMIT = 8192
"""Bytes of all overrides of one RunTask together (API reference, TaskOverride)."""


class ActionModule(AwsActionEdge):
    """The run as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "cluster": {"type": "str", "required": True},
        "task_definition": {"type": "str", "required": True},
        "container": {"type": "str", "required": True},
        "command": {"type": "list", "elements": "str"},
        "environment": {"type": "dict"},
        "subnets": {"type": "list", "elements": "str"},
        "security_groups": {"type": "list", "elements": "str"},
        "assign_public_ip": {"type": "bool", "default": False},
        "launch_type": {"type": "str", "choices": ["FARGATE", "EC2"], "default": "FARGATE"},
        "expected_exit_code": {"type": "list", "elements": "int", "default": [0]},
        "timeout": {"type": "float", "default": 1800.0},
        "once": {"type": "dict", "options": {"parameter": {"type": "str", "required": True}, "value": {"type": "dict", "required": True}}},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        wish = wish_of(call.options)
        if is_done(self.aws, wish):
            return {"changed": False, "ran": False, "log": [], "exit_code": None, "reason": "", "task_arn": None, "seconds": 0.0}
        if call.check_mode:
            if not wish.task_definition.startswith(UNKNOWN):
                check(self.aws, wish)
            return {"changed": True, "ran": False, "log": [], "exit_code": None, "reason": "", "task_arn": None, "seconds": 0.0}
        ended = run_one_off_task(self.aws, wish, call.progress)
        return {
            "changed": True,
            "ran": True,
            "exit_code": ended.exit_code,
            "reason": ended.reason,
            "log": list(ended.log),
            "task_arn": ended.task_arn,
            "seconds": ended.seconds,
            "adopted": ended.adopted,
        }


UNKNOWN = "known after apply"
"""How an output begins that check mode cannot know yet (aws_stack)."""


def wish_of(options: Mapping[str, Any]) -> OneOffTask:
    once = options["once"]
    environment = {str(name): str(value) for name, value in (options["environment"] or {}).items()}
    wish = OneOffTask(
        cluster=options["cluster"],
        task_definition=options["task_definition"],
        container=options["container"],
        command=tuple(options["command"] or ()),
        environment=environment,
        subnets=tuple(options["subnets"] or ()),
        security_groups=tuple(options["security_groups"] or ()),
        assign_public_ip=options["assign_public_ip"],
        launch_type=options["launch_type"],
        expected_exit_codes=frozenset(options["expected_exit_code"]),
        timeout=options["timeout"],
        once=once["parameter"] if once else None,
        once_value=once["value"] if once else {},
    )
    size = sum(len(part.encode()) for part in (*wish.command, *environment, *environment.values()))
    if size > ECS_LIMIT:
        raise Refusal(
            f"command and environment are {size} bytes; ECS takes {ECS_LIMIT} in all. Put the longer part into the image or a bucket."
        )
    if not wish.expected_exit_codes:
        raise Refusal("expected_exit_code is empty: nothing the task does could be right. Leave it out, or name at least one exit code.")
    if wish.timeout <= 0:
        raise Refusal(f"timeout is {wish.timeout:g}; it must be a number of seconds above 0.")
    return wish
