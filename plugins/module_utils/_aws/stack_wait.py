# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for AWS to be done with a stack: with an end, and with a line of progress."""

from __future__ import annotations

from collections.abc import Callable

from .connection import Aws
from .deadline import Deadline
from .stack import Stack, read_stack
from .stack_events import Event, EventReader
from .stack_failure import hung
from .stack_progress import StackProgress
from .stack_status import Meaning, meaning_of

_PASSING = {Meaning.BUSY, Meaning.BEING_DELETED}
FIRST_LOOK, LONGEST_PAUSE = 0.25, 5.0


def settled(aws: Aws, name: str, deadline: Deadline, progress: Callable[[str], None]) -> Stack | None:
    """The stack once nobody works on it; None if there is none. Nothing is written meanwhile."""
    stack: Stack | None = None
    for seconds in deadline.looks(FIRST_LOOK, LONGEST_PAUSE):
        stack = read_stack(aws, name)
        if stack is None or meaning_of(stack.status) is Meaning.GONE:
            return None
        if meaning_of(stack.status) not in _PASSING:
            return stack
        progress(f"{name} {stack.status}: waiting for what somebody else began ({seconds:.0f} s)")
    raise hung(stack, name, "somebody else's operation was waited for", deadline.seconds)


def finished(
    aws: Aws, stack: Stack, reader: EventReader, deadline: Deadline, progress: Callable[[str], None], shown: StackProgress
) -> tuple[Stack, list[Event]]:
    """The stack after the operation that was just begun, with all its events.

    AWS takes a moment to show that it has begun, so the stack's own event counts as its end, not the state alone.
    """
    events: list[Event] = []
    now: Stack | None = stack
    for _seconds in deadline.looks(FIRST_LOOK, LONGEST_PAUSE):
        found = reader.new()
        shown.note(found)
        events += found
        now = read_stack(aws, stack.handle)
        if now is None:
            return Stack(stack.stack_id, stack.name, "DELETE_COMPLETE", region=stack.region), events
        if _is_over(now, events):
            return now, events
        progress(shown.line(now.status))
    raise hung(now, stack.name, "AWS worked on it", deadline.seconds, shown.working_on)


def _is_over(stack: Stack, events: list[Event]) -> bool:
    if meaning_of(stack.status) in {*_PASSING, Meaning.EMPTY_SHELL}:
        return False
    if meaning_of(stack.status) is Meaning.GONE:
        return True
    own = [event for event in events if event.of_the_stack]
    return bool(own) and own[-1].status == stack.status
