# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting known subscribers on lists and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..database import Cursor

_PAIRS = "(subscriber_id, list_id) IN (SELECT s, l FROM unnest(%s::int[]) AS s, unnest(%s::int[]) AS l)"


def add(cur: Cursor, subscribers: Sequence[int], lists: Sequence[int], status: str) -> None:
    """A given status is set on subscriptions that exist, too: even a person who has unsubscribed. None: they stay as they are."""
    cur.execute(
        """
        INSERT INTO subscriber_lists AS old (subscriber_id, list_id, status)
        SELECT s, l, coalesce(nullif(%(status)s, '')::subscription_status, 'unconfirmed')
          FROM unnest(%(subscribers)s::int[]) AS s, unnest(%(lists)s::int[]) AS l
        ON CONFLICT (subscriber_id, list_id) DO UPDATE
           SET status = coalesce(nullif(%(status)s, '')::subscription_status, old.status)""",
        {"status": status, "subscribers": _texts(subscribers), "lists": _texts(lists)},
    )


def remove(cur: Cursor, subscribers: Sequence[int], lists: Sequence[int]) -> None:
    cur.execute(f"DELETE FROM subscriber_lists WHERE {_PAIRS}", [_texts(subscribers), _texts(lists)])


def unsubscribe(cur: Cursor, subscribers: Sequence[int], lists: Sequence[int]) -> None:
    cur.execute(
        f"UPDATE subscriber_lists SET status = 'unsubscribed', updated_at = now() WHERE {_PAIRS}",
        [_texts(subscribers), _texts(lists)],
    )


def awaiting_confirmation(cur: Cursor, subscriber: int, among: Sequence[int]) -> list[dict[str, Any]]:
    """The double opt-in lists that a subscriber has not confirmed; no `among` means any list."""
    return cur.execute(
        """
        SELECT l.* FROM lists AS l JOIN subscriber_lists AS sl ON sl.list_id = l.id
         WHERE sl.subscriber_id = %(subscriber)s AND sl.status = 'unconfirmed' AND l.optin = 'double'
           AND (cardinality(%(among)s::int[]) = 0 OR l.id = ANY(%(among)s::int[]))
         ORDER BY l.id""",
        {"subscriber": subscriber, "among": _texts(among)},
    ).fetchall()


def delete_unconfirmed(cur: Cursor, before: datetime) -> int:
    """Subscriptions of double opt-in lists that were never confirmed, made before that instant."""
    return cur.execute(
        "DELETE FROM subscriber_lists AS sl USING lists AS l"
        " WHERE l.id = sl.list_id AND l.optin = 'double' AND sl.status = 'unconfirmed' AND sl.created_at < %s",
        [before],
    ).rowcount


def _texts(numbers: Sequence[int]) -> list[str]:
    """As text, PostgreSQL itself says which number is too large for an id."""
    return [str(number) for number in numbers]
