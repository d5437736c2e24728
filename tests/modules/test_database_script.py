# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of the tools task, run with a real psql against a real PostgreSQL whose master is no superuser, as on RDS."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.database_script import EMPTY, HALF, INSTALLED, PREPARE_AND_SEE, SEE
from sandbox.postgres import Cluster, state_directory
from tests.fresh_listmonk import ROOT

PASSWORD = "it$(would)be`run`Here9"


@dataclass(frozen=True)
class Database:
    """An empty database, and names of roles that are this test's own (roles belong to all databases of a cluster)."""

    cluster: Cluster
    name: str

    @property
    def login(self) -> str:
        return f"{self.name}_login"

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    @property
    def master(self) -> str:
        return f"{self.name}_master"

    def run(self, script: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a script as the container does: no terminal, credentials in the environment."""
        environment = {
            "PATH": f"{self.cluster.binaries.directory}:{os.environ['PATH']}",
            "PGHOST": self.cluster.host,
            "PGPORT": str(self.cluster.port),
            "PGDATABASE": self.name,
            "PGUSER": self.master,
            "PGPASSWORD": "of the master",
            "LISTMONK_LOGIN_NAME": self.login,
            "LISTMONK_LOGIN_PASSWORD": PASSWORD,
            "LISTMONK_OWNER": self.owner,
        }
        command = ["sh", "-c", script]
        return subprocess.run(command, env={**environment, **changes}, capture_output=True, text=True, timeout=60, check=False)

    def install(self, **users: str) -> None:
        variables = {
            "LISTMONK_db__host": self.cluster.host,
            "LISTMONK_db__port": str(self.cluster.port),
            "LISTMONK_db__user": self.login,
            "LISTMONK_db__password": PASSWORD,
            "LISTMONK_db__database": self.name,
            "LISTMONK_db__ssl_mode": "disable",
            "LISTMONK_app__address": "127.0.0.1:0",
        }
        program = os.environ.get("SANDBOX_LISTMONK") or str(ROOT / "sandbox" / "bin" / "listmonk")
        command = [program, "--config=", "--install", "--idempotent", "--yes"]
        subprocess.run(command, env={**os.environ, **variables, **users}, check=True, capture_output=True, timeout=60)

    def ask(self, question: str, user: str | None = None) -> list[tuple[object, ...]]:
        url = self.cluster.url(self.name)
        with psycopg.connect(url, **({"user": user, "password": PASSWORD} if user else {})) as connection:
            return connection.execute(question.encode()).fetchall()


@pytest.fixture
def database(slot: str) -> Iterator[Database]:
    cluster = Cluster(state_directory() / "postgres")
    cluster.start()
    found = Database(cluster, f"script_{slot.replace('-', '_')}".lower())
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        _remove(connection, found)
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD 'of the master'").format(sql.Identifier(found.master))
        )
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(found.name), sql.Identifier(found.master)))
        yield found
        _remove(connection, found)


def _remove(connection: psycopg.Connection, database: Database) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name)))
    for role in (database.login, database.owner, database.master):
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def test_an_empty_database_is_prepared_and_said_to_be_empty(database: Database) -> None:
    ended = database.run(PREPARE_AND_SEE)
    assert ended.returncode == EMPTY, ended.stderr
    assert database.ask("SELECT current_user, session_user", database.login) == [(database.owner, database.login)]


def test_a_second_run_leaves_the_password_alone(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    stored = "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'script_%login'"
    before = database.ask(stored)
    assert str(before[0][0]).startswith("SCRAM-SHA-256$")
    assert database.run(PREPARE_AND_SEE).returncode == EMPTY
    assert database.ask(stored) == before


def test_nobody_can_sign_in_as_the_owner(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    with pytest.raises(psycopg.OperationalError):
        database.ask("SELECT 1", database.owner)


def test_what_listmonk_creates_belongs_to_the_owner_and_can_be_dumped_by_the_master(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    database.install(LISTMONK_ADMIN_USER="admin", LISTMONK_ADMIN_PASSWORD="a good password")
    assert database.ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == [(database.owner,)]
    dumped = database.run("pg_dump --schema-only | grep -c 'CREATE TABLE'")
    assert int(dumped.stdout) >= 10
    assert database.run(SEE).returncode == INSTALLED


def test_a_second_login_role_sees_what_the_first_one_made(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    database.install(LISTMONK_ADMIN_USER="admin", LISTMONK_ADMIN_PASSWORD="a good password")
    second = f"{database.name}_second"
    try:
        assert database.run(PREPARE_AND_SEE, LISTMONK_LOGIN_NAME=second).returncode == INSTALLED
        assert database.ask("SELECT count(*) FROM settings", second)[0][0]
    finally:
        with psycopg.connect(database.cluster.url(database.name), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(second)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(second)))


def test_a_listmonk_without_anybody_who_can_sign_in_is_told_apart(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    database.install()
    assert database.run(SEE).returncode == HALF


def test_a_database_with_some_of_the_tables_is_told_apart(database: Database) -> None:
    database.run(PREPARE_AND_SEE)
    with psycopg.connect(database.cluster.url(database.name)) as connection:
        connection.execute("CREATE TABLE subscribers (id int)")
    assert database.run(PREPARE_AND_SEE).returncode == HALF


def test_nothing_secret_is_printed(database: Database) -> None:
    ended = database.run(PREPARE_AND_SEE)
    for text in (ended.stdout, ended.stderr):
        assert PASSWORD not in text
        assert "SCRAM" not in text


def test_a_master_that_cannot_sign_in_ends_the_task_with_what_postgresql_says(database: Database) -> None:
    ended = database.run(PREPARE_AND_SEE, PGPASSWORD="wrong")
    assert ended.returncode not in (EMPTY, INSTALLED, HALF)
    assert "password authentication failed" in ended.stderr
