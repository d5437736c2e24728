# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listmonk process is told from outside: the ``LISTMONK_*`` variables (``LISTMONK_db__host`` is ``db.host``).

With ``--config ''`` listmonk reads nothing else; a configuration file is not supported here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

PREFIX = "LISTMONK_"
IDLE_VARIABLE = "SANDBOX_IDLE_SECONDS"  # ends a forgotten server of a test run; listmonk has no such thing


@dataclass(frozen=True)
class Database:
    host: str = "localhost"
    port: int = 5432
    user: str = "listmonk"
    password: str = field(default="", repr=False)
    database: str = "listmonk"
    ssl_mode: str = "disable"
    params: str = ""
    max_open: int = 25


@dataclass(frozen=True)
class FirstUsers:
    """The users that ``--install`` creates."""

    admin: str = ""
    password: str = field(default="", repr=False)
    api: str = ""


@dataclass(frozen=True)
class Configuration:
    address: str
    database: Database
    first_users: FirstUsers
    idle_seconds: int = 0  # end after so many seconds without a request; 0: never


def read(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Raises ValueError with a sentence when a number is none."""
    given = {name.removeprefix(PREFIX).lower().replace("__", "."): value for name, value in environment.items() if name.startswith(PREFIX)}
    return Configuration(
        address=given.get("app.address", "localhost:9000"),
        database=Database(
            host=given.get("db.host", "localhost"),
            port=_number(given, "db.port", 5432),
            user=given.get("db.user", "listmonk"),
            password=given.get("db.password", ""),
            database=given.get("db.database", "listmonk"),
            ssl_mode=given.get("db.ssl_mode", "disable"),
            params=given.get("db.params", ""),
            max_open=_number(given, "db.max_open", 25),
        ),
        first_users=FirstUsers(
            admin=environment.get("LISTMONK_ADMIN_USER", ""),
            password=environment.get("LISTMONK_ADMIN_PASSWORD", ""),
            api=environment.get("LISTMONK_ADMIN_API_USER", ""),
        ),
        idle_seconds=_whole_number(environment.get(IDLE_VARIABLE, "0"), IDLE_VARIABLE, 900),
    )


def _number(given: Mapping[str, str], key: str, default: int) -> int:
    return _whole_number(given.get(key, str(default)), PREFIX + key.replace(".", "__"), default)


def _whole_number(text: str, variable: str, example: int) -> int:
    if not text.isdigit():
        raise ValueError(f"{variable} is {text!r}; it must be a whole number such as {example}")
    return int(text)
