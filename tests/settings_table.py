# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's settings as its database holds them: the only place where a password can be seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.fresh_listmonk import FreshListmonk


@dataclass(frozen=True)
class SettingsTable:
    url: str

    @classmethod
    def of(cls, server: FreshListmonk) -> SettingsTable:
        if not server.database_url:
            pytest.skip("the command in SANDBOX_FRESH does not say where the database is")
        return cls(server.database_url)

    def __getitem__(self, key: str) -> Any:
        with self._open() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = %s", [key]).fetchone()
        assert row is not None, f"there is no row {key}"
        return row[0]

    def __setitem__(self, key: str, value: Any) -> None:
        with self._open() as connection:
            connection.execute("UPDATE settings SET value = %s WHERE key = %s", [json.dumps(value), key])

    def __delitem__(self, key: str) -> None:
        with self._open() as connection:
            connection.execute("DELETE FROM settings WHERE key = %s", [key])

    def smtp(self, name: str) -> dict[str, Any]:
        """The stored block of an SMTP server."""
        (block,) = [block for block in self["smtp"] if block.get("name") == name]
        return dict(block)

    def execute(self, statement: str, *values: Any) -> None:
        with self._open() as connection:
            connection.execute(statement, list(values))

    @contextmanager
    def _open(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection
