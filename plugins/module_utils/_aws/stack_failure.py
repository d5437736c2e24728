# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences for a stack that did not become what it should; each leads with the resource and the reason that started it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._core.errors import MailingError
from .stack import Stack, StackResource
from .stack_events import Event, causes, first_cause

_REGION_OF_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d):")
_DOES = {
    "CREATE": "could not be created",
    "UPDATE": "could not be updated",
    "DELETE": "could not be removed",
    "IMPORT": "could not be imported",
}

_NEXT = {
    "ROLLBACK_COMPLETE": "Everything that it had made was removed again. Mend the cause and run the same task again; it removes the empty stack itself.",
    "UPDATE_ROLLBACK_COMPLETE": "The stack is as it was before. Mend the cause and run the same task again.",
    "CREATE_FAILED": "What was made stays, as on_failure=do_nothing demands. Mend the cause and run the same task again, or remove it with state=absent.",
    "UPDATE_FAILED": "What was changed stays, as on_failure=do_nothing demands. Mend the cause and run the same task again.",
    "DELETE_COMPLETE": "Everything that it had made was removed again, the stack as well. Mend the cause and run the same task again.",
    "DELETE_FAILED": "Mend the cause and run the same task again; AWS then goes on where it stopped.",
    "ROLLBACK_FAILED": "Not everything could be removed again. Mend that, remove the stack with state=absent, and run the same task again.",
}


class StackFailed(MailingError):
    """AWS worked on the stack and did not succeed, or the stack is in a state in which nothing can be done."""


def failed(stack: Stack, events: Sequence[Event]) -> StackFailed:
    """The failure of an operation that has come to its end, with the events that it had, oldest first."""
    if stack.status in {"UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"}:
        return stuck_in_rollback(stack, events)
    cause = first_cause(events)
    opening = sentence_for(cause, stack) if cause else f"Stack {stack.name} failed: {stack.status_reason or 'AWS gives no reason'}."
    after = f" Stack {stack.name} is now {stack.status}. {_NEXT.get(stack.status, '')}".rstrip()
    return StackFailed(opening + after, **_facts(stack, events))


def stuck_in_rollback(stack: Stack, events: Sequence[Event]) -> StackFailed:
    """UPDATE_ROLLBACK_FAILED: what failed, what failed while it was undone, and who has to decide."""
    first, second = causes(events)
    opening = sentence_for(first, stack) if first else "Why the last update failed is no longer in AWS's records."
    undone = (
        f" While that was undone, {sentence_for(second, stack)}" if second else " What failed while it was undone is not in AWS's records."
    )
    skipped = f" (--resources-to-skip {second.logical_id} leaves that resource as it is)" if second else ""
    return StackFailed(
        f"{opening}{undone} Stack {stack.name} is {stack.status}, and what of it still works only you can judge, so nothing was done. Mend the second "
        f"cause, then let AWS finish: aws cloudformation continue-update-rollback --stack-name {stack.name}{skipped}. After that run the same task "
        "again.",
        **_facts(stack, events),
    )


def half_done(stack: Stack, events: Sequence[Event]) -> StackFailed:
    """CREATE_FAILED or UPDATE_FAILED: an earlier run was told to leave everything as it was."""
    cause = first_cause(events)
    opening = f"{sentence_for(cause, stack)} " if cause else ""
    back = (
        "remove it with state=absent"
        if stack.status == "CREATE_FAILED"
        else f"roll it back (aws cloudformation rollback-stack --stack-name {stack.name})"
    )
    return StackFailed(
        f"{opening}Stack {stack.name} is {stack.status}: an earlier run left it half done, with on_failure=do_nothing. AWS goes on from there only in "
        f"the same way: set on_failure=do_nothing, or {back}. Nothing was done.",
        **_facts(stack, events),
    )


def leftovers(stack: Stack, events: Sequence[Event], remaining: Sequence[StackResource]) -> StackFailed:
    """ROLLBACK_FAILED or DELETE_FAILED: removing was begun, and something could not be removed."""
    _before, undoing = causes(events)
    cause = undoing or first_cause(events)
    opening = f"{sentence_for(cause, stack)} " if cause else ""
    return StackFailed(
        f"{opening}Stack {stack.name} is {stack.status}: its removal was begun, and {listed(remaining) or 'something'} could not be removed. Such a "
        "stack can only be removed. Mend the cause, run the task with state=absent, and then this one again. Nothing was done.",
        **_facts(stack, events),
    )


def something_was_kept(stack: Stack, kept: Sequence[StackResource]) -> StackFailed:
    """ROLLBACK_COMPLETE with resources that a deletion policy kept."""
    first = kept[0]
    return StackFailed(
        f"{listed(kept)} was kept when the first attempt to create stack {stack.name} was rolled back, and may hold data, so nothing is removed. There "
        f"are two ways on. To keep it, remove the empty stack by hand (aws cloudformation delete-stack --stack-name {stack.name}; AWS leaves the kept "
        f"resources alone) and import {first.logical_id} into a new stack of that name (aws cloudformation create-change-set --change-set-type IMPORT). "
        f"If nothing in it is needed, remove {first.physical_id or first.logical_id} by hand, confirm that by removing the empty stack as well, and run the "
        "same task again.",
        stack_status=stack.status,
        kept=[resource.facts() for resource in kept],
    )


def hung(stack: Stack | None, name: str, what: str, seconds: float, working_on: Sequence[str] = ()) -> StackFailed:
    """A wait came to its end before AWS did."""
    state = stack.status if stack else "unknown"
    on = f", working on {', '.join(working_on)}" if working_on else ""
    return StackFailed(
        f"Stack {name} hung in {state} for as long as the task may take ({seconds:.0f} seconds){on}, while {what}. AWS goes on with it. Run the task "
        "again later, or give it a longer timeout.",
        stack_status=state,
    )


def sentence_for(event: Event, stack: Stack) -> str:
    """One resource, what could not be done with it, why, and what is often behind it."""
    done = _DOES.get(event.status.split("_", 1)[0], f"is {event.status}")
    reason = event.reason.strip().rstrip(".") or "AWS gives no reason"
    return f"{event.logical_id} ({event.type}) {done}: {reason}.{_hint(reason, stack.region)}"


def listed(resources: Sequence[StackResource]) -> str:
    return ", ".join(f"{each.logical_id} ({each.type}{f', {each.physical_id}' if each.physical_id else ''})" for each in resources)


def _hint(reason: str, region: str) -> str:
    elsewhere = sorted({found for found in _REGION_OF_ARN.findall(reason) if region and found != region})
    if elsewhere:
        return f" It is of the region {', '.join(elsewhere)}, and the stack is in {region}."
    if "service linked role" in reason.lower() or "service-linked role" in reason.lower():
        return " A new account makes that role at the first try; the second one usually works."
    if re.search(r"already (exists|owned)", reason, re.IGNORECASE):
        return " Perhaps an earlier stack of that name kept it when it was removed."
    return ""


def _facts(stack: Stack, events: Sequence[Event]) -> dict[str, object]:
    return {
        "stack_status": stack.status,
        "failed_resources": [event.facts() for event in events if event.is_cause],
    }
