# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets: the only way in which a stack is changed, and how an existing one is previewed."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._core.errors import MailingError
from .connection import Aws
from .deadline import Deadline
from .errors import AwsError
from .reading_operations import OUR_CHANGE_SETS
from .stack_changes import Change, change_of

ORPHANED_AFTER = 15 * 60
"""Seconds after which a change set of ours that nobody executed is one whose run was killed; the run lock has the same patience."""

# Both wordings, each the beginning of the whole reason: elsewhere in a reason the same words are part of a real failure.
_NOTHING_TO_CHANGE = re.compile(r"The submitted information didn't contain changes\.|No updates are to be performed\.?$")
_NAME = re.compile(rf"{OUR_CHANGE_SETS}(?P<machine>[0-9a-f]{{8}})-(?P<process>\d+)-[0-9a-f]+$")


class ChangeSetFailed(MailingError):
    """AWS cannot do what is asked; found before anything was changed."""


@dataclass
class ChangeSet:
    """``empty`` means that AWS found nothing to change; then there is no more to it."""

    name: str
    stack_name: str
    stack_id: str
    empty: bool = False
    changes: tuple[Change, ...] = ()
    executed: bool = False


@dataclass(frozen=True)
class Request:
    """What a change set is made of: the parameters of CreateChangeSet, without its names."""

    stack_name: str
    kind: str
    """CREATE or UPDATE"""
    parameters: Mapping[str, Any] = field(repr=False)


@contextmanager
def change_set(aws: Aws, request: Request, deadline: Deadline) -> Iterator[ChangeSet]:
    """A change set, ready to be executed. Whatever happens, it is removed again if it was not executed.

    Raises ChangeSetFailed with AWS's reasons.
    """
    name = new_name()
    ready: ChangeSet | None = None
    try:
        _create(aws, request, name)
        ready = _finished(aws, request, name, deadline)
        yield ready
    except BaseException:
        if ready is None or not ready.executed:
            with suppress(AwsError):  # what went wrong first is what has to be told; what stays now, the next run removes
                remove(aws, request.stack_name, name)
        raise
    if not ready.executed:
        remove(aws, request.stack_name, name)


def execute(aws: Aws, ready: ChangeSet, **how: Any) -> None:
    """Let AWS do it. An answer that was lost is not taken for a refusal."""
    ready.executed = True
    try:
        aws.call(
            "cloudformation",
            "execute_change_set",
            StackName=ready.stack_name,
            ChangeSetName=ready.name,
            ClientRequestToken=ready.name,
            **how,
        )
    except AwsError as error:
        if error.code not in _MAYBE_EXECUTED or not _is_executed(aws, ready):
            ready.executed = False
            raise


_MAYBE_EXECUTED = {"InvalidChangeSetStatus", "InvalidChangeSetStatusException", "ChangeSetNotFound", "ChangeSetNotFoundException"}


def _is_executed(aws: Aws, ready: ChangeSet) -> bool:
    """Whether a first try of ours was heard, and only its answer lost. Nobody else has the name, and AWS's events carry it."""
    with suppress(AwsError):
        described = aws.call("cloudformation", "describe_change_set", StackName=ready.stack_name, ChangeSetName=ready.name)
        if described.get("ExecutionStatus") in {"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"}:
            return True
    for described in aws.pages("cloudformation", "describe_stack_events", "StackEvents", StackName=ready.stack_id or ready.stack_name):
        return bool(described.get("ClientRequestToken") == ready.name)
    return False


def new_name() -> str:
    """A name that says whose it is, so that a later run can tell whether that process is still there."""
    return f"{OUR_CHANGE_SETS}{_this_machine()}-{os.getpid()}-{secrets.token_hex(4)}"


def remove(aws: Aws, stack_name: str, name: str) -> None:
    """Remove a change set that may not be there any more."""
    try:
        aws.call("cloudformation", "delete_change_set", StackName=stack_name, ChangeSetName=name)
    except AwsError as error:
        # A stack that is gone has none (ValidationError); one that is still being made is an orphan for the next run.
        if error.code not in {*_MAYBE_EXECUTED, "ValidationError"}:
            raise


def remove_orphans(aws: Aws, stack_name: str) -> list[str]:
    """Remove what killed runs left on an existing stack; returns the names. Change sets of other people and of running tasks stay."""
    removed = []
    for summary in aws.pages("cloudformation", "list_change_sets", "Summaries", StackName=stack_name):
        waiting = not str(summary.get("ExecutionStatus", "")).startswith("EXECUTE_")
        if waiting and is_orphan(str(summary["ChangeSetName"]), summary.get("CreationTime")):
            remove(aws, stack_name, str(summary["ChangeSetName"]))
            removed.append(str(summary["ChangeSetName"]))
    return removed


def is_orphan(name: str, created: datetime | None) -> bool:
    """Whether the change set is ours and its run is gone: its process on this machine, or its time anywhere."""
    match = _NAME.match(name)
    if match is None:
        return False
    if match["machine"] == _this_machine() and not _is_running(int(match["process"])):
        return True
    return created is not None and (datetime.now(created.tzinfo) - created).total_seconds() > ORPHANED_AFTER


def _create(aws: Aws, request: Request, name: str) -> None:
    try:
        aws.call(
            "cloudformation",
            "create_change_set",
            StackName=request.stack_name,
            ChangeSetName=name,
            ChangeSetType=request.kind,
            ClientToken=name,
            **request.parameters,
        )
    except AwsError as error:
        if error.code in {"AlreadyExistsException", "AlreadyExists"}:
            return  # a second try after a lost answer; nobody else has the name
        if error.code == "InsufficientCapabilitiesException":
            raise ChangeSetFailed(
                f"Stack {request.stack_name}: the template makes things that AWS wants to be acknowledged: {error.message} Name them in the "
                "option capabilities."
            ) from error
        if error.code == "ValidationError":
            raise ChangeSetFailed(
                f"Stack {request.stack_name}: AWS does not accept the template or its parameters: {error.message}"
            ) from error
        raise


def _finished(aws: Aws, request: Request, name: str, deadline: Deadline) -> ChangeSet:
    described: dict[str, Any] = {}
    for _seconds in deadline.looks(0.1, 5.0):
        described = _described(aws, request.stack_name, name)
        status = str(described["Status"])
        if status not in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
            break
    else:
        raise ChangeSetFailed(
            f"Stack {request.stack_name}: its change set hung in {described.get('Status')} for {deadline.seconds:.0f} seconds; nothing was done."
        )
    if status == "FAILED":
        reason = str(described.get("StatusReason", ""))
        if _NOTHING_TO_CHANGE.match(reason.strip()):
            return ChangeSet(name, request.stack_name, str(described.get("StackId", "")), empty=True)
        raise ChangeSetFailed(f"Stack {request.stack_name}: {_why(aws, request, name, reason)} Nothing was done.")
    if status != "CREATE_COMPLETE":
        raise ChangeSetFailed(f"Stack {request.stack_name}: somebody else removed its change set ({status}); run the task again.")
    changes = [change_of(each["ResourceChange"]) for each in described.get("Changes") or () if "ResourceChange" in each]
    return ChangeSet(name, request.stack_name, str(described.get("StackId", "")), changes=tuple(changes))


def _described(aws: Aws, stack_name: str, name: str) -> dict[str, Any]:
    """The change set with the changes of all pages."""
    described = aws.call("cloudformation", "describe_change_set", StackName=stack_name, ChangeSetName=name, IncludePropertyValues=True)
    changes, token = list(described.get("Changes") or ()), described.get("NextToken")
    while token:
        page = aws.call(
            "cloudformation", "describe_change_set", StackName=stack_name, ChangeSetName=name, IncludePropertyValues=True, NextToken=token
        )
        changes += page.get("Changes") or ()
        token = page.get("NextToken")
    return {**described, "Changes": changes}


def _why(aws: Aws, request: Request, name: str, reason: str) -> str:
    """AWS's reason, with the details that it keeps apart if the template did not pass its early validation."""
    details = _validation_details(aws, request, name) if "validation" in reason.lower() or "DescribeEvents" in reason else []
    if details:
        return f"AWS's validation found that {'; '.join(details)}."
    return f"AWS cannot make the change: {reason.strip().rstrip('.') or 'it gives no reason'}."


def _validation_details(aws: Aws, request: Request, name: str) -> list[str]:
    try:
        events = aws.call(
            "cloudformation", "describe_events", StackName=request.stack_name, ChangeSetName=name, Filters={"FailedEvents": True}
        ).get("OperationEvents", ())
    except AwsError as error:
        return [f"details could not be read ({error.code or error.message})"]
    return [
        f"{event.get('LogicalResourceId', 'the template')}: {str(event.get('ValidationStatusReason', '')).rstrip('.')} "
        f"({', '.join(filter(None, [event.get('ValidationName'), event.get('ValidationPath')]))})"
        for event in events
        if event.get("EventType") == "VALIDATION_ERROR" and event.get("ValidationFailureMode", "FAIL") == "FAIL"
    ]


def _this_machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_running(process: int) -> bool:
    """Whether another process than this one has that number."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
