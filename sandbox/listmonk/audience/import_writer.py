# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing imported rows, many with one statement, with the result that listmonk gets by writing them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import psycopg
from psycopg.rows import DictRow

from ..database import Cursor
from .import_rows import Row

# Every row takes an id, also one whose subscriber exists: failed and superseded inserts burn ids on the real server (recorded).
_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS import_rows (
    id integer NOT NULL DEFAULT nextval('subscribers_id_seq'), email text, name text, attribs jsonb) ON COMMIT DELETE ROWS"""
_COPY = "COPY import_rows (email, name, attribs) FROM STDIN"
_NEW = "INSERT INTO subscribers AS old (id, uuid, email, name, attribs, status)"
_STAGED = "SELECT id, gen_random_uuid(), email, name, attribs, '{status}' FROM import_rows WHERE email IS NOT NULL ORDER BY id"

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SUPERSEDED = "\\N\t\\N\t\\N\n"


@dataclass(frozen=True)
class Options:
    mode: Literal["subscribe", "blocklist"]
    lists: Sequence[int] = ()
    subscription_status: str = "unconfirmed"
    overwrite_userinfo: bool = False
    overwrite_subscription_status: bool = False


@dataclass(frozen=True)
class Writer:
    """Writes on a connection in autocommit mode; the caller decides about transactions."""

    connection: psycopg.Connection[DictRow]
    options: Options
    _values: dict[str, object] = field(init=False, repr=False)
    _superuser: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.connection.execute(_STAGE)
        lists = [str(id) for id in self.options.lists]
        object.__setattr__(self, "_values", {"lists": lists, "status": self.options.subscription_status})
        object.__setattr__(self, "_superuser", self.connection.info.parameter_status("is_superuser") == "on")

    def write(self, rows: Sequence[Row]) -> None:
        """Inside a transaction that is still open. Raises psycopg.Error, and then nothing of these rows is there."""
        with self.connection.cursor() as cur:
            with cur.copy(_COPY) as copy:
                copy.write(self._staged(rows))
            locked = self._lists_are_locked(cur)
            if locked:
                cur.execute("SET LOCAL session_replication_role = replica")
            cur.execute(self._statement(), self._values)
            if locked:
                cur.execute("SET LOCAL session_replication_role = origin")
            cur.execute("TRUNCATE import_rows")

    def first_bad_row(self, rows: Iterable[Row]) -> int | None:
        """Which row PostgreSQL refuses when they are written one by one, in a transaction that is given up."""
        with self.connection.transaction(force_rollback=True):
            for index, row in enumerate(rows):
                try:
                    self.write([row])
                except psycopg.Error:
                    return index
        return None

    def _lists_are_locked(self, cur: Cursor) -> bool:
        """Check the lists once instead of twice a row (a third of the time), with the lock that the foreign keys' triggers take.

        Only a superuser may leave the triggers out; with a list missing they say so.
        """
        if not self._superuser or self.options.mode != "subscribe":
            return False
        locked = cur.execute("SELECT id FROM lists WHERE id = ANY(%(lists)s::int[]) ORDER BY id FOR KEY SHARE", self._values).fetchall()
        return len(locked) == len(set(self.options.lists))

    def _staged(self, rows: Sequence[Row]) -> bytes:
        """A row that repeats an earlier address changes that one, if anything, and only takes an id itself."""
        places: dict[str, int] = {}
        lines: list[str] = []
        for email, name, attribs in rows:
            first = places.setdefault(email, len(lines))
            line = f"{email}\t{name.translate(_ESCAPES)}\t{attribs.translate(_ESCAPES)}\n"
            if first == len(lines):
                lines.append(line)
                continue
            if self.options.mode == "subscribe" and self.options.overwrite_userinfo:
                lines[first] = line
            lines.append(_SUPERSEDED)
        return "".join(lines).encode("utf-8", "surrogateescape")

    def _statement(self) -> str:
        if self.options.mode == "blocklist":
            return f"""
                WITH blocked AS ({_NEW} {_STAGED.format(status="blocklisted")}
                    ON CONFLICT (email) DO UPDATE SET status = 'blocklisted', updated_at = now() RETURNING old.id)
                UPDATE subscriber_lists AS sl SET status = 'unsubscribed', updated_at = now()
                  FROM blocked WHERE sl.subscriber_id = blocked.id"""
        userinfo = "name = EXCLUDED.name, attribs = EXCLUDED.attribs, " if self.options.overwrite_userinfo else ""
        status = "status = EXCLUDED.status, " if self.options.overwrite_subscription_status else ""
        return f"""
            WITH written AS ({_NEW} {_STAGED.format(status="enabled")}
                ON CONFLICT (email) DO UPDATE SET {userinfo}updated_at = now() RETURNING old.id, old.status)
            INSERT INTO subscriber_lists (subscriber_id, list_id, status)
            SELECT written.id, list, CASE WHEN written.status = 'blocklisted' THEN 'unsubscribed' ELSE %(status)s::subscription_status END
              FROM written, unnest(%(lists)s::int[]) AS list
            ON CONFLICT (subscriber_id, list_id) DO UPDATE SET {status}updated_at = now()"""
