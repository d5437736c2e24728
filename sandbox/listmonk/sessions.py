# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in sessions: a cookie ``session`` and a row in table ``sessions``, seven days long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from . import users
from .state import State

if TYPE_CHECKING:
    from .access import User

COOKIE = "session"
LIFETIME = timedelta(days=7)


def start(state: State, user_id: int) -> str:
    """A new session of the user: its id, the value of the cookie."""
    from .install import random_string

    session = random_string(64)
    with state.db() as cur:
        cur.execute("INSERT INTO sessions (id, data) VALUES (%s, %s)", [session, Jsonb({"user_id": user_id, "oidc_token": ""})])
    return session


def find(state: State, session: str) -> User | None:
    """The user whose session this is; listmonk lets the session of a user who was disabled meanwhile live on."""
    from .access import of_row

    if not session:
        return None
    with state.db() as cur:
        found = cur.execute(
            "SELECT data ->> 'user_id' AS user_id FROM sessions WHERE id = %s AND created_at > now() - %s", [session, LIFETIME]
        ).fetchone()
        row = users.find(cur, "id", found["user_id"]) if found and found["user_id"] else None
    return None if row is None else of_row(row, session)


def end(state: State, session: str) -> None:
    with state.db() as cur:
        cur.execute("DELETE FROM sessions WHERE id = %s", [session])


def end_others(state: State, user_id: int, keep: str = "") -> None:
    """End every session of the user, except the one to keep."""
    with state.db() as cur:
        cur.execute("DELETE FROM sessions WHERE data ->> 'user_id' = %s AND id <> %s", [str(user_id), keep])
