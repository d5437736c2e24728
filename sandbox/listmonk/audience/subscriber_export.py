# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscribers as one CSV stream, written by PostgreSQL: no row passes through Python, and memory stays flat."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import psycopg
from psycopg.rows import DictRow

from .subscriber_queries import Search, check

HEADER = b"uuid,email,name,attributes,status,created_at,updated_at\n"

# Times as Go prints them. The text of a NULL must be one that no field has, for COPY quotes a field that equals it.
_COLUMNS = (
    "subscribers.uuid, subscribers.email, subscribers.name, subscribers.attribs, subscribers.status,"
    " (subscribers.created_at AT TIME ZONE 'UTC')::text || ' +0000 UTC',"
    " (subscribers.updated_at AT TIME ZONE 'UTC')::text || ' +0000 UTC'"
)
_NULL = "\\N of nobody"
_LEVEL = 1  # as fast as the loopback can take it


def rows(connection: psycopg.Connection[DictRow], search: Search, ids: Sequence[int]) -> Iterator[bytes]:
    """Blocks of CSV. The connection is closed at the end. Raises Unusable or psycopg.Error before the first block."""
    with connection, connection.transaction(), psycopg.ClientCursor(connection) as cur:
        only = "subscribers.id = ANY(%(ids)s::int[])" if ids else ""
        source, values = search.source("all", only)
        values |= {"ids": [str(id) for id in ids]}
        with connection.cursor() as checking:
            checking.execute("SET TRANSACTION READ ONLY")
            check(checking, f"SELECT subscribers.id {source} ORDER BY subscribers.id ASC", values)
        select = cur.mogrify(f"SELECT {_COLUMNS} {source} ORDER BY subscribers.id ASC", values)
        with connection.cursor().copy(f"COPY ({select}) TO STDOUT (FORMAT csv, NULL '{_NULL}')".encode()) as copy:
            yield from (bytes(block) for block in copy)


def gzipped(blocks: Iterator[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(_LEVEL, wbits=31)
    for block in blocks:
        if packed := compressor.compress(block):
            yield packed
    yield compressor.flush()


def in_large_blocks(blocks: Iterator[bytes], size: int = 1 << 16) -> Iterator[bytes]:
    """COPY gives one row at a time; sockets and compressors want more."""
    gathered, length = list[bytes](), 0
    for block in blocks:
        gathered.append(block)
        length += len(block)
        if length >= size:
            yield b"".join(gathered)
            gathered, length = [], 0
    if gathered:
        yield b"".join(gathered)
