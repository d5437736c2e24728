# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over a whole configuration tells: a line for each change, and counts for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._core.resource import Resource
from .reconcile import Outcome
from .session import Session

PAST = {"create": "created", "update": "changed", "delete": "removed", "none": "as declared"}
FUTURE = {"create": "to create", "update": "to change", "delete": "to remove", "none": "as declared"}
NAMED = 10
"""Objects that a line names before it counts the others."""
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
    """For a person: kind after kind, what was or would be done to which object, and how much is as declared already."""
    words = FUTURE if check_mode else PAST
    by_kind: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_kind.setdefault(outcome.plan.resource.kind, []).append(outcome)
    return [line for group in by_kind.values() for line in _about(group, words)]


def _about(group: list[Outcome], words: Mapping[str, str]) -> Iterator[str]:
    resource = group[0].plan.resource
    for action in ("create", "delete"):
        names = [outcome.plan.name for outcome in group if outcome.plan.action == action]
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield f"{_counted(len(names), resource)} {words[action]} ({', '.join(names[:NAMED])}{more})"
    for outcome in group:
        if outcome.plan.action == "update":
            yield _update(outcome, words["update"])
    unchanged = sum(outcome.plan.action == "none" for outcome in group)
    if unchanged:
        yield f"{_counted(unchanged, resource)} {words['none']}"


def _counted(number: int, resource: Resource) -> str:
    if resource.document:
        return resource.kind
    return f"{number} {resource.kind if number == 1 else resource.plural}"


def _update(outcome: Outcome, word: str) -> str:
    plan = outcome.plan
    tell = getattr(outcome.wish.store, "in_words", None)
    what = tell(outcome) if tell else ", ".join(change.field.option for change in plan.changes)
    return f"{plan.resource.kind if plan.resource.document else plan.title} {word} ({what})"
