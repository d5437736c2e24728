# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent so that an object becomes what it should be, and whether it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.compare import same
from .._core.errors import MailingError
from .._core.plan import Plan
from .session import Session
from .wish import Values, Wish

if TYPE_CHECKING:
    from .rest_store import RestStore


def write(store: RestStore, session: Session, wish: Wish, plan: Plan) -> None:
    """Create, update or delete the object; what was read of its kind is forgotten."""
    client, all_of_them = session.client, f"all {store.resource.plural}"
    session.forget(all_of_them)
    if plan.action == "delete":
        client.delete(f"{store.path}/{_id(plan.before)}", expect=(bool, dict))
        return
    if plan.action == "create":
        row = client.post(store.path, store.body(session, plan), expect=dict)
    else:
        row = client.put(f"{store.path}/{_id(plan.before)}", store.body(session, plan), expect=dict)
    session.once(_answered(plan), lambda: row)
    store.finish(session, wish, plan, row)
    session.forget(all_of_them)


def read_back(store: RestStore, session: Session, plan: Plan) -> Values:
    """The object as it was stored. Raises ``MailingError`` if it is not there, or not as it was sent."""
    answer: Values = session.once(_answered(plan), dict)
    stored = _stored(store, session, answer)
    _refuse_unkept(plan, stored)
    return stored


def _answered(plan: Plan) -> str:
    identity = [(plan.after or {}).get(key) for key in plan.resource.identity]
    return f"answer for {plan.resource.kind} {identity}"


def _stored(store: RestStore, session: Session, answer: Values) -> Values:
    """The object as the server gives it out, not as it echoes a write."""
    for row in store.rows(session):
        if row["id"] == answer["id"]:
            return store.complete(session, row)
    resource = store.resource
    raise MailingError(
        f"listmonk answered that it has stored {resource.kind} {answer.get(resource.identity[0])!r} (id {answer['id']}), but does not "
        f"list it. The user may lack the permission to read {resource.plural}."
    )


def _refuse_unkept(plan: Plan, stored: Values) -> None:
    """An eternal change is a lie: what the server did not keep is said."""
    for change in plan.changes:
        kept = stored.get(change.field.name)
        if not change.field.write_only and not same(change.field, change.after, kept):
            raise MailingError(
                f"{plan.title}: listmonk accepted {change.field.option} but stored something else ({_short(kept)} instead of "
                f"{_short(change.after)}). Give the value as it is stored."
            )


def _id(row: Values | None) -> int:
    if row is None:
        raise AssertionError("only a row that is there is updated or deleted")
    return int(row["id"])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(text)} characters)"
