# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many wishes, one plan: everything is planned before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import MailingError, Refusal
from .._core.plan import Plan
from .._core.printable import printable
from .session import Session
from .wish import Values, Wish


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became, or in check mode would become, of one wish."""

    wish: Wish
    plan: Plan
    object: Values | None
    warnings: Sequence[str] = field(default_factory=tuple)

    @property
    def changed(self) -> bool:
        return self.plan.changed

    def report(self) -> dict[str, Any]:
        """One line of a bulk result."""
        return {
            "kind": self.plan.resource.kind,
            "name": self.plan.name,
            "action": self.plan.action,
            "changed": self.changed,
            "changes": [change.field.option for change in self.plan.changes],
        }


def reconcile(session: Session, wishes: Sequence[Wish]) -> list[Outcome]:
    """Plan every wish, then fulfil them in order; in check mode the plan is all.

    Raises ``MailingError``; if part of the wishes was already fulfilled then, ``facts["results"]`` says which.
    """
    _refuse_twice(wishes)
    planned: list[tuple[Wish, Plan, list[str]]] = []
    for wish in wishes:
        with _place_named(wish):
            plan = wish.store.plan(session, wish)
            warnings = wish.store.check(session, wish, plan)
        if plan.action == "create":
            session.expect(plan.resource.kind, plan.name)
        if plan.action == "delete":
            session.expect_gone(plan.resource.kind, plan.name)
        planned.append((wish, plan, warnings))
    session.judge()
    if session.client.check_mode:
        return [Outcome(wish=wish, plan=plan, object=plan.after, warnings=warnings) for wish, plan, warnings in planned]
    done: list[Outcome] = []
    with _done_named(done):
        _apply(session, planned, done)
        return [
            Outcome(wish=wish, plan=plan, object=_read_back(session, wish, plan), warnings=warnings) for wish, plan, warnings in planned
        ]


def diff_of(outcomes: Iterable[Outcome]) -> list[dict[str, str]]:
    """Ansible's diff of several outcomes."""
    plans = [outcome.plan for outcome in outcomes if outcome.changed]
    if not plans:
        return []
    # Imported here because the task that changes nothing is the usual one, and it pays for every line that it loads.
    from .._core.diff import ansible_diff

    return ansible_diff(plans)


def object_of(outcome: Outcome) -> dict[str, Any] | None:
    """The object as a task returns it: what is there now, or what was there before it was removed."""
    gone = outcome.plan.after is None
    return printable(outcome.plan.resource, outcome.plan.before if gone else outcome.object)


def _apply(session: Session, planned: Sequence[tuple[Wish, Plan, list[str]]], done: list[Outcome]) -> None:
    """Fulfil the wishes in order. What is staged is written before anything that follows it, which may depend on it."""
    staged: list[Outcome] = []
    for wish, plan, _warnings in planned:
        if not plan.changed:
            continue
        staging = getattr(wish.store, "stages", False)
        if not staging:
            _commit(session, staged, done)
        session.progress(f"{plan.title}: {plan.action}")
        with _place_named(wish):
            wish.store.apply(session, wish, plan)
        (staged if staging else done).append(Outcome(wish=wish, plan=plan, object=None))
    _commit(session, staged, done)


def _commit(session: Session, staged: list[Outcome], done: list[Outcome]) -> None:
    session.commit()
    done += staged
    staged.clear()


def _read_back(session: Session, wish: Wish, plan: Plan) -> Values | None:
    with _place_named(wish):
        return wish.store.result(session, wish, plan)


@contextmanager
def _done_named(done: list[Outcome]) -> Iterator[None]:
    """Errors of the block say what had been done before."""
    try:
        yield
    except MailingError as error:
        error.facts = {**error.facts, "results": [outcome.report() for outcome in done]}
        raise


def _refuse_twice(wishes: Sequence[Wish]) -> None:
    seen: dict[tuple[str, ...], Wish] = {}
    for wish in wishes:
        resource = wish.store.resource
        key = (resource.kind, *(str(resource.field(name).normalised(wish.values.get(name))) for name in resource.identity))
        if wish.name and key in seen:
            raise Refusal(
                f"{wish.where}: {resource.kind} {wish.name!r} is wanted a second time; {seen[key].where} already says what it should be. "
                "Keep one of them."
            )
        seen[key] = wish


@contextmanager
def _place_named(wish: Wish) -> Iterator[None]:
    """Errors of the block say which entry of the configuration they are about."""
    try:
        yield
    except MailingError as error:
        if wish.where and not str(error).startswith(wish.where):
            error.args = (f"{wish.where}: {error}",)
        raise
