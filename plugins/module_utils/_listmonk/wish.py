# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object as somebody wants it, and the store that can see to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .._core.plan import Plan
from .._core.resource import Resource
from .._core.spec import Spec, values_of

if TYPE_CHECKING:
    from .session import Session

Values = Mapping[str, Any]


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


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a task, or an entry of a configuration, asks for."""

    store: Store
    state: Literal["present", "absent"] = "present"
    values: Values = field(default_factory=dict)
    """Fields by name; only those that were given."""
    options: Values = field(default_factory=dict)
    """What else was said: ``id``, ``update_password``, …"""
    where: str = ""
    """Place in the configuration, such as ``lists[3]``; empty for a task of its own."""

    @property
    def name(self) -> str:
        return "".join(str(self.values.get(key, "")) for key in self.store.resource.identity[:1])


def wish_of(store: Store, options: Mapping[str, Any], where: str = "") -> Wish:
    """What the options of a task, or of an entry of a configuration, ask for."""
    names = {field.option for field in store.resource.writable}
    return Wish(
        store=store,
        state=options.get("state") or "present",
        values=values_of(store.resource, dict(options)),
        options={key: value for key, value in options.items() if key not in names},
        where=where,
    )
