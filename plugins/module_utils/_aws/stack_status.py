# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each state of a stack means for a task."""

from __future__ import annotations

from enum import Enum


class Meaning(Enum):
    """What a task that wants the stack to be there does with it."""

    READY = "updates it"
    BUSY = "waits until it is done"
    BEING_DELETED = "waits until it is gone"
    EMPTY_SHELL = "creates it; somebody asked for a preview, and there is nothing in it"
    NEVER_CAME_UP = "removes what a failed first attempt left, if nothing was kept, and creates it again"
    HALF_CREATED = "goes on only with on_failure=do_nothing, as AWS demands"
    HALF_UPDATED = "goes on only with on_failure=do_nothing, as AWS demands, or is rolled back by hand"
    STUCK_ROLLBACK = "explains what failed, and what failed while it was undone"
    LEFTOVERS = "explains what could not be removed"
    GONE = "creates it"


MEANINGS = {
    "CREATE_IN_PROGRESS": Meaning.BUSY,
    "CREATE_FAILED": Meaning.HALF_CREATED,
    "CREATE_COMPLETE": Meaning.READY,
    "ROLLBACK_IN_PROGRESS": Meaning.BUSY,
    "ROLLBACK_FAILED": Meaning.LEFTOVERS,
    "ROLLBACK_COMPLETE": Meaning.NEVER_CAME_UP,
    "DELETE_IN_PROGRESS": Meaning.BEING_DELETED,
    "DELETE_FAILED": Meaning.LEFTOVERS,
    "DELETE_COMPLETE": Meaning.GONE,
    "UPDATE_IN_PROGRESS": Meaning.BUSY,
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Meaning.BUSY,
    "UPDATE_COMPLETE": Meaning.READY,
    "UPDATE_FAILED": Meaning.HALF_UPDATED,
    "UPDATE_ROLLBACK_IN_PROGRESS": Meaning.BUSY,
    "UPDATE_ROLLBACK_FAILED": Meaning.STUCK_ROLLBACK,
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Meaning.BUSY,
    "UPDATE_ROLLBACK_COMPLETE": Meaning.READY,
    "REVIEW_IN_PROGRESS": Meaning.EMPTY_SHELL,
    "IMPORT_IN_PROGRESS": Meaning.BUSY,
    "IMPORT_COMPLETE": Meaning.READY,
    "IMPORT_ROLLBACK_IN_PROGRESS": Meaning.BUSY,
    "IMPORT_ROLLBACK_FAILED": Meaning.STUCK_ROLLBACK,
    "IMPORT_ROLLBACK_COMPLETE": Meaning.READY,
}

AS_APPLIED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
"""States in which the last template that was given is the one in effect."""


def meaning_of(status: str) -> Meaning:
    """A state that AWS adds some day is waited for if it says that it passes, and is otherwise left to AWS to judge."""
    known = MEANINGS.get(status)
    if known is not None:
        return known
    return Meaning.BUSY if status.endswith("_IN_PROGRESS") else Meaning.READY
