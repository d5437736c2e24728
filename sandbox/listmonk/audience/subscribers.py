# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscribers in the database, with the lists they are on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from ..database import Cursor

# listmonk does not sort these: they come as they lie in table lists, those changed last (also by an import) behind (recorded).
_LISTS = """
SELECT sl.subscriber_id,
       json_agg(json_build_object(
           'subscription_status', sl.status, 'subscription_created_at', sl.created_at,
           'subscription_updated_at', sl.updated_at, 'subscription_meta', sl.meta,
           'id', l.id, 'uuid', l.uuid, 'name', l.name, 'type', l.type, 'optin', l.optin, 'status', l.status,
           'tags', l.tags, 'description', l.description, 'created_at', l.created_at, 'updated_at', l.updated_at)
           ORDER BY l.ctid) AS lists
  FROM subscriber_lists AS sl JOIN lists AS l ON l.id = sl.list_id
 WHERE sl.subscriber_id = ANY(%s)
 GROUP BY sl.subscriber_id"""


def find(cur: Cursor, id: int) -> dict[str, Any] | None:
    row = cur.execute("SELECT * FROM subscribers WHERE id = %s", [str(id)]).fetchone()
    return None if row is None else with_lists(cur, [row])[0]


def find_by_email(cur: Cursor, email: str) -> dict[str, Any] | None:
    row = cur.execute("SELECT * FROM subscribers WHERE email = %s", [email]).fetchone()
    return None if row is None else with_lists(cur, [row])[0]


def with_lists(cur: Cursor, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The objects of the API for rows of table subscribers."""
    found = cur.execute(_LISTS, [[row["id"] for row in rows]]).fetchall()
    lists = {row["subscriber_id"]: row["lists"] for row in found}
    return [
        {
            **{key: row[key] for key in ("id", "created_at", "updated_at", "uuid", "email", "name")},
            "attribs": row["attribs"] or {},  # JSON null, which imports and POST can store, reads as {}
            "status": row["status"],
            "lists": lists.get(row["id"], []),
        }
        for row in rows
    ]


def insert(cur: Cursor, wish: Mapping[str, Any], lists: Sequence[int], subscription_status: str) -> int:
    """Unknown lists are passed over; whoever is stored as blocklisted is subscribed to nothing."""
    known = [row["id"] for row in cur.execute("SELECT id FROM lists WHERE id = ANY(%s::int[])", [[str(id) for id in lists]]).fetchall()]
    row = cur.execute(
        "INSERT INTO subscribers (uuid, email, name, status, attribs) VALUES (%s, %s, %s, %s, %s) RETURNING id, status",
        [uuid.uuid4(), wish["email"], wish["name"], wish["status"] or "enabled", Jsonb(wish["attribs"])],
    ).fetchone()
    assert row is not None
    _subscribe(cur, row["id"], known, "unsubscribed" if row["status"] == "blocklisted" else subscription_status)
    return int(row["id"])


def update(
    cur: Cursor,
    id: int,
    wish: Mapping[str, Any],
    lists: Sequence[int],
    subscription_status: str,
    *,
    replace_lists: bool,
    among: Sequence[int] | None,
) -> None:
    """Blank name and status stay. `lists` are added or kept, and with `replace_lists` all others are removed (of those in `among`).

    A subscription that was confirmed or unsubscribed stays that, whatever is asked for; only blocklisting unsubscribes.
    """
    updated = cur.execute(
        "UPDATE subscribers SET email = %s, name = coalesce(nullif(%s, ''), name), attribs = %s,"
        " status = coalesce(nullif(%s, '')::subscriber_status, status), updated_at = now() WHERE id = %s RETURNING id",
        [wish["email"], wish["name"], Jsonb(wish["attribs"] or {}), wish["status"], str(id)],
    ).fetchone()
    if replace_lists:
        _remove_others(cur, id, lists, among)
    _subscribe(cur, updated["id"] if updated else None, lists, "unsubscribed" if wish["status"] == "blocklisted" else subscription_status)


def blocklist(cur: Cursor, ids: Iterable[int]) -> None:
    numbers = [str(id) for id in ids]
    cur.execute("UPDATE subscribers SET status = 'blocklisted', updated_at = now() WHERE id = ANY(%s::int[])", [numbers])
    cur.execute("UPDATE subscriber_lists SET status = 'unsubscribed', updated_at = now() WHERE subscriber_id = ANY(%s::int[])", [numbers])


def delete(cur: Cursor, ids: Iterable[int]) -> None:
    cur.execute("DELETE FROM subscribers WHERE id = ANY(%s::int[])", [[str(id) for id in ids]])


def delete_blocklisted(cur: Cursor) -> int:
    return cur.execute("DELETE FROM subscribers WHERE status = 'blocklisted'").rowcount


def delete_without_lists(cur: Cursor) -> int:
    return cur.execute(
        "DELETE FROM subscribers AS s WHERE NOT EXISTS (SELECT FROM subscriber_lists AS sl WHERE sl.subscriber_id = s.id)"
    ).rowcount


def on_any_list(cur: Cursor, ids: Iterable[int], lists: Sequence[int]) -> dict[int, bool]:
    """For each of the subscribers that exist: whether it is on one of the lists."""
    rows = cur.execute(
        "SELECT s.id, EXISTS (SELECT FROM subscriber_lists AS sl WHERE sl.subscriber_id = s.id AND sl.list_id = ANY(%s)) AS has"
        "  FROM subscribers AS s WHERE s.id = ANY(%s::int[])",
        [list(lists), [str(id) for id in ids]],
    ).fetchall()
    return {row["id"]: row["has"] for row in rows}


def _remove_others(cur: Cursor, id: int, lists: Sequence[int], among: Sequence[int] | None) -> None:
    values: list[object] = [str(id), [str(number) for number in lists]]
    limit = ""
    if among is not None:
        limit = " AND list_id = ANY(%s)"
        values.append(list(among))
    cur.execute(f"DELETE FROM subscriber_lists WHERE subscriber_id = %s AND list_id <> ALL(%s::int[]){limit}", values)


def _subscribe(cur: Cursor, id: int | None, lists: Sequence[int], status: str) -> None:
    """Without an id (PUT of a missing subscriber) PostgreSQL refuses the row: listmonk's own answer there."""
    cur.execute(
        """
        INSERT INTO subscriber_lists AS old (subscriber_id, list_id, status)
        SELECT %(id)s::int, l.id, %(status)s::subscription_status FROM lists AS l WHERE l.id = ANY(%(lists)s::int[]) ORDER BY l.id
        ON CONFLICT (subscriber_id, list_id) DO UPDATE SET status = CASE
            WHEN EXCLUDED.status = 'unsubscribed' OR old.status = 'unconfirmed' THEN EXCLUDED.status ELSE old.status END""",
        {"id": id, "status": status, "lists": [str(number) for number in lists]},
    )
