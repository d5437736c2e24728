# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the engine do with stacks: through boto3, as any client of CloudFormation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.fresh_aws import FreshAws

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Stacks:
    """CloudFormation of one account."""

    aws: FreshAws

    @property
    def api(self) -> Any:
        return self.aws.client("cloudformation")

    def create(self, name: str, template: str, **call: Any) -> dict[str, Any]:
        self.api.create_stack(StackName=name, TemplateBody=template, **call)
        return self.ended(name)

    def update(self, name: str, template: str, **call: Any) -> dict[str, Any]:
        self.api.update_stack(StackName=name, TemplateBody=template, **call)
        return self.ended(name)

    def delete(self, name: str, **call: Any) -> dict[str, Any]:
        stack_id = self.stack(name)["StackId"]
        self.api.delete_stack(StackName=name, **call)
        return self.ended(stack_id)

    def stack(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def ended(self, name: str) -> dict[str, Any]:
        """The stack once nothing works on it any more."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            stack = self.stack(name)
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack
            time.sleep(0.02)
        raise AssertionError(f"{name} hangs in {stack['StackStatus']}")

    def change_set(self, stack: str, template: str, *, type: str = "UPDATE", **call: Any) -> dict[str, Any]:
        """The described change set, with property values."""
        made = self.api.create_change_set(StackName=stack, ChangeSetName="next", ChangeSetType=type, TemplateBody=template, **call)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            described: dict[str, Any] = self.api.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True)
            if described["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return described
            time.sleep(0.02)
        raise AssertionError(f"the change set hangs in {described['Status']}")

    def execute(self, change_set: dict[str, Any], **call: Any) -> dict[str, Any]:
        self.api.execute_change_set(ChangeSetName=change_set["ChangeSetId"], **call)
        return self.ended(change_set["StackId"])

    def changes(self, change_set: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in change_set["Changes"]}

    def events(self, name: str) -> list[tuple[str, str, str | None]]:
        """Logical id, status and reason, the oldest first."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [event for page in pages for event in page["StackEvents"]]
        return [(event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason")) for event in reversed(events)]

    def resources(self, name: str) -> dict[str, dict[str, Any]]:
        found = self.api.describe_stack_resources(StackName=name)["StackResources"]
        return {resource["LogicalResourceId"]: resource for resource in found}
