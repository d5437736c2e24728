# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many wishes, one plan: everything is planned before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import MailingError
from .._core.plan import Plan
from .._core.printable import printable
from .session import Session
from .wish import Values, Wish

# Imports inside functions are of what a task that changes nothing does not need: a module compiles all that it imports, on every run.


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
    if len(wishes) > 1:
        from .wanted_twice import refuse_twice

        refuse_twice(wishes)
    planned: list[tuple[Wish, Plan, list[str]]] = []
    for wish in wishes:
        with place_named(wish):
            if session.leaving:
                from .references import refuse_leaving

                refuse_leaving(session, wish)
            plan = wish.store.plan(session, wish)
            warnings = wish.store.check(session, wish, plan)
        if plan.action == "create":
            session.expect(plan.resource.kind, plan.name)
        if plan.action == "delete":
            session.expect_gone(plan.resource.kind, plan.name)
        planned.append((wish, plan, warnings))
    session.judge()
    if session.client.check_mode or not any(plan.changed for _wish, plan, _warnings in planned):
        return [Outcome(wish=wish, plan=plan, object=plan.after, warnings=warnings) for wish, plan, warnings in planned]
    from .fulfilment import fulfil

    return fulfil(session, planned)


def diff_of(outcomes: Iterable[Outcome]) -> list[dict[str, str]]:
    """Ansible's diff of several outcomes."""
    plans = [outcome.plan for outcome in outcomes if outcome.changed]
    if not plans:
        return []
    from .._core.diff import ansible_diff

    return ansible_diff(plans)


def object_of(outcome: Outcome) -> dict[str, Any] | None:
    """The object as a task returns it: what is there now, or what was there before it was removed."""
    gone = outcome.plan.after is None
    return printable(outcome.plan.resource, outcome.plan.before if gone else outcome.object)


@contextmanager
def place_named(wish: Wish) -> Iterator[None]:
    """Errors of the block say which entry of the configuration they are about."""
    try:
        yield
    except MailingError as error:
        if wish.where and not str(error).startswith(wish.where):
            error.args = (f"{wish.where}: {error}",)
        raise
