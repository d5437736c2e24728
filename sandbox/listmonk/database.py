# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PostgreSQL of one listmonk process: connections, transactions, and errors worded as listmonk's driver words them.

>>> with state.db() as cur:
...     cur.execute("SELECT id FROM lists WHERE id = %s", [text])   # a str: PostgreSQL parses it as the column's type,
...     row = cur.fetchone()                                      # so out-of-range numbers give listmonk's own error
"""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from .configuration import Database

Cursor = psycopg.Cursor[DictRow]


class Pool:
    """Connections that are kept open between requests; more are opened when all are taken, as many as listmonk allows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: queue.LifoQueue[psycopg.Connection[DictRow]] = queue.LifoQueue(maxsize=database.max_open)

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor in a transaction of its own: committed at the end, rolled back when the block raises."""
        connection = self._take()
        try:
            with connection.transaction(), connection.cursor() as cursor:
                yield cursor
        finally:
            self._give_back(connection)

    def connection(self) -> psycopg.Connection[DictRow]:
        """A connection of one's own, in autocommit mode, to be closed by the caller (imports, streams)."""
        return connect(self._database)

    def close(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _take(self) -> psycopg.Connection[DictRow]:
        while True:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                return connect(self._database)
            if not connection.closed:
                return connection

    def _give_back(self, connection: psycopg.Connection[DictRow]) -> None:
        if connection.closed:
            return
        try:
            self._idle.put_nowait(connection)
        except queue.Full:
            connection.close()


def connect(database: Database) -> psycopg.Connection[DictRow]:
    return psycopg.connect(
        host=database.host,
        port=database.port,
        user=database.user,
        password=database.password or None,
        dbname=database.database,
        sslmode=database.ssl_mode,
        options="-c timezone=UTC",
        connect_timeout=5,
        autocommit=True,
        row_factory=dict_row,
    )


def error_text(error: psycopg.Error) -> str:
    """``pq: …`` with PostgreSQL's primary message: the form of listmonk's driver, by which clients classify.

    >>> error_text(error)
    'pq: duplicate key value violates unique constraint "idx_roles_name"'
    """
    if error.diag.message_primary is None and "NUL" in str(error):  # psycopg keeps this from the server, whose words it would be
        return 'pq: invalid byte sequence for encoding "UTF8": 0x00'
    return f"pq: {error.diag.message_primary or str(error)}"


def rows(cursor: Cursor) -> list[dict[str, Any]]:
    return list(cursor.fetchall())
