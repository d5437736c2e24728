# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in the database."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..database import Cursor
from .paging import Page
from .statistics import LIST_COUNTS, refresh
from .tags import normalised

ORDER_COLUMNS = ("name", "status", "created_at", "updated_at", "subscriber_count")

_BLANKS = re.compile(r"[\t\n\f\r ]+")


@dataclass(frozen=True)
class Filter:
    search: str = ""
    type: str = ""
    optin: str = ""
    status: str = ""
    tags: Sequence[str] = ()
    permitted: Sequence[int] | None = None  # None: every list


def find(cur: Cursor, id: int) -> dict[str, Any] | None:
    row = cur.execute(_with_counts("l.id = %s", "", "l.id"), [str(id)]).fetchone()
    if row is None:
        return None
    out = shown(row)
    # listmonk adds the counts of the statuses to a total that has them already (a single list, 6.2.0: recorded).
    out["subscriber_count"] += sum(out["subscriber_statuses"].values())
    return out


def search(cur: Cursor, wanted: Filter, order: str, page: Page, *, cached: bool) -> tuple[list[dict[str, Any]], int]:
    """One page of lists, and how many there are on all pages (0 if this one is empty).

    The page is cut before it is sorted, as listmonk does: pages may overlap.
    """
    refresh(cur, LIST_COUNTS, cached=cached)
    condition, values = _condition(wanted)
    rows = cur.execute(
        _with_counts(condition, "OFFSET %s LIMIT %s::int", order),
        [*values, page.offset, page.limit],
    ).fetchall()
    return [shown(row) for row in rows], rows[0]["total"] if rows else 0


def all_without_counts(cur: Cursor, status: str, permitted: Sequence[int] | None) -> list[dict[str, Any]]:
    condition, values = _condition(Filter(status=status, permitted=permitted))
    rows = cur.execute(f"SELECT l.* FROM lists AS l WHERE {condition} ORDER BY l.id", values).fetchall()
    return [shown({**row, "subscriber_statuses": None, "subscriber_count": 0}) for row in rows]


def create(cur: Cursor, wish: Mapping[str, Any]) -> int:
    row = cur.execute(
        "INSERT INTO lists (uuid, name, type, optin, status, tags, description) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            uuid.uuid4(),
            wish["name"],
            wish["type"] or "private",
            wish["optin"] or "single",
            wish["status"] or "active",
            normalised(wish["tags"] or ()) or None,
            wish["description"],
        ],
    ).fetchone()
    assert row is not None
    return int(row["id"])


def update(cur: Cursor, id: int, wish: Mapping[str, Any]) -> bool:
    """What is blank stays, but for the tags: they are always replaced, and cut to 100 characters by the cast."""
    kept = ", ".join(f"{column} = coalesce(nullif(%s, '')::{kind}, {column})" for column, kind in _KEPT_WHEN_BLANK.items())
    updated = cur.execute(
        f"UPDATE lists SET {kept}, tags = %s::varchar(100)[], updated_at = now() WHERE id = %s RETURNING name",
        [*(wish[column] for column in _KEPT_WHEN_BLANK), normalised(wish["tags"] or ()) or None, str(id)],
    ).fetchone()
    if updated is None:
        return False
    cur.execute("UPDATE campaign_lists SET list_name = %s WHERE list_id = %s", [updated["name"], id])
    return True


def delete(cur: Cursor, ids: Sequence[int]) -> None:
    cur.execute("DELETE FROM lists WHERE id = ANY(%s::int[])", [[str(id) for id in ids]])


def delete_found(cur: Cursor, search: str, permitted: Sequence[int] | None) -> None:
    """By whole words of the name only, unlike the search; a blank search is every list."""
    conditions, values = ["TRUE"], list[object]()
    if search:
        conditions.append("to_tsvector(name) @@ to_tsquery(%s)")
        values.append(search_text(search))
    if permitted is not None:
        conditions.append("id = ANY(%s::int[])")
        values.append(list(permitted))
    cur.execute(f"DELETE FROM lists WHERE {' AND '.join(conditions)}", values)


def touch(cur: Cursor, ids: Sequence[int]) -> None:
    """Lists are dated by the imports into them."""
    cur.execute("UPDATE lists SET updated_at = now() WHERE id = ANY(%s::int[])", [ids])


def search_text(search: str) -> str:
    """The same text serves as a pattern of ILIKE and as a text search query: the cause of the errors with punctuation (6.2.0)."""
    return f"%{_BLANKS.sub('&', search)}%"


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """The object of the API. The two dates belong to lists inside a subscriber, and are null everywhere else."""
    return {
        **{key: row[key] for key in ("id", "created_at", "updated_at", "uuid", "name", "type", "optin", "status")},
        "tags": row["tags"] or [],
        "description": row["description"],
        "subscriber_count": int(row["subscriber_count"]),
        "subscriber_statuses": row["subscriber_statuses"],
        "subscription_created_at": None,
        "subscription_updated_at": None,
    }


_KEPT_WHEN_BLANK = {"name": "text", "type": "list_type", "optin": "list_optin", "status": "list_status", "description": "text"}


def _condition(wanted: Filter) -> tuple[str, list[object]]:
    conditions, values = ["TRUE"], list[object]()
    if wanted.search:
        text = search_text(wanted.search)
        conditions.append("(to_tsvector(l.name) @@ to_tsquery(%s) OR l.name ILIKE %s)")
        values += [text, text]
    for column, value in (("type", wanted.type), ("optin", wanted.optin), ("status", wanted.status)):
        if value:
            conditions.append(f"l.{column} = %s")
            values.append(value)
    if wanted.tags:
        conditions.append("%s::varchar(100)[] <@ l.tags")
        values.append(list(wanted.tags))
    if wanted.permitted is not None:
        conditions.append("l.id = ANY(%s::int[])")
        values.append(list(wanted.permitted))
    return " AND ".join(conditions), values


def _with_counts(condition: str, page: str, order: str) -> str:
    return f"""
    WITH found AS (SELECT l.*, count(*) OVER () AS total FROM lists AS l WHERE {condition} {page}),
         counts AS (
             SELECT list_id, sum(subscriber_count) AS subscriber_count,
                    jsonb_object_agg(status, subscriber_count) FILTER (WHERE status IS NOT NULL) AS subscriber_statuses
               FROM {LIST_COUNTS} GROUP BY list_id)
    SELECT l.*, coalesce(c.subscriber_count, 0) AS subscriber_count, coalesce(c.subscriber_statuses, '{{}}') AS subscriber_statuses
      FROM found AS l LEFT JOIN counts AS c ON c.list_id = l.id ORDER BY {order}"""
