# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS reports while it works on a stack, and which of it was the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .connection import Aws
from .errors import AwsError
from .stack import is_absence

STACK_TYPE = "AWS::CloudFormation::Stack"
# What AWS says of resources that it stopped working on because another one had failed.
_CANCELLED = re.compile(r"Resource (creation|update|deletion) cancelled", re.IGNORECASE)


@dataclass(frozen=True)
class Event:
    event_id: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    of_the_stack: bool

    @property
    def failed(self) -> bool:
        return self.status.endswith("_FAILED")

    @property
    def is_cause(self) -> bool:
        """A resource failed of itself, not because others did."""
        return self.failed and not self.of_the_stack and not _CANCELLED.search(self.reason)

    def facts(self) -> dict[str, str]:
        return {"logical_id": self.logical_id, "type": self.type, "status": self.status, "reason": self.reason}


def event_of(described: Mapping[str, Any]) -> Event:
    logical_id, kind = str(described.get("LogicalResourceId", "")), str(described.get("ResourceType", ""))
    stack_id, physical_id = described.get("StackId"), str(described.get("PhysicalResourceId", ""))
    return Event(
        event_id=str(described["EventId"]),
        logical_id=logical_id,
        physical_id=physical_id,
        type=kind,
        status=str(described.get("ResourceStatus", "")),
        reason=str(described.get("ResourceStatusReason", "")),
        # A nested stack has the type, too, but an id of its own.
        of_the_stack=kind == STACK_TYPE
        and (physical_id == stack_id if stack_id and physical_id else logical_id == described.get("StackName")),
    )


class EventReader:
    """The events of one stack that are newer than the reader, oldest first."""

    def __init__(self, aws: Aws, stack_id: str, *, from_the_start: bool = False) -> None:
        self._aws = aws
        self._stack_id = stack_id
        self._last = "" if from_the_start else next((event.event_id for event in self._newest_first()), "")

    def new(self) -> list[Event]:
        """What was reported since the last call."""
        found: list[Event] = []
        for event in self._newest_first():
            if event.event_id == self._last:
                break
            found.append(event)
        if found:
            self._last = found[0].event_id
        return found[::-1]

    def _newest_first(self) -> Iterator[Event]:
        return newest_events(self._aws, self._stack_id)


def newest_events(aws: Aws, name_or_id: str) -> Iterator[Event]:
    try:
        for described in aws.pages("cloudformation", "describe_stack_events", "StackEvents", StackName=name_or_id):
            yield event_of(described)
    except AwsError as error:
        if not is_absence(error):
            raise


def first_cause(events: Sequence[Event]) -> Event | None:
    """The resource that started the trouble, of events in the order in which they happened."""
    return next((event for event in events if event.is_cause), None)


def causes(events: Sequence[Event]) -> tuple[Event | None, Event | None]:
    """What failed first, and what failed first while that was undone."""
    begun = next(
        (index for index, event in enumerate(events) if event.of_the_stack and "ROLLBACK_IN_PROGRESS" in event.status), len(events)
    )
    return first_cause(events[:begun]), first_cause(events[begun:])


def last_operation(aws: Aws, name_or_id: str) -> list[Event]:
    """The events of what was last done to the stack, oldest first."""
    found: list[Event] = []
    for event in newest_events(aws, name_or_id):
        found.append(event)
        if event.of_the_stack and _begins(event):
            break
    return found[::-1]


def _begins(event: Event) -> bool:
    """Whether it is where the story starts: a rollback, also one that somebody continued, belongs to what it undoes, and so does a clean-up."""
    return event.status.endswith("_IN_PROGRESS") and not any(word in event.status for word in ("CLEANUP", "REVIEW", "ROLLBACK"))
