# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading campaigns: what is being sent decides whether settings may be written, and a campaign remembers the lists it had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..database import Cursor
from .lists import search_text
from .paging import Page

ORDER_COLUMNS = ("name", "status", "created_at", "updated_at")

_COLUMNS = (
    "id, created_at, updated_at, started_at, to_send, sent, uuid, type, name, subject, from_email, body, body_source, altbody, send_at,"
    " status, content_type, tags, headers, attribs, template_id, messenger, archive, archive_slug, archive_template_id, archive_meta"
)
_SELECT = f"""
SELECT {_COLUMNS}, count(*) OVER () AS total,
       (SELECT count(*) FROM campaign_views AS v WHERE v.campaign_id = c.id) AS views,
       (SELECT count(*) FROM link_clicks AS k WHERE k.campaign_id = c.id) AS clicks,
       (SELECT count(*) FROM bounces AS b WHERE b.campaign_id = c.id) AS bounces,
       (SELECT coalesce(json_agg(json_build_object('id', l.list_id, 'name', l.list_name) ORDER BY l.id), '[]')
          FROM campaign_lists AS l WHERE l.campaign_id = c.id) AS lists,
       (SELECT coalesce(json_agg(json_build_object('id', m.media_id, 'filename', m.filename)), '[]')
          FROM campaign_media AS m WHERE m.campaign_id = c.id) AS media
  FROM campaigns AS c"""


@dataclass(frozen=True)
class Filter:
    search: str = ""
    statuses: Sequence[str] = ()
    tags: Sequence[str] = ()
    lists: Sequence[int] | None = None  # campaigns of these lists; None: all campaigns


def find(cur: Cursor, id: int) -> dict[str, Any] | None:
    row = cur.execute(f"{_SELECT} WHERE c.id = %s", [str(id)]).fetchone()
    return None if row is None else _shown(row)


def search(cur: Cursor, wanted: Filter, order: str, page: Page) -> tuple[list[dict[str, Any]], int]:
    """One page of campaigns, and how many there are on all pages (0 if this one is empty)."""
    conditions, values = ["TRUE"], list[object]()
    if wanted.statuses:
        conditions.append("c.status = ANY(%s::campaign_status[])")
        values.append(list(wanted.statuses))
    if wanted.tags:
        conditions.append("%s::varchar(100)[] <@ c.tags")
        values.append(list(wanted.tags))
    if wanted.search:
        text = search_text(wanted.search)
        conditions.append("(to_tsvector(concat(c.name, ' ', c.subject)) @@ to_tsquery(%s) OR concat(c.name, ' ', c.subject) ILIKE %s)")
        values += [text, text]
    if wanted.lists is not None:
        conditions.append("EXISTS (SELECT FROM campaign_lists AS l WHERE l.campaign_id = c.id AND l.list_id = ANY(%s))")
        values.append(list(wanted.lists))
    statement = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY {order} OFFSET %s LIMIT %s::int"
    rows = cur.execute(statement, [*values, page.offset, page.limit]).fetchall()
    return [_shown(row) for row in rows], rows[0]["total"] if rows else 0


def is_on(cur: Cursor, id: int, lists: Sequence[int]) -> bool:
    statement = "SELECT FROM campaign_lists WHERE campaign_id = %s AND list_id = ANY(%s)"
    return cur.execute(statement, [str(id), list(lists)]).fetchone() is not None


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key != "total"}, "tags": row["tags"] or []}
