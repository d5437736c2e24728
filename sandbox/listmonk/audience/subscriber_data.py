# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known about one person: activity, bounces, and the report that privacy laws ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..database import Cursor

_BOUNCES_SHOWN = 1000


def activity(cur: Cursor, subscriber: int) -> dict[str, Any]:
    views = """
        SELECT c.id, c.uuid, c.name, c.subject, count(*) AS view_count, max(v.created_at) AS last_viewed_at
          FROM campaign_views AS v LEFT JOIN campaigns AS c ON c.id = v.campaign_id
         WHERE v.subscriber_id = %s GROUP BY c.id ORDER BY last_viewed_at DESC"""
    clicks = """
        SELECT l.id AS link_id, l.url, c.id AS campaign_id, c.uuid AS campaign_uuid, c.name AS campaign_name,
               c.subject AS campaign_subject, count(*) AS click_count, max(k.created_at) AS last_clicked_at
          FROM link_clicks AS k JOIN links AS l ON l.id = k.link_id LEFT JOIN campaigns AS c ON c.id = k.campaign_id
         WHERE k.subscriber_id = %s GROUP BY l.id, c.id ORDER BY last_clicked_at DESC"""
    return {"campaign_views": _json(cur, views, subscriber), "link_clicks": _json(cur, clicks, subscriber)}


def bounces(cur: Cursor, subscriber: int) -> list[dict[str, Any]]:
    return cur.execute(
        f"""
        SELECT b.id, b.type, b.source, b.meta, b.created_at, s.email, s.uuid AS subscriber_uuid, s.id AS subscriber_id,
               s.status AS subscriber_status, c.uuid AS campaign_uuid,
               CASE WHEN c.id IS NOT NULL THEN json_build_object('id', c.id, 'name', c.name) END AS campaign
          FROM bounces AS b JOIN subscribers AS s ON s.id = b.subscriber_id LEFT JOIN campaigns AS c ON c.id = b.campaign_id
         WHERE s.id = %s ORDER BY b.created_at ASC LIMIT {_BOUNCES_SHOWN}""",
        [str(subscriber)],
    ).fetchall()


def delete_bounces(cur: Cursor, subscriber: int) -> None:
    cur.execute("DELETE FROM bounces WHERE subscriber_id = %s", [str(subscriber)])


def report(cur: Cursor, subscriber: int, exportable: set[str]) -> dict[str, Any] | None:
    """The parts that the setting privacy.exportable names; None when there is nobody."""
    if cur.execute("SELECT FROM subscribers WHERE id = %s", [str(subscriber)]).fetchone() is None:
        return None
    return {part: read(cur, subscriber) for part, read in _PARTS.items() if part in exportable}


def _profile(cur: Cursor, subscriber: int) -> list[dict[str, Any]]:
    return _json(cur, "SELECT id, uuid, email, name, attribs, status, created_at, updated_at FROM subscribers WHERE id = %s", subscriber)


def _subscriptions(cur: Cursor, subscriber: int) -> list[dict[str, Any]]:
    """Private lists keep their names to themselves."""
    statement = """
        SELECT sl.status AS subscription_status, CASE WHEN l.type = 'private' THEN 'Private list' ELSE l.name END AS name,
               l.type, sl.created_at
          FROM subscriber_lists AS sl JOIN lists AS l ON l.id = sl.list_id WHERE sl.subscriber_id = %s ORDER BY l.id"""
    return _json(cur, statement, subscriber)


def _campaign_views(cur: Cursor, subscriber: int) -> list[dict[str, Any]]:
    statement = """
        SELECT c.subject AS campaign, count(*) AS views FROM campaign_views AS v LEFT JOIN campaigns AS c ON c.id = v.campaign_id
         WHERE v.subscriber_id = %s GROUP BY c.id ORDER BY c.id"""
    return _json(cur, statement, subscriber)


def _link_clicks(cur: Cursor, subscriber: int) -> list[dict[str, Any]]:
    statement = """
        SELECT l.url, count(*) AS clicks FROM link_clicks AS k LEFT JOIN links AS l ON l.id = k.link_id
         WHERE k.subscriber_id = %s GROUP BY l.id ORDER BY l.id"""
    return _json(cur, statement, subscriber)


def _json(cur: Cursor, statement: str, subscriber: int) -> list[dict[str, Any]]:
    """The rows as PostgreSQL writes them in JSON: times with an offset, unlike the rest of the API."""
    row = cur.execute(f"SELECT coalesce(json_agg(t), '[]') AS rows FROM ({statement}) AS t", [str(subscriber)]).fetchone()
    assert row is not None
    found: list[dict[str, Any]] = row["rows"]
    return found


_PARTS: dict[str, Callable[[Cursor, int], list[dict[str, Any]]]] = {
    "profile": _profile,
    "subscriptions": _subscriptions,
    "campaign_views": _campaign_views,
    "link_clicks": _link_clicks,
}
