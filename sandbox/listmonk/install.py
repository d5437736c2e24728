# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``--install``: the tables, the default settings, the sample objects that a fresh listmonk has, and the first users."""

from __future__ import annotations

import secrets
import string
import sys
from collections.abc import Callable

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from . import VERSION, samples
from .configuration import Configuration, FirstUsers
from .default_settings import DEFAULT_SETTINGS, SCHEMA
from .log import Log
from .migrations import record
from .passwords import password_hash
from .permissions import ALL_PERMISSIONS
from .tokens import token_hash

Connection = psycopg.Connection[DictRow]

SCHEMA_FILES = ("types.sql", "audience.sql", "content.sql", "people.sql", "statistics.sql")

TABLES = (
    "subscribers", "lists", "subscriber_lists", "templates", "campaigns", "campaign_lists", "campaign_views", "media",
    "campaign_media", "links", "link_clicks", "settings", "bounces", "roles", "users", "sessions",
)  # fmt: skip
VIEWS = ("mat_list_subscriber_stats", "mat_dashboard_counts", "mat_dashboard_charts")
TYPES = (
    "list_type", "list_optin", "list_status", "subscriber_status", "subscription_status", "campaign_status", "campaign_type",
    "content_type", "bounce_type", "template_type", "user_type", "user_status", "role_type", "twofa_type",
)  # fmt: skip


class Refused(Exception):
    """An installation that cannot go on; the text is the log's last line."""


def run(connection: Connection, configuration: Configuration, log: Log, *, idempotent: bool) -> None:
    if idempotent and _has_settings(connection):
        log("skipping install as database appears to be already setup")
        return
    create_schema(connection)
    samples.create(connection)
    token = create_first_users(connection, configuration.first_users, log)
    if token:
        log("writing API token LISTMONK_ADMIN_API_TOKEN to stderr")
        sys.stderr.write(f'export LISTMONK_ADMIN_API_TOKEN="{token}"\n')
    log("setup complete")
    log(f"run the program and access the dashboard at {configuration.address}")


def create_schema(connection: Connection) -> None:
    """Wipe what listmonk has in this database and make it anew."""
    with connection.transaction():
        for view in VIEWS:
            connection.execute(f"DROP MATERIALIZED VIEW IF EXISTS {view}")
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        for kind in TYPES:
            connection.execute(f"DROP TYPE IF EXISTS {kind} CASCADE")
        _create_extension(connection)
        for name in SCHEMA_FILES:
            connection.execute((SCHEMA / name).read_bytes())
        for key, value in DEFAULT_SETTINGS.items():
            connection.execute("INSERT INTO settings (key, value) VALUES (%s, %s)", [key, Jsonb(value)])
        record(connection, VERSION)


def create_first_users(connection: Connection, users: FirstUsers, log: Callable[[str], None]) -> str:
    """The human super admin and the API super admin that are named (ids 1 and 2); returns the API user's token ("" without one)."""
    wanted = bool(users.admin and users.password)
    if wanted and (len(users.admin.encode()) < 3 or len(users.password.encode()) < 8):
        raise Refused("LISTMONK_ADMIN_USER should be min 3 chars and LISTMONK_ADMIN_PASSWORD should be min 8 chars")
    log(f"creating superadmin user '{users.admin}'" if wanted else "no superadmin user created. Visit webpage to create user.")
    if users.api:
        if not wanted:
            raise Refused("LISTMONK_ADMIN_API_USER requires LISTMONK_ADMIN_USER and LISTMONK_ADMIN_PASSWORD to be set")
        if len(users.api.encode()) < 3:
            raise Refused("LISTMONK_ADMIN_API_USER should be min 3 chars")
        log(f"creating superadmin API user '{users.api}'")
    if not wanted:
        return ""
    with connection.transaction():
        role = _create_super_admin_role(connection)
        _create_user(connection, users.admin, "user", f"{users.admin}@listmonk", password_hash(users.password), role)
        if not users.api:
            return ""
        token = random_string(32)
        _create_user(connection, users.api, "api", f"{users.api}@api", token_hash(token), role)
        return token


def random_string(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def _create_super_admin_role(connection: Connection) -> int:
    row = connection.execute(
        "INSERT INTO roles (name, type, permissions) VALUES ('Super Admin', 'user', %s) RETURNING id", [list(ALL_PERMISSIONS)]
    ).fetchone()
    assert row is not None
    return int(row["id"])


def _create_user(connection: Connection, name: str, kind: str, email: str, password: str, role: int) -> None:
    connection.execute(
        """
        INSERT INTO users (username, password_login, password, email, name, type, user_role_id, status)
        VALUES (%s, %s, %s, %s, %s, %s, %s, 'enabled')
        """,
        [name, kind == "user", password, email, name, kind, role],
    )


def _has_settings(connection: Connection) -> bool:
    row = connection.execute("SELECT to_regclass('settings') IS NOT NULL AS found").fetchone()
    return bool(row and row["found"])


def _create_extension(connection: Connection) -> None:
    """listmonk creates pgcrypto for its passwords. Ours hashes them itself, so an embedded PostgreSQL without it will do."""
    available = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'pgcrypto'").fetchone()
    if available is not None:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
