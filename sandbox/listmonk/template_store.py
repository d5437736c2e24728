# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates in the database. Ids are passed as text, so that PostgreSQL words what is wrong with too large ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from .body import Bound
from .database import Cursor, rows

_COLUMNS = """
    id, created_at, updated_at, name, subject, type::text,
    CASE WHEN %(without_body)s THEN '' ELSE body END AS body,
    CASE WHEN %(without_body)s THEN NULL ELSE body_source END AS body_source,
    is_default
"""


def find_all(cur: Cursor, *, without_body: bool) -> list[dict[str, Any]]:
    return rows(cur.execute(f"SELECT {_COLUMNS} FROM templates ORDER BY created_at", {"without_body": without_body}))


def find(cur: Cursor, number: int, *, without_body: bool) -> dict[str, Any] | None:
    return cur.execute(f"SELECT {_COLUMNS} FROM templates WHERE id = %(id)s", {"without_body": without_body, "id": str(number)}).fetchone()


def create(cur: Cursor, wish: Bound) -> int:
    row = cur.execute(
        "INSERT INTO templates (name, type, subject, body, body_source)"
        " VALUES (%(name)s, %(type)s, %(subject)s, %(body)s, %(body_source)s) RETURNING id",
        wish,
    ).fetchone()
    assert row is not None
    return int(row["id"])


def change(cur: Cursor, number: int, wish: Bound) -> bool:
    """Blank values keep what is there, the type never changes, and a blank subject becomes the *old name* (listmonk's quirk)."""
    cur.execute(
        """
        UPDATE templates SET
            name = coalesce(nullif(%(name)s, ''), name),
            subject = coalesce(nullif(%(subject)s, ''), name),
            body = coalesce(nullif(%(body)s, ''), body),
            body_source = coalesce(nullif(%(body_source)s, ''), body_source),
            updated_at = now()
        WHERE id = %(id)s
        """,
        {**wish, "id": str(number)},
    )
    return cur.rowcount > 0


def make_default(cur: Cursor, number: int) -> None:
    """Only a campaign template becomes the default, but the others lose it in any case: a wrong id leaves no default."""
    cur.execute("UPDATE templates SET is_default = false WHERE id <> %s AND is_default", [str(number)])
    cur.execute("UPDATE templates SET is_default = true WHERE id = %s AND type = 'campaign'", [str(number)])


def delete(cur: Cursor, number: int) -> bool:
    """Neither the default nor the last template can go. Its campaigns get the default template, or none when there is none."""
    gone = cur.execute(
        "SELECT id FROM templates WHERE id = %s AND NOT is_default AND (SELECT count(*) FROM templates) > 1 FOR UPDATE", [str(number)]
    ).fetchone()
    if gone is None:
        return False
    cur.execute(
        "UPDATE campaigns SET template_id = (SELECT id FROM templates WHERE is_default AND type IN ('campaign', 'campaign_visual') LIMIT 1)"
        " WHERE template_id = %s",
        [number],
    )
    cur.execute("DELETE FROM templates WHERE id = %s", [number])
    return True


def link(cur: Cursor, fresh: UUID, url: str) -> str:
    """The uuid under which /link/… knows the address."""
    row = cur.execute(
        "INSERT INTO links (uuid, url) VALUES (%s, %s) ON CONFLICT (url) DO UPDATE SET url = excluded.url RETURNING uuid", [fresh, url]
    ).fetchone()
    assert row is not None
    return str(row["uuid"])
