# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks as a task that only reads returns them."""

from __future__ import annotations

from typing import Any

from .connection import Aws
from .stack import Stack, read_stack, resources_of, stack_of

STACK_INFO_OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "aliases": ["stack_name"]},
    "resources": {"type": "bool", "default": False},
}


def read_stacks(aws: Aws, options: dict[str, Any]) -> dict[str, Any]:
    """The result of aws_stack_info; raises AwsError."""
    name = options["name"]
    if name:
        found = [stack for stack in [read_stack(aws, name)] if stack is not None and stack.status != "DELETE_COMPLETE"]
    else:
        found = [stack_of(each, aws.region) for each in aws.pages("cloudformation", "describe_stacks", "Stacks")]
    result: dict[str, Any] = {"stacks": [_shown(aws, stack, resources=options["resources"]) for stack in found]}
    if name:
        one = found[0] if found else None
        result |= {
            "outputs": dict(one.outputs) if one else {},
            "parameters": dict(one.parameters) if one else {},
            "tags": dict(one.tags) if one else {},
        }
    return result


def _shown(aws: Aws, stack: Stack, *, resources: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": stack.name,
        "stack_id": stack.stack_id,
        "status": stack.status,
        "status_reason": stack.status_reason,
        "outputs": dict(stack.outputs),
        "parameters": dict(stack.parameters),
        "tags": dict(stack.tags),
        "role_arn": stack.role_arn,
        "termination_protection": stack.termination_protection,
    }
    if resources:
        shown["resources"] = [{**each.facts(), "status": each.status} for each in resources_of(aws, stack.handle)]
    return shown
