# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudFormation with one stack in this process, which does what a test says, and notes every call.

It stands where connection.Aws does, so it is for what tasks make of AWS's answers; that requests are understood is proven against the
sandbox's engine.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.deadline import Deadline
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.reading_operations import refuse_writing
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_absent import absent
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_present import present
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_task import StackTask, result_of
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_wish import STACK_OPTIONS, wish_of

REGION = "eu-central-1"
STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    on_sleep: Callable[[], None] | None = None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.on_sleep:
            self.on_sleep()


@dataclass
class ScriptedCloudFormation:
    """``stack`` is what DescribeStacks shows. ``change_set`` is what the next change set turns out to be. ``operation`` is what happens when
    something is executed: (logical id, status, reason) one after the other; the stack's own events are those with the stack's name.
    """

    name: str = "paperboat-test"
    check_mode: bool = False
    region: str = REGION
    stack: dict[str, Any] | None = None
    template: str = ""
    change_set: dict[str, Any] = field(default_factory=lambda: {"Status": "CREATE_COMPLETE", "Changes": []})
    operation: list[tuple[str, str, str]] = field(default_factory=list)
    outputs_after: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, AwsError] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    progress: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    """What DescribeStacks shows for the next calls, before the state that the stack then stays in."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # --- the test's side

    def given(self, status: str, *, template: str = "", outputs: dict[str, str] | None = None, **more: Any) -> ScriptedCloudFormation:
        """A stack in that state."""
        self.template = template
        self.stack = {
            "StackId": f"arn:aws:cloudformation:{self.region}:123456789012:stack/{self.name}/1",
            "StackName": self.name,
            "StackStatus": status,
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in (outputs or {}).items()],
            **more,
        }
        return self

    def will_change(self, *changes: dict[str, Any]) -> None:
        self.change_set = {"Status": "CREATE_COMPLETE", "Changes": [{"Type": "Resource", "ResourceChange": each} for each in changes]}

    def run(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """A task on the stack, as its action plugin would run it; raises what the task fails with."""
        self.check_mode = check
        self.calls.clear()
        defaults = {name: option.get("default") for name, option in STACK_OPTIONS.items()}
        wish = wish_of({**defaults, "name": self.name, **options}, lambda path: path)
        aws: Any = self
        task = StackTask(aws, wish, Deadline(wish.timeout, self.clock, self.clock.sleep), self.progress.append)
        return result_of(task, present(task) if wish.state == "present" else absent(task))

    @property
    def writes(self) -> list[str]:
        """The operations that change a stack. A change set is not one, as long as it is removed again."""
        return [
            name for name, _ in self.calls if name in {"execute_change_set", "delete_stack", "update_termination_protection", "put_object"}
        ]

    # --- AWS's side

    def call(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        self.calls.append((operation, parameters))
        if self.check_mode:
            refuse_writing(service, "".join(word.capitalize() for word in operation.split("_")), parameters)
        if operation in self.refuse:
            raise self.refuse[operation]
        answer: dict[str, Any] = getattr(self, f"_{operation}")(**parameters)
        return answer

    def pages(self, service: str, operation: str, key: str, /, **parameters: Any) -> Iterator[dict[str, Any]]:
        yield from self.call(service, operation, **parameters)[key]

    def _describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803  # as AWS names it
        if self.stack is None or (self.stack["StackStatus"] == "DELETE_COMPLETE" and not StackName.startswith("arn:")):
            raise missing(StackName)
        if self.statuses:
            return {"Stacks": [{**self.stack, "StackStatus": self.statuses.pop(0)}]}
        return {"Stacks": [self.stack]}

    def _get_template(self, **_parameters: Any) -> dict[str, Any]:
        return {"TemplateBody": self.template}

    def _validate_template(self, **_parameters: Any) -> dict[str, Any]:
        return {}

    def _list_change_sets(self, **_parameters: Any) -> dict[str, Any]:
        return {"Summaries": list(self.change_sets.values())}

    def _list_stack_resources(self, **_parameters: Any) -> dict[str, Any]:
        return {"StackResourceSummaries": self.resources}

    def _create_change_set(self, **parameters: Any) -> dict[str, Any]:
        if parameters["ChangeSetType"] == "CREATE" and (self.stack is None or self.stack["StackStatus"] == "DELETE_COMPLETE"):
            self.given("REVIEW_IN_PROGRESS")
        name = parameters["ChangeSetName"]
        self.change_sets[name] = {"ChangeSetName": name, "CreationTime": datetime.now(UTC), "ExecutionStatus": "AVAILABLE"}
        return {"Id": f"arn:aws:cloudformation:{self.region}:123456789012:changeSet/{name}/1"}

    def _describe_change_set(self, **_parameters: Any) -> dict[str, Any]:
        assert self.stack is not None
        return {"StackId": self.stack["StackId"], **self.change_set}

    def _delete_change_set(self, ChangeSetName: str, **_parameters: Any) -> dict[str, Any]:  # noqa: N803
        self.change_sets.pop(ChangeSetName, None)
        return {}

    def _execute_change_set(self, **_parameters: Any) -> dict[str, Any]:
        self.change_sets.clear()
        self._happens()
        return {}

    def _delete_stack(self, **_parameters: Any) -> dict[str, Any]:
        self._happens([(self.name, "DELETE_COMPLETE", "")] if not any(name == self.name for name, *_ in self.operation) else None)
        return {}

    def _update_termination_protection(self, EnableTerminationProtection: bool, **_parameters: Any) -> dict[str, Any]:  # noqa: N803
        assert self.stack is not None
        self.stack["EnableTerminationProtection"] = EnableTerminationProtection
        return {}

    def _describe_stack_events(self, **_parameters: Any) -> dict[str, Any]:
        return {"StackEvents": self.events}

    def _describe_events(self, **_parameters: Any) -> dict[str, Any]:
        return {"OperationEvents": self.change_set.get("Events", [])}

    def _happens(self, operation: list[tuple[str, str, str]] | None = None) -> None:
        assert self.stack is not None
        for logical_id, status, reason in operation if operation is not None else self.operation:
            self.events.insert(0, self.event(logical_id, status, reason))
            if logical_id == self.name:
                self.stack["StackStatus"] = status
        if self.outputs_after:
            self.stack["Outputs"] = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs_after.items()]

    def event(self, logical_id: str, status: str, reason: str = "") -> dict[str, Any]:
        stack_id = self.stack["StackId"] if self.stack else ""
        own = logical_id == self.name
        return {
            "EventId": f"e{next(self._numbers)}",
            "StackId": stack_id,
            "StackName": self.name,
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": stack_id if own else f"{logical_id}-1",
            "ResourceType": STACK_TYPE if own else f"AWS::Test::{logical_id}",
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
            "Timestamp": datetime.now(UTC),
        }


def missing(name: str) -> AwsError:
    message = f"Stack with id {name} does not exist"
    return AwsError(f"AWS refused describe_stacks: ValidationError: {message}.", code="ValidationError", message=message)


def refusal(code: str, message: str) -> AwsError:
    return AwsError(f"AWS refused it: {code}: {message}", code=code, message=message)


def change(logical_id: str, action: str = "Modify", replacement: str = "False", **more: Any) -> dict[str, Any]:
    """A ResourceChange as DescribeChangeSet has it."""
    return {
        "Action": action,
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": f"{logical_id}-1",
        "ResourceType": f"AWS::Test::{logical_id}",
        **({"Replacement": replacement} if action == "Modify" else {}),
        **more,
    }


def detail(name: str, before: str | None, after: str | None, recreation: str = "Never", **more: Any) -> dict[str, Any]:
    """One of its Details."""
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation, "Path": f"/Properties/{name}"}
    return {
        "Target": {**target, **({} if before is None else {"BeforeValue": before}), **({} if after is None else {"AfterValue": after})},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
        **more,
    }


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)
