# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wishes fulfilled: what was planned is done in order, then read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .._core.errors import MailingError
from .._core.plan import Plan
from .reconcile import Outcome, place_named
from .session import Session
from .wish import Values, Wish


def fulfil(session: Session, planned: Sequence[tuple[Wish, Plan, list[str]]]) -> list[Outcome]:
    """Do what was planned. Raises ``MailingError`` with ``facts["results"]``: what had been done by then."""
    done: list[Outcome] = []
    with _done_named(done):
        _apply(session, planned, done)
        return [
            Outcome(wish=wish, plan=plan, object=_read_back(session, wish, plan), warnings=warnings) for wish, plan, warnings in planned
        ]


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
        with place_named(wish):
            wish.store.apply(session, wish, plan)
        (staged if staging else done).append(Outcome(wish=wish, plan=plan, object=None))
    _commit(session, staged, done)


def _commit(session: Session, staged: list[Outcome], done: list[Outcome]) -> None:
    session.commit()
    done += staged
    staged.clear()


def _read_back(session: Session, wish: Wish, plan: Plan) -> Values | None:
    with place_named(wish):
        return wish.store.result(session, wish, plan)


@contextmanager
def _done_named(done: list[Outcome]) -> Iterator[None]:
    """Errors of the block say what had been done before."""
    try:
        yield
    except MailingError as error:
        error.facts = {**error.facts, "results": [outcome.report() for outcome in done]}
        raise
