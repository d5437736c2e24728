# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who opened and clicked what: removing it, and taking it away as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import psycopg
from psycopg.rows import DictRow

from ..database import Cursor

TABLES = {"views": "campaign_views", "clicks": "link_clicks"}

_URL = {"views": "", "clicks": "l.url, "}
_LINKS = {"views": "", "clicks": "LEFT JOIN links AS l ON l.id = a.link_id"}


def delete(cur: Cursor, kind: str, before: datetime) -> None:
    cur.execute(f"DELETE FROM {TABLES[kind]} WHERE created_at < %s", [before])


def header(kind: str) -> bytes:
    url = "url," if kind == "clicks" else ""
    return f"campaign_id,campaign_uuid,campaign_name,subscriber_id,subscriber_uuid,email,subscriber_name,{url}created_at\n".encode()


def rows(connection: psycopg.Connection[DictRow], kind: str, since: datetime) -> Iterator[bytes]:
    """Lines of CSV. The connection is closed at the end."""
    statement = f"""
        SELECT a.campaign_id, c.uuid, c.name, coalesce(a.subscriber_id, 0), s.uuid, s.email, s.name, {_URL[kind]}
               to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
          FROM {TABLES[kind]} AS a LEFT JOIN campaigns AS c ON c.id = a.campaign_id
          LEFT JOIN subscribers AS s ON s.id = a.subscriber_id {_LINKS[kind]}
         WHERE a.created_at >= %s ORDER BY a.id"""
    with connection, psycopg.ClientCursor(connection) as cur:
        select = cur.mogrify(statement, [since])
        with connection.cursor().copy(f"COPY ({select}) TO STDOUT (FORMAT csv)".encode()) as copy:
            yield from (bytes(line) for line in copy)
