# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private notebook of one import: an SQLite file without a name.

A million people do not fit into memory beside everything else, and joining them with what the server holds is a database's
work. The file is made for its owner alone and unlinked as soon as it is open, so that nothing remains of it however the
process ends.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

Person: TypeAlias = "tuple[str, int, str, str | None, int]"
"""Address, line, name, attributes as JSON text, consent."""

Held: TypeAlias = "tuple[int, int | None, int, str | None, str | None, str]"
"""Index of the list (-1: none), subscription status, status, name, attributes, address in lower case."""

Match: TypeAlias = "tuple[int, str, int, str, str | None, int, int | None, int | None, int | None, str | None, str | None]"
"""A person (id, address, line, name, attributes, consent) beside one row the server holds (list, subscription, status, name,
attributes), or beside nothing."""

_TABLES = """
CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT, line INTEGER, name TEXT, attributes TEXT, wish INTEGER);
CREATE TABLE held (person INTEGER, list INTEGER, subscription INTEGER, status INTEGER, name TEXT, attributes TEXT);
"""


class Ledger:
    """Use it as a context manager. Reading starts only when writing is done: ``settle`` between the two."""

    def __init__(self) -> None:
        self._directory = tempfile.mkdtemp(prefix="listmonk-import-")  # mode 0700
        path = Path(self._directory, "people")
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = OFF", "synchronous = OFF", "cache_size = -24000", "temp_store = FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)
        shutil.rmtree(self._directory)
        self._db.execute("BEGIN")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def add_people(self, people: Iterable[Person]) -> None:
        self._db.executemany("INSERT INTO person (email, line, name, attributes, wish) VALUES (?, ?, ?, ?, ?)", people)

    def settle(self, *, name_at_most: int) -> tuple[int, int, list[str]]:
        """Keep the last row of each address; a no anywhere stays a no.

        Return how many different addresses there are, how many of them came more than once, and the first of these.
        """
        self._db.execute("CREATE INDEX person_by_email ON person (email)")
        # Two steps, so that the many who came once are told from the index alone.
        self._db.execute("CREATE TEMP TABLE twice AS SELECT email FROM person GROUP BY email HAVING count(*) > 1")
        self._db.execute(
            "CREATE TEMP TABLE doubled AS SELECT email, max(id) AS id, min(wish) AS wish, min(line) AS first"
            " FROM person WHERE email IN (SELECT email FROM twice) GROUP BY email"
        )
        doubled = self._number("SELECT count(*) FROM doubled")
        if doubled:
            self._db.execute("UPDATE person SET wish = 0 WHERE id IN (SELECT id FROM doubled WHERE wish = 0)")
            self._db.execute("DELETE FROM person WHERE email IN (SELECT email FROM doubled) AND id NOT IN (SELECT id FROM doubled)")
        named = [email for (email,) in self._db.execute("SELECT email FROM doubled ORDER BY first LIMIT ?", (name_at_most,))]
        return self._number("SELECT count(*) FROM person"), doubled, named

    def add_held(self, rows: Iterable[Held], *, unheld_only: bool = False) -> None:
        """Note what the server holds, as far as it concerns people of the file; ``unheld_only``: of whom nothing was noted yet."""
        only = " AND NOT EXISTS (SELECT 1 FROM held WHERE held.person = person.id)" if unheld_only else ""
        self._db.executemany(f"INSERT INTO held SELECT id, ?1, ?2, ?3, ?4, ?5 FROM person WHERE email = ?6{only}", rows)  # noqa: S608 - `only` is a constant

    def index_held(self) -> None:
        self._db.execute("CREATE INDEX IF NOT EXISTS held_by_person ON held (person)")

    def addresses(self, *, unheld: bool, at_most: int) -> list[str]:
        """Addresses of the file; ``unheld``: only those of which nothing was noted yet."""
        only = "WHERE id NOT IN (SELECT person FROM held)" if unheld else ""
        return [email for (email,) in self._db.execute(f"SELECT email FROM person {only} LIMIT ?", (at_most,))]  # noqa: S608 - so here

    def withdraw(self, address: str) -> int | None:
        """Take a person out and return the line."""
        found = self._db.execute("DELETE FROM person WHERE email = ? RETURNING line", (address,)).fetchone()
        return found[0] if found else None

    def line_of(self, address: str) -> int:
        found = self._db.execute("SELECT line FROM person WHERE email = ?", (address,)).fetchone()
        return int(found[0]) if found else 0

    def is_held(self, address: str) -> bool:
        query = "SELECT 1 FROM held WHERE person = (SELECT id FROM person WHERE email = ?) LIMIT 1"
        return self._db.execute(query, (address,)).fetchone() is not None

    def matches(self) -> Iterator[Match]:
        """Every person in the order of the file, once for each row the server holds of them."""
        self.index_held()
        return self._db.execute(
            "SELECT p.id, p.email, p.line, p.name, p.attributes, p.wish, h.list, h.subscription, h.status, h.name, h.attributes"
            " FROM person p LEFT JOIN held h ON h.person = p.id ORDER BY p.id"
        )

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])
