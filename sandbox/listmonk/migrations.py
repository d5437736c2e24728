# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the database schema: the last element of the JSON array in settings, key ``migrations``.

The sandbox's listmonk installs the schema of its own version only; ``--upgrade`` knows the step from the version before.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from . import VERSION
from .default_settings import DEFAULT_SETTINGS
from .log import Log
from .tokens import token_hash

Connection = psycopg.Connection[DictRow]


def installed(connection: Connection) -> bool:
    return _exists(connection, "templates")


def last(connection: Connection) -> str:
    """The version that the database is at; ``v0.0.0`` when nothing is recorded."""
    if not _exists(connection, "settings"):
        return "v0.0.0"
    row = connection.execute("SELECT value ->> -1 AS version FROM settings WHERE key = 'migrations'").fetchone()
    return str(row["version"]) if row and row["version"] else "v0.0.0"


def pending(connection: Connection) -> list[str]:
    """The versions between the database's and this program's. A database of a newer version has none: listmonk runs on it."""
    at = _numbers(last(connection))
    return [version for version, _step in STEPS if _numbers(version) > at]


def record(connection: Connection, version: str) -> None:
    connection.execute(
        """
        INSERT INTO settings (key, value) VALUES ('migrations', %(versions)s)
        ON CONFLICT (key) DO UPDATE SET value = settings.value || excluded.value
        """,
        {"versions": Jsonb([version])},
    )


def upgrade(connection: Connection, log: Log) -> None:
    to_run = pending(connection)
    if not to_run:
        log("no upgrades to run. Database is up to date.")
        return
    for version, step in STEPS:
        if version in to_run:
            log(f"running migration {version}")
            with connection.transaction():
                step(connection)
                record(connection, version)
    log("upgrade complete")


def _to_6_2_0(connection: Connection) -> None:
    """What 6.2.0 changed in a database of 6.1.0: settings that are new, renamed or spelled otherwise, and tokens kept as hashes."""
    connection.execute("UPDATE settings SET key = 'security.trusted_urls' WHERE key = 'security.cors_origins'")
    for key in ("app.show_optin_page", "bounce.azure", "security.trusted_urls"):
        connection.execute(
            "INSERT INTO settings (key, value) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING", [key, Jsonb(DEFAULT_SETTINGS[key])]
        )
    for old, new in (("cs-cz", "cs"), ("jp", "ja"), ("se", "sv")):
        connection.execute("UPDATE settings SET value = %s WHERE key = 'app.lang' AND value = %s", [Jsonb(new), Jsonb(old)])
    _complete_smtp_servers(connection)
    for user in connection.execute("SELECT id, password FROM users WHERE type = 'api' AND password <> ''").fetchall():
        if not re.fullmatch("[a-f0-9]{64}", user["password"]):
            connection.execute("UPDATE users SET password = %s WHERE id = %s", [token_hash(user["password"]), user["id"]])


def _complete_smtp_servers(connection: Connection) -> None:
    row = connection.execute("SELECT value FROM settings WHERE key = 'smtp'").fetchone()
    if row and isinstance(row["value"], list):
        servers = [{"msg_retry_delay": "10ms", "from_addresses": [], **server} for server in row["value"]]
        connection.execute("UPDATE settings SET value = %s WHERE key = 'smtp'", [Jsonb(servers)])


STEPS: tuple[tuple[str, Callable[[Connection], None]], ...] = ((VERSION, _to_6_2_0),)


def _exists(connection: Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL AS found", [table]).fetchone()
    return bool(row and row["found"])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("-")[0].split("."))
