# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoing a failed create or update."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .account import Account
from .errors import ResourceFailed
from .handling import attempt, handle_of, settle
from .removal import remove_all
from .stack import Resource, Stack


@dataclass(frozen=True)
class Made:
    resource: Resource


@dataclass(frozen=True)
class Replaced:
    resource: Resource
    old: Resource


@dataclass(frozen=True)
class Updated:
    """``before`` is a copy of the resource as it was; ``attempted`` are the properties that it was to have."""

    resource: Resource
    before: Resource
    attempted: dict[str, Any]


Note = Made | Replaced | Updated


def policy_of_made(resource: Resource, *, keep: bool) -> str:
    """What becomes of a resource when the operation that made it is undone."""
    if not keep or resource.deletion_policy == "RetainExceptOnCreate":
        return "Delete"
    return resource.deletion_policy


def roll_back_creation(account: Account, stack: Stack, reason: str | None, *, keep: bool) -> bool:
    """Remove all that a failed create made, but what a policy keeps (``keep``: also Retain). Says whether it worked."""
    if stack.status != "ROLLBACK_IN_PROGRESS":
        stack.say("ROLLBACK_IN_PROGRESS", reason)

    def policy(resource: Resource) -> str:
        return policy_of_made(resource, keep=keep)

    def done(resource: Resource) -> None:
        stack.past_resources.append(resource)
        stack.resources.pop(resource.logical_id, None)

    failed = remove_all(account, stack, list(stack.resources.values()), policy, "delete", done)
    if failed:
        stack.say("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
        return False
    stack.say("ROLLBACK_COMPLETE")
    return True


def roll_back_update(account: Account, stack: Stack, notes: list[Note], reason: str | None, skip: frozenset[str], *, keep: bool) -> bool:
    """Put everything back, newest first, then remove what was made. What cannot be put back stays in ``notes``."""
    if stack.status != "UPDATE_ROLLBACK_IN_PROGRESS":
        stack.say("UPDATE_ROLLBACK_IN_PROGRESS", reason)
    failed = []
    for note in [note for note in reversed(notes) if isinstance(note, Updated)]:
        try:
            if note.resource.logical_id in skip:
                stack.say_of(note.resource, "UPDATE_COMPLETE", "Resource skipped during rollback")
                _become(note.resource, note.before)
            else:
                _put_back(account, stack, note)
        except ResourceFailed as error:
            stack.say_of(note.resource, "UPDATE_FAILED", str(error))
            failed.append(note.resource.logical_id)
        else:
            notes.remove(note)
    if failed:
        stack.say("UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(sorted(failed))}].")
        return False
    added = {id(note.resource) for note in notes if isinstance(note, Made)}
    for resource in stack.resources.values():  # refused before anything was called: there was nothing to undo
        if resource.status == "UPDATE_FAILED":
            resource.status, resource.reason = "UPDATE_COMPLETE", None
    made = _take_out(stack, notes)
    if made:
        stack.say("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")

        def policy(resource: Resource) -> str:
            return policy_of_made(resource, keep=keep) if id(resource) in added else "Delete"

        # What could not be deleted is let go of: CloudFormation ends the rollback all the same.
        remove_all(account, stack, made, policy, "rollback", lambda _resource: None)
    notes.clear()
    stack.say("UPDATE_ROLLBACK_COMPLETE")
    return True


def _put_back(account: Account, stack: Stack, note: Updated) -> None:
    resource, before = note.resource, note.before
    if note.attempted == before.properties:
        _become(resource, before)
        return
    kind = account.kinds[resource.type]
    stack.say_of(resource, "UPDATE_IN_PROGRESS")
    account.faults.strike(stack.name, resource.logical_id, "rollback", account.pause)
    with account.calling():
        handle = handle_of(account, stack, resource, before.properties, note.attempted)
        attempt(lambda: kind.change(handle), handle, kind)
    settle(account, handle, kind, kind.settled, cancelled=lambda: False)
    _become(resource, before)
    resource.attributes = handle.attributes
    stack.say_of(resource, "UPDATE_COMPLETE")


def _become(resource: Resource, before: Resource) -> None:
    old = copy.copy(before)
    resource.properties, resource.attributes, resource.needs = old.properties, old.attributes, old.needs
    resource.deletion_policy, resource.update_replace_policy = old.deletion_policy, old.update_replace_policy
    resource.metadata = old.metadata


def _take_out(stack: Stack, notes: Sequence[Note]) -> list[Resource]:
    """The resources that the update made: no longer the stack's, old ones are again in their place."""
    made = []
    for note in notes:
        if isinstance(note, Made):
            stack.resources.pop(note.resource.logical_id, None)
            made.append(note.resource)
        elif isinstance(note, Replaced):
            stack.resources[note.resource.logical_id] = note.old
            made.append(note.resource)
    # A failed one that never got an id has no note.
    for name in [name for name, resource in stack.resources.items() if not resource.physical_id]:
        made.append(stack.resources.pop(name))
    return made
