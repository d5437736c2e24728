# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a kind of object is kept: what a store has to be able to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .._core.plan import Plan
    from .._core.resource import Resource
    from .._core.spec import Spec
    from .session import Session
    from .wish import Values, Wish


class Store(Protocol):
    """Where a kind of object is kept, and how it is read and written there.

    A store whose ``apply`` only stages says so with an attribute ``stages`` that is true; what was staged is written before the first
    wish of a store that does not.
    """

    @property
    def resource(self) -> Resource: ...

    @property
    def options(self) -> Spec:
        """Options of the module beyond the resource's fields."""

    def plan(self, session: Session, wish: Wish) -> Plan:
        """Read what is there and compare; raises ``Refusal`` for a wish that cannot be fulfilled."""

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        """What the server can verify without writing; returns warnings, raises ``Refusal``."""

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        """Do what the plan says, or stage it in the session until ``Session.commit``."""

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        """The object as the server has it now, after everything was applied; ``None`` where it is gone."""

    def read_all(self, session: Session) -> list[Values]:
        """Every object of the kind, complete, for ``_info``."""
