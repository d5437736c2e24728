# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeEvents: what an operation did and what validation found, which the older DescribeStackEvents does not tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from .account import Account
from .answers import event, given
from .change_set import ChangeSet, found
from .stack import STACK_TYPE, Stack


def operation_events(account: Account, call: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The newest first, of one operation, change set or stack."""
    change_set = found(account, call["ChangeSetName"], call.get("StackName")) if call.get("ChangeSetName") else None
    operation = change_set.operation_id if change_set else call.get("OperationId")
    stacks = [change_set.stack] if change_set else [account.stack(call["StackName"])] if call.get("StackName") else account.present()
    events = [shown for stack in stacks for shown in _events(account, stack) if operation in (None, shown["OperationId"])]
    if (call.get("Filters") or {}).get("FailedEvents") in (True, "true"):
        events = [shown for shown in events if _is_failure(shown)]
    return sorted(events, key=lambda shown: shown["Timestamp"], reverse=True)


def _events(account: Account, stack: Stack) -> Iterator[dict[str, Any]]:
    types = {operation.id: operation.type for operation in stack.operations}
    for value in list(stack.events):
        if not value.operation:
            continue
        shown = event(stack, value)
        shown.pop("StackName")
        failed = value.status.endswith("_FAILED")
        event_type = "STACK_EVENT" if value.type == STACK_TYPE else "PROVISIONING_ERROR" if failed else "PROGRESS_EVENT"
        yield {**shown, "OperationType": types[value.operation], "EventType": event_type}
    for change_set in list(account.change_sets.values()):
        if change_set.stack is stack:
            yield from _validation_events(change_set)


def _validation_events(change_set: ChangeSet) -> Iterator[dict[str, Any]]:
    for error in change_set.validation_errors:
        yield given(
            EventId=str(uuid.uuid4()),
            StackId=change_set.stack.id,
            OperationId=change_set.operation_id,
            OperationType="CREATE_CHANGESET",
            EventType="VALIDATION_ERROR",
            LogicalResourceId=error.logical_id,
            ResourceType=error.type,
            Timestamp=change_set.created,
            ValidationFailureMode=error.mode,
            ValidationName=error.name,
            ValidationStatus="FAILED",
            ValidationStatusReason=error.reason,
            ValidationPath=error.path,
        )


def _is_failure(shown: Mapping[str, Any]) -> bool:
    return shown["EventType"] in ("VALIDATION_ERROR", "PROVISIONING_ERROR") or shown.get("ResourceStatus", "").endswith("_FAILED")
