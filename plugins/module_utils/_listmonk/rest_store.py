# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that have a route each: read all, find one by name, create, update, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .._core.compare import same
from .._core.plan import Plan, plan
from .._core.resource import Resource
from .._core.spec import Spec
from .session import Session
from .wish import Values, Wish

# Imports inside functions are of what a task that changes nothing does not need: a module compiles all that it imports, on every run.

ID_OPTIONS: Spec = {"id": {"type": "int"}}
UUID_OPTIONS: Spec = {**ID_OPTIONS, "uuid": {"type": "str"}}


def _complete(_session: Session, row: Values) -> Values:
    return row


def _nothing_to_check(_session: Session, _wish: Wish, _plan: Plan) -> list[str]:
    return []


def _as_given(_session: Session, wish: Wish) -> Values:
    return wish.values


def _no_more(_session: Session, _wish: Wish, _plan: Plan, _row: Values) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class RestStore:
    """A kind of object under a path of its own.

    The hooks hold what is peculiar to a kind; each has a harmless default.
    """

    resource: Resource
    path: str
    read: Callable[[Session], list[Values]]
    """Every object; long attributes may be missing when ``complete`` adds them."""
    body: Callable[[Session, Plan], Values]
    """What POST and PUT are sent: the whole object, since PUT replaces some attributes that are missing."""
    options: Spec = field(default_factory=dict)
    complete: Callable[[Session, Values], Values] = _complete
    wanted: Callable[[Session, Wish], Values] = _as_given
    """The values that the wish comes down to, before it is compared."""
    verify: Callable[[Session, Wish, Plan], list[str]] = _nothing_to_check
    finish: Callable[[Session, Wish, Plan, Values], None] = _no_more
    """Further writes once the object itself is right."""

    def read_all(self, session: Session) -> list[Values]:
        return self.select(session, {})

    def select(self, session: Session, wanted: Values) -> list[Values]:
        """The complete objects whose fields have these values."""
        rows = [row for row in self.rows(session) if all(row.get(key) == value for key, value in wanted.items())]
        return [self.complete(session, row) for row in rows]

    def plan(self, session: Session, wish: Wish) -> Plan:
        row = self._find(session, wish)
        current = None if row is None else self.complete(session, row)
        name = wish.name or self._name(current)
        if wish.state == "absent":
            return plan(self.resource, None, current, name=name)
        values = self.wanted(session, wish)
        if current is None and _handles(wish):
            from .rest_refusals import unknown_handle

            raise unknown_handle(self.resource, wish.name, _handles(wish))
        if current is not None and any(values.get(key) not in (None, current.get(key)) for key in self.resource.identity):
            from .rest_refusals import refuse_taken_name

            refuse_taken_name(self.resource, self.rows(session), values, current)
        return plan(self.resource, values, current, name=name, version=self._version(session, values, current))

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        return self.verify(session, wish, plan) if plan.changed else []

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        from .rest_writes import write

        write(self, session, wish, plan)

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        """The object as it is read back; one reading serves all objects of the kind that were written."""
        if not plan.changed or plan.after is None:
            return plan.after
        from .rest_writes import read_back

        return read_back(self, session, plan)

    def rows(self, session: Session) -> list[Values]:
        """Every object as ``read`` gives it, read once."""
        rows: list[Values] = session.once(f"all {self.resource.plural}", lambda: self.read(session))
        return rows

    def _find(self, session: Session, wish: Wish) -> Values | None:
        rows = self.rows(session)
        handles = _handles(wish)
        if handles:
            matches = [row for row in rows if all(row.get(key) == value for key, value in handles.items())]
        else:
            given = {key: wish.values[key] for key in self.resource.identity if wish.values.get(key) is not None}
            matches = [row for row in rows if all(same(self.resource.field(key), value, row.get(key)) for key, value in given.items())]
        if len(matches) > 1:
            from .rest_refusals import ambiguous

            raise ambiguous(self.resource, wish.name, matches)
        if matches and handles and wish.state == "absent" and self._name(matches[0]) != wish.name:
            from .rest_refusals import called_otherwise

            raise called_otherwise(self.resource, wish.name, handles, matches[0])
        return matches[0] if matches else None

    def _version(self, session: Session, values: Values, current: Values | None) -> tuple[int, ...]:
        """The server's version where the wish depends on it, and otherwise no request."""
        bound = [each for each in self.resource if each.since or each.until]
        concerned = any(values.get(each.name) is not None or (current is None and each.default is not None) for each in bound)
        return session.client.version if concerned else ()

    def _name(self, row: Values | None) -> str:
        return "" if row is None else str(row.get(self.resource.identity[0], ""))


def _handles(wish: Wish) -> Values:
    """By what the wish names one object of several that are called the same."""
    return {key: wish.options[key] for key in ("id", "uuid") if wish.options.get(key) is not None}
