# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack as it is now: its resources, its events, and what it was last asked to be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .no_echo import shown_properties
from .scope import NO_VALUE
from .template import Template

STACK_TYPE = "AWS::CloudFormation::Stack"
# States in which a change set of type UPDATE is accepted. ROLLBACK_COMPLETE is not among them: such a stack can only be deleted.
UPDATABLE = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED"}
)


@dataclass
class Resource:
    """One resource of a stack; a replacement is another Resource under the same logical id."""

    logical_id: str
    type: str
    physical_id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)  # dynamic references stay unresolved here
    attributes: dict[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()  # properties that are never shown (no_echo.py)
    needs: frozenset[str] = frozenset()
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    status: str = "CREATE_IN_PROGRESS"
    reason: str | None = None
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    drift: str = "NOT_CHECKED"
    drift_checked: datetime | None = None


@dataclass(frozen=True)
class Event:
    id: str
    operation: str
    at: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    token: str | None
    properties: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class OperationRecord:
    """One thing that was asked of the stack, for DescribeEvents."""

    id: str
    type: str  # CREATE_STACK, UPDATE_STACK, DELETE_STACK, CONTINUE_ROLLBACK, ROLLBACK, CREATE_CHANGESET


@dataclass(frozen=True)
class OutputValue:
    key: str
    value: str
    description: str | None = None
    export_name: str | None = None


@dataclass
class Stack:
    name: str
    region: str
    account: str
    id: str = ""
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime | None = None
    deleted: datetime | None = None
    template: Template | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    outputs: list[OutputValue] = field(default_factory=list)
    imported: frozenset[str] = frozenset()
    resources: dict[str, Resource] = field(default_factory=dict)
    past_resources: list[Resource] = field(default_factory=list)  # deleted ones, which DescribeStackResources goes on to list
    events: list[Event] = field(default_factory=list)
    operations: list[OperationRecord] = field(default_factory=list)
    policy: str | None = None
    termination_protection: bool = False
    disable_rollback: bool = False
    role_arn: str | None = None
    notification_arns: list[str] = field(default_factory=list)
    capabilities: list[str] = field(default_factory=list)
    drift: str = "NOT_CHECKED"
    drift_checked: datetime | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        self.id = self.id or f"arn:aws:cloudformation:{self.region}:{self.account}:stack/{self.name}/{uuid.uuid4()}"

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def pseudo(self) -> dict[str, Any]:
        return {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::StackName": self.name,
            "AWS::StackId": self.id,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NotificationARNs": list(self.notification_arns),
            "AWS::NoValue": NO_VALUE,
        }

    def begin(self, operation_type: str, token: str | None = None) -> OperationRecord:
        """From now on events belong to this operation."""
        record = OperationRecord(str(uuid.uuid4()), operation_type)
        self.operations.append(record)
        self.token = token
        return record

    def say(self, status: str, reason: str | None = None) -> None:
        """Change the stack's own status, with an event."""
        self.status, self.reason = status, reason
        self._record(self.name, self.id, STACK_TYPE, status, reason, None)

    def say_of(self, resource: Resource, status: str, reason: str | None = None) -> None:
        """Change a resource's status, with an event."""
        resource.status, resource.reason, resource.updated = status, reason, datetime.now(UTC)
        self._record(
            resource.logical_id, resource.physical_id, resource.type, status, reason, shown_properties(resource.properties, resource.hidden)
        )

    def _record(
        self, logical_id: str, physical_id: str, type_name: str, status: str, reason: str | None, properties: Mapping[str, Any] | None
    ) -> None:
        operation = self.operations[-1].id if self.operations else ""
        event = Event(
            str(uuid.uuid4()), operation, datetime.now(UTC), logical_id, physical_id, type_name, status, reason, self.token, properties
        )
        self.events.append(event)
