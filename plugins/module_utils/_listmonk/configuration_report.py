# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over a whole configuration tells: a line for each change, and counts for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .reconcile import Outcome
from .session import Session

PAST = {"create": "created", "update": "changed", "delete": "removed", "none": "as declared"}
FUTURE = {"create": "to create", "update": "to change", "delete": "to remove", "none": "as declared"}
ACTIONS = ("create", "update", "delete", "none")


def results(session: Session, outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """One entry for each declaration, with what its kind has to tell beyond, such as the receipt of an import."""
    found = []
    for outcome in outcomes:
        tell = getattr(outcome.wish.store, "facts", None)
        found.append({"declared_at": outcome.wish.where, **outcome.report(), "details": tell(session, outcome) if tell else {}})
    return found


def counts(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """How many objects of each kind were created, changed, removed, or already were as declared."""
    found: dict[str, dict[str, int]] = {}
    for outcome in outcomes:
        kind = found.setdefault(outcome.plan.resource.kind, dict.fromkeys(ACTIONS, 0))
        kind[outcome.plan.action] += 1
    return found


def lines(outcomes: Iterable[Outcome], *, check_mode: bool) -> list[str]:
    """For a person: what was, or would be, done to which object; then the counts."""
    outcomes = list(outcomes)
    words = FUTURE if check_mode else PAST
    told = [_line(outcome, words) for outcome in outcomes if outcome.changed]
    resources = {outcome.plan.resource.kind: outcome.plan.resource for outcome in outcomes}
    for kind, actions in counts(outcomes).items():
        if resources[kind].document:
            told += [f"{kind}: {words['none']}"] if actions["none"] else []
        else:
            told.append(
                f"{resources[kind].plural}: " + ", ".join(f"{number} {words[action]}" for action, number in actions.items() if number)
            )
    return told


def _line(outcome: Outcome, words: dict[str, str]) -> str:
    plan = outcome.plan
    tell = getattr(outcome.wish.store, "in_words", None)
    said = f"{plan.resource.kind if plan.resource.document else plan.title}: {words[plan.action]}"
    if tell:
        said += f" ({tell(outcome)})"
    elif plan.action == "update" and plan.changes:
        said += f" ({', '.join(change.field.option for change in plan.changes)})"
    return said
