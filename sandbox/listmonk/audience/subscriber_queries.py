# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding subscribers by lists, by a regular expression, or by any SQL condition.

The condition is the caller's own SQL. It stands where listmonk has it, last and without parentheses, because that decides what an
OR in it means and which word a syntax error names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from ..database import Cursor, error_text

ORDER_COLUMNS = ("email", "status", "name", "created_at", "updated_at")
ALLOWED_TABLES = frozenset(
    {"subscribers", "lists", "subscriber_lists", "campaigns", "campaign_lists", "campaign_views", "links", "link_clicks", "bounces"}
)


class Unusable(Exception):
    """A condition that PostgreSQL or the list of tables refuses; str(e) says why."""


@dataclass(frozen=True)
class Search:
    expression: str = ""  # a regular expression over name and e-mail
    condition: str = ""  # SQL
    lists: Sequence[int] = ()
    subscription_status: str = ""  # counts only together with lists

    def source(self, match: Literal["any", "all"], more: str = "") -> tuple[str, dict[str, object]]:
        """FROM and WHERE with named parameters.

        "any" takes a subscriber once per matching list. "all" is what listmonk's exports and bulk calls do: one list id works,
        two different ones match nothing.
        """
        joined = "FALSE"
        if self.lists:
            joined = "subscriber_lists.subscriber_id = subscribers.id"
            if self.subscription_status:
                joined += " AND subscriber_lists.status = %(subscription_status)s::subscription_status"
        conditions = [more] if more else []
        if self.lists:
            conditions.append(f"subscriber_lists.list_id = {match.upper()}(%(lists)s::int[])")
        if self.expression:
            conditions.append("(name ~* %(expression)s OR email ~* %(expression)s)")
        conditions.append(self.condition.replace("%", "%%") or "TRUE")
        statement = f"FROM subscribers LEFT JOIN subscriber_lists ON ({joined}) WHERE {' AND '.join(conditions)}"
        return statement, {
            "lists": [str(id) for id in self.lists],
            "subscription_status": self.subscription_status,
            "expression": self.expression,
        }


def without_semicolon(condition: str) -> str:
    return condition.strip().removesuffix(";")


def page(cur: Cursor, search: Search, order: str, offset: int, limit: str | None) -> tuple[list[dict[str, Any]] | None, int]:
    """Rows of one page and the total; past the last page there are no rows but None. Raises Unusable, psycopg.Error."""
    cur.execute("SET TRANSACTION READ ONLY")
    source, values = search.source("any")
    statement = f"SELECT subscribers.* {source} ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s::int"
    values |= {"offset": offset, "limit": limit}
    check(cur, statement, values)
    counted = cur.execute(f"SELECT count(*) AS total {source}", values).fetchone()
    if counted is None or not counted["total"]:
        return [], 0
    return cur.execute(statement, values).fetchall() or None, counted["total"]


def check(cur: Cursor, statement: str, values: dict[str, object]) -> None:
    """Refuse what does not run, and what reads other tables than the audience's."""
    try:
        plan = cur.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchone()
    except psycopg.Error as error:
        raise Unusable(error_text(error)) from error
    for table in _tables(plan):
        if table not in ALLOWED_TABLES:
            raise Unusable(f"table '{table}' is not allowed")


def rehearse(cur: Cursor, search: Search) -> None:
    """Run the search once without lists, for a single row, in a read-only transaction: it must not write."""
    cur.execute("SET TRANSACTION READ ONLY")
    source, values = Search(search.expression, search.condition, (), search.subscription_status).source("all")
    cur.execute(f"SELECT subscribers.id {source} LIMIT 1", values)


def delete(cur: Cursor, search: Search) -> None:
    found, values = _found(search)
    cur.execute(f"{found} DELETE FROM subscribers WHERE id IN (SELECT id FROM found)", values)


def blocklist(cur: Cursor, search: Search) -> None:
    found, values = _found(search)
    cur.execute(
        f"""{found},
        blocked AS (UPDATE subscribers SET status = 'blocklisted', updated_at = now() WHERE id IN (SELECT id FROM found))
        UPDATE subscriber_lists SET status = 'unsubscribed', updated_at = now() WHERE subscriber_id IN (SELECT id FROM found)""",
        values,
    )


def subscribe(cur: Cursor, search: Search, lists: Sequence[int], status: str) -> None:
    """Subscriptions that exist stay as they are, whatever the status."""
    found, values = _found(search, lists)
    cur.execute(
        f"""{found}
        INSERT INTO subscriber_lists (subscriber_id, list_id, status)
        SELECT found.id, target, coalesce(nullif(%(status)s, '')::subscription_status, 'unconfirmed')
          FROM found, unnest(%(targets)s::int[]) AS target
        ON CONFLICT (subscriber_id, list_id) DO NOTHING""",
        values | {"status": status},
    )


def remove(cur: Cursor, search: Search, lists: Sequence[int]) -> None:
    found, values = _found(search, lists)
    cur.execute(
        f"{found} DELETE FROM subscriber_lists WHERE subscriber_id IN (SELECT id FROM found) AND list_id = ANY(%(targets)s::int[])", values
    )


def unsubscribe(cur: Cursor, search: Search, lists: Sequence[int]) -> None:
    found, values = _found(search, lists)
    cur.execute(
        f"{found} UPDATE subscriber_lists SET status = 'unsubscribed', updated_at = now()"
        " WHERE subscriber_id IN (SELECT id FROM found) AND list_id = ANY(%(targets)s::int[])",
        values,
    )


def _found(search: Search, targets: Sequence[int] = ()) -> tuple[str, dict[str, object]]:
    source, values = search.source("all")
    return f"WITH found AS (SELECT subscribers.id {source} LIMIT NULL)", values | {"targets": [str(id) for id in targets]}


def _tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("Relation Name"), str):
            yield node["Relation Name"]
        for child in node.values():
            yield from _tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _tables(child)
