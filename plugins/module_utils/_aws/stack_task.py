# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task on one stack: what it works with, and what it has to say at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .connection import Aws
from .deadline import Deadline
from .stack import Stack, StackResource
from .stack_changes import Change, Heading, ansible_diff
from .stack_wish import StackWish


@dataclass(frozen=True)
class StackTask:
    aws: Aws
    wish: StackWish
    deadline: Deadline
    progress: Callable[[str], None]
    warnings: list[str] = field(default_factory=list)

    @property
    def check_mode(self) -> bool:
        return self.aws.check_mode


@dataclass
class Outcome:
    """What became, or in check mode would become, of the stack. action: none, create, update, recreate or delete."""

    action: str
    stack: Stack | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    changes: Sequence[Change] = ()
    kept: Sequence[StackResource] = ()
    drift: Sequence[Mapping[str, Any]] = ()
    heading: Heading = field(default_factory=Heading)
    note: str = ""

    @property
    def changed(self) -> bool:
        return self.action != "none"


def result_of(task: StackTask, outcome: Outcome) -> dict[str, Any]:
    """The result as the task returns it."""
    stack = outcome.stack
    changes = sorted(outcome.changes, key=lambda change: change.logical_id)
    result: dict[str, Any] = {
        "changed": outcome.changed,
        "action": outcome.action,
        "stack_name": task.wish.name,
        "stack_id": stack.stack_id if stack else None,
        "stack_status": stack.status if stack else None,
        "outputs": dict(outcome.outputs),
        "changes": [change.facts() for change in changes],
        "kept": [resource.facts() for resource in outcome.kept],
        "summary": _summary(task, outcome),
        "warnings": list(task.warnings),
        "diff": ansible_diff(f"stack {task.wish.name}", changes, outcome.heading) if outcome.changed else {"before": "", "after": ""},
    }
    if task.wish.drift != "ignore":
        result["drift"] = [dict(each) for each in outcome.drift]
    return result


_DONE = {"none": "as declared", "create": "created", "update": "updated", "recreate": "removed and created again", "delete": "removed"}


def _summary(task: StackTask, outcome: Outcome) -> str:
    done = _DONE[outcome.action]
    if outcome.changed and task.check_mode:
        only_possible = outcome.changes and all(change.possible for change in outcome.changes)
        done = f"possibly {done}" if only_possible else f"would be {done}"
    leaving = {each.logical_id: each.policy for each in outcome.changes if each.action == "remove"}
    kept = {resource.logical_id for resource in outcome.kept} | {name for name, policy in leaving.items() if policy == "retain"}
    counts = ", ".join(
        f"{number} {words}"
        for words, number in (
            ("added", sum(each.action in {"add", "import"} for each in outcome.changes)),
            ("changed", sum(each.action not in {"add", "import", "remove"} and each.replacement != "always" for each in outcome.changes)),
            ("replaced", sum(each.replacement == "always" for each in outcome.changes)),
            ("removed", len(leaving.keys() - kept)),
            ("kept", len(kept)),
        )
        if number
    )
    parts = [f"stack {task.wish.name} {done}", counts, outcome.note]
    return ": ".join(filter(None, [parts[0], ", ".join(filter(None, parts[1:]))]))
