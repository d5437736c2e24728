# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that have a route each: read all, find one by name, create, update, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .._core.compare import same
from .._core.errors import MailingError, Refusal
from .._core.plan import Plan, plan
from .._core.resource import Resource
from .._core.spec import Spec
from .session import Session
from .wish import Values, Wish

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
        rows = [row for row in self._rows(session) if all(row.get(key) == value for key, value in wanted.items())]
        return [self.complete(session, row) for row in rows]

    def plan(self, session: Session, wish: Wish) -> Plan:
        row = self._find(session, wish)
        current = None if row is None else self.complete(session, row)
        if wish.state == "absent":
            return plan(self.resource, None, current, name=wish.name or self._name(current))
        values = self.wanted(session, wish)
        if current is None:
            self._refuse_unknown_id(session, wish)
        else:
            self._refuse_taken_name(session, values, current)
        return plan(self.resource, values, current, name=wish.name or self._name(current), version=self._version(session, values, current))

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        return self.verify(session, wish, plan) if plan.changed else []

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        client = session.client
        session.forget(f"all {self.resource.plural}")
        if plan.action == "delete":
            client.delete(f"{self.path}/{_id(plan.before)}", expect=(bool, dict))
            return
        if plan.action == "create":
            row = client.post(self.path, self.body(session, plan), expect=dict)
        else:
            row = client.put(f"{self.path}/{_id(plan.before)}", self.body(session, plan), expect=dict)
        session.once(self._answered(plan), lambda: row)
        self.finish(session, wish, plan, row)
        session.forget(f"all {self.resource.plural}")

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        """The object as it is read back; one reading serves all objects of the kind that were written."""
        if not plan.changed or plan.after is None:
            return plan.after
        answer: Values = session.once(self._answered(plan), dict)
        stored = self._stored(session, answer)
        self._refuse_unkept(plan, stored)
        return stored

    def _answered(self, plan: Plan) -> str:
        identity = [(plan.after or {}).get(key) for key in self.resource.identity]
        return f"answer for {self.resource.kind} {identity}"

    def _stored(self, session: Session, answer: Values) -> Values:
        """The object as the server gives it out, not as it echoes a write."""
        for row in self._rows(session):
            if row["id"] == answer["id"]:
                return self.complete(session, row)
        raise MailingError(
            f"listmonk answered that it has stored {self.resource.kind} {answer.get(self._called)!r} (id {answer['id']}), but does not "
            f"list it. The user may lack the permission to read {self.resource.plural}."
        )

    def _rows(self, session: Session) -> list[Values]:
        rows: list[Values] = session.once(f"all {self.resource.plural}", lambda: self.read(session))
        return rows

    def _find(self, session: Session, wish: Wish) -> Values | None:
        rows = self._rows(session)
        handles = {key: wish.options[key] for key in ("id", "uuid") if wish.options.get(key) is not None}
        if handles:
            matches = [row for row in rows if all(row.get(key) == value for key, value in handles.items())]
        else:
            given = {key: wish.values[key] for key in self.resource.identity if wish.values.get(key) is not None}
            matches = [row for row in rows if all(same(self.resource.field(key), value, row.get(key)) for key, value in given.items())]
        if len(matches) > 1:
            raise Refusal(
                f"{len(matches)} {self.resource.plural} are called {wish.name!r}: {_described(self.resource, matches)}. Names are not "
                "unique in listmonk; say which one is meant with the option id, or rename or remove the others.",
                ids=[row["id"] for row in matches],
            )
        if matches and handles and wish.state == "absent" and matches[0].get(self._called) != wish.name:
            raise Refusal(
                f"{self.resource.kind} {_handle(handles)} is called {matches[0].get(self._called)!r}, not {wish.name!r}: it is not "
                "removed. Correct one of the two."
            )
        return matches[0] if matches else None

    def _refuse_unknown_id(self, session: Session, wish: Wish) -> None:
        handles = {key: wish.options[key] for key in ("id", "uuid") if wish.options.get(key) is not None}
        if handles:
            raise Refusal(
                f"there is no {self.resource.kind} with {_handle(handles)}, and the server chooses ids itself. To create {wish.name!r} "
                f"leave {' and '.join(handles)} out."
            )

    def _refuse_taken_name(self, session: Session, values: Values, current: Values) -> None:
        if all(values.get(key) in (None, current.get(key)) for key in self.resource.identity):
            return
        target = {key: values.get(key) if values.get(key) is not None else current.get(key) for key in self.resource.identity}
        for row in self._rows(session):
            if row["id"] != current["id"] and all(row.get(key) == value for key, value in target.items()):
                raise Refusal(
                    f"{self.resource.kind} {current[self._called]!r} (id {current['id']}) cannot be renamed to {target[self._called]!r}: "
                    f"id {row['id']} has that name already."
                )

    def _refuse_unkept(self, plan: Plan, stored: Values) -> None:
        """An eternal change is a lie: what the server did not keep is said."""
        for change in plan.changes:
            kept = stored.get(change.field.name)
            if not change.field.write_only and not same(change.field, change.after, kept):
                raise MailingError(
                    f"{plan.title}: listmonk accepted {change.field.option} but stored something else ({_short(kept)} instead of "
                    f"{_short(change.after)}). Give the value as it is stored."
                )

    def _version(self, session: Session, values: Values, current: Values | None) -> tuple[int, ...]:
        """The server's version where the wish depends on it, and otherwise no request."""
        bound = [each for each in self.resource if each.since or each.until]
        concerned = any(values.get(each.name) is not None or (current is None and each.default is not None) for each in bound)
        return session.client.version if concerned else ()

    @property
    def _called(self) -> str:
        return self.resource.identity[0]

    def _name(self, row: Values | None) -> str:
        return "" if row is None else str(row.get(self._called, ""))


def _id(row: Values | None) -> int:
    if row is None:
        raise AssertionError("only a row that is there is updated or deleted")
    return int(row["id"])


def _described(resource: Resource, rows: list[Values]) -> str:
    more = list(resource.identity[1:])
    return ", ".join(f"id {row['id']}" + "".join(f" ({key} {row.get(key)})" for key in more) for row in rows)


def _handle(handles: Values) -> str:
    return " and ".join(f"{key} {value}" for key, value in handles.items())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(text)} characters)"
