# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack as AWS describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .connection import Aws
from .errors import AwsError

_ABSENT = re.compile(r"Stack (with id|\[).* does not exist")


@dataclass(frozen=True)
class Stack:
    """``parameters`` are what CloudFormation shows: asterisks for those that are secret."""

    stack_id: str
    name: str
    status: str
    status_reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    termination_protection: bool = False
    region: str = ""

    @property
    def handle(self) -> str:
        """What it is called by: the id, which also finds a stack that was just removed, and no later one of the same name."""
        return self.stack_id or self.name

    @property
    def account(self) -> str:
        """arn:aws:cloudformation:eu-central-1:<account>:stack/…"""
        parts = self.stack_id.split(":")
        return parts[4] if len(parts) > 4 else ""


@dataclass(frozen=True)
class StackResource:
    """One resource of a stack."""

    logical_id: str
    type: str
    physical_id: str
    status: str

    def facts(self) -> dict[str, str]:
        return {"logical_id": self.logical_id, "type": self.type, "physical_id": self.physical_id}


def read_stack(aws: Aws, name_or_id: str) -> Stack | None:
    """The stack, or None if AWS says that there is none. A deleted one is only found by its id.

    Only that one answer means absence: throttling, a denied call or a lost network are errors.
    """
    try:
        answer = aws.call("cloudformation", "describe_stacks", StackName=name_or_id)
    except AwsError as error:
        if is_absence(error):
            return None
        raise
    found = answer.get("Stacks") or []
    return stack_of(found[0], aws.region) if found else None


def is_absence(error: AwsError) -> bool:
    return error.code == "ValidationError" and _ABSENT.search(error.raw) is not None


def stack_of(described: Mapping[str, Any], region: str) -> Stack:
    """From what DescribeStacks holds for one stack."""
    return Stack(
        stack_id=str(described.get("StackId", "")),
        name=str(described["StackName"]),
        status=str(described["StackStatus"]),
        status_reason=str(described.get("StackStatusReason", "")),
        outputs={each["OutputKey"]: each.get("OutputValue", "") for each in described.get("Outputs") or ()},
        parameters={each["ParameterKey"]: each.get("ParameterValue", "") for each in described.get("Parameters") or ()},
        tags={each["Key"]: each["Value"] for each in described.get("Tags") or ()},
        role_arn=described.get("RoleARN"),
        termination_protection=bool(described.get("EnableTerminationProtection", False)),
        region=region,
    )


def resources_of(aws: Aws, name_or_id: str) -> list[StackResource]:
    """All resources of the stack, those included that it no longer holds."""
    return [
        StackResource(
            each["LogicalResourceId"], each.get("ResourceType", ""), each.get("PhysicalResourceId", ""), each.get("ResourceStatus", "")
        )
        for each in aws.pages("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name_or_id)
    ]


def deployed_template(aws: Aws, name_or_id: str) -> str:
    """The template's text as it was given to AWS."""
    body = aws.call("cloudformation", "get_template", StackName=name_or_id, TemplateStage="Original").get("TemplateBody", "")
    if isinstance(body, str):
        return body
    import json

    return json.dumps(body)  # botocore reads JSON templates; then the text no longer tells whether they are the same
