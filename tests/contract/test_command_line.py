# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's listmonk is started, installed and upgraded as listmonk 6.2.0 is: exit statuses, last lines, what is in the database.

Observed on the real program with ``--config ''`` and the settings in ``LISTMONK_*``. LISTMONK_UNDER_TEST names another program.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.postgres import Cluster, state_directory
from sandbox.processes import HOST, REPOSITORY, environment_for_listmonk, free_port

pytestmark = pytest.mark.server

PROGRAM = os.environ.get("LISTMONK_UNDER_TEST") or str(REPOSITORY / "sandbox" / "bin" / "listmonk")
DIRECTORY = os.environ.get("LISTMONK_UNDER_TEST_CWD") or "/"
ADMIN = {"LISTMONK_ADMIN_USER": "admin", "LISTMONK_ADMIN_PASSWORD": "adminpass1"}
API = {"LISTMONK_ADMIN_API_USER": "api"}
INSTALL = ("--install", "--idempotent", "--yes")


@dataclass(frozen=True)
class Run:
    status: int
    stdout: str
    stderr: str

    @property
    def last(self) -> str:
        return (self.stdout.strip() or self.stderr.strip()).splitlines()[-1]

    def said(self, text: str) -> bool:
        return text in self.stdout + self.stderr


@dataclass(frozen=True)
class Listmonk:
    """The program beside an empty database of its own."""

    cluster: Cluster
    database: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        variables = {**self.cluster.listmonk_environment(self.database), "LISTMONK_app__address": f"{HOST}:{self.port}", **more}
        return environment_for_listmonk(**variables)

    def run(self, *arguments: str, **more: str) -> Run:
        """Run it to its end."""
        command = [PROGRAM, "--config", "", *arguments]
        done = subprocess.run(command, env=self.environment(**more), cwd=DIRECTORY, capture_output=True, text=True, timeout=60, check=False)
        return Run(done.returncode, done.stdout, done.stderr)

    def start(self, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        with open(log, "wb") as output:
            server = subprocess.Popen(
                [PROGRAM, "--config", "", *arguments], env=self.environment(), cwd=DIRECTORY, stdout=output, stderr=output
            )
        self.wait(server)
        return server

    def wait(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and server.poll() is None:
            try:
                if requests.get(f"{self.url}/health", timeout=2).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        pytest.fail("the server does not answer")

    def ask(self, statement: str) -> list[Any]:
        with self.cluster.connect(self.database) as connection:
            cursor = connection.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    cluster = Cluster(state_directory() / "postgres")
    cluster.start()
    return cluster


@contextlib.contextmanager
def _database(cluster: Cluster, name: str, template: str | None = None) -> Iterator[Listmonk]:
    cluster.drop_database(name)
    cluster.create_database(name, template)
    yield Listmonk(cluster, name, free_port())
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def name(slot: str) -> str:
    return "command_line_" + re.sub("[^a-z0-9]", "_", slot)


@pytest.fixture
def listmonk(cluster: Cluster, name: str) -> Iterator[Listmonk]:
    with _database(cluster, name) as listmonk:
        yield listmonk


@pytest.fixture(scope="module")
def once_installed(cluster: Cluster, name: str) -> Iterator[Listmonk]:
    with _database(cluster, f"{name}_installed") as listmonk:
        assert listmonk.run(*INSTALL, **ADMIN).status == 0
        yield listmonk


@pytest.fixture
def installed(cluster: Cluster, name: str, once_installed: Listmonk) -> Iterator[Listmonk]:
    with _database(cluster, name, template=once_installed.database) as listmonk:
        yield listmonk


def test_a_server_does_not_start_on_an_empty_database(listmonk: Listmonk) -> None:
    run = listmonk.run()
    assert run.status == 1
    assert run.last.endswith("the database does not appear to be setup. Run --install.")


def test_an_installation_creates_the_first_users_and_prints_the_token_once(listmonk: Listmonk) -> None:
    run = listmonk.run(*INSTALL, **ADMIN, **API)
    assert run.status == 0
    assert run.said("creating superadmin user 'admin'") and run.said("setup complete")
    assert len(re.findall(r'export LISTMONK_ADMIN_API_TOKEN="[A-Za-z0-9]{32}"', run.stderr)) == 1
    assert listmonk.ask("SELECT username FROM users ORDER BY id") == ["admin", "api"]
    assert listmonk.ask("SELECT value FROM settings WHERE key = 'migrations'") == [["v6.2.0"]]


def test_an_installation_without_users_leaves_that_to_the_first_visitor(listmonk: Listmonk) -> None:
    run = listmonk.run(*INSTALL)
    assert run.status == 0 and run.said("setup complete")
    assert listmonk.ask("SELECT count(*) FROM users") == [0]


def test_an_api_user_needs_an_admin(listmonk: Listmonk) -> None:
    run = listmonk.run(*INSTALL, **API)
    assert run.status == 1
    assert run.last.endswith("LISTMONK_ADMIN_API_USER requires LISTMONK_ADMIN_USER and LISTMONK_ADMIN_PASSWORD to be set")


def test_an_idempotent_installation_leaves_an_installed_database_alone(installed: Listmonk) -> None:
    installed.ask("UPDATE lists SET name = 'kept' WHERE id = 1")
    run = installed.run(*INSTALL, **ADMIN)
    assert run.status == 0
    assert run.last.endswith("skipping install as database appears to be already setup")
    assert installed.ask("SELECT name FROM lists WHERE id = 1") == ["kept"]


def test_a_plain_installation_wipes_an_installed_database(installed: Listmonk) -> None:
    installed.ask("UPDATE lists SET name = 'wiped' WHERE id = 1")
    run = installed.run("--install", "--yes", **ADMIN)
    assert run.status == 0 and run.said("setup complete")
    assert installed.ask("SELECT name FROM lists WHERE id = 1") == ["Default list"]


def test_an_installation_asks_before_it_wipes(installed: Listmonk) -> None:
    command = [PROGRAM, "--config", "", "--install"]
    done = subprocess.run(
        command, env=installed.environment(), cwd=DIRECTORY, input="n\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0 and "install cancelled." in done.stdout
    assert installed.ask("SELECT count(*) FROM users") == [1]


def test_a_short_password_is_found_only_after_the_wiping(installed: Listmonk) -> None:
    installed.ask("UPDATE lists SET name = 'wiped' WHERE id = 1")
    run = installed.run("--install", "--yes", LISTMONK_ADMIN_USER="admin", LISTMONK_ADMIN_PASSWORD="short")
    assert run.status == 1
    assert run.last.endswith("LISTMONK_ADMIN_USER should be min 3 chars and LISTMONK_ADMIN_PASSWORD should be min 8 chars")
    assert installed.ask("SELECT count(*) FROM users") == [0]
    assert installed.ask("SELECT name FROM lists WHERE id = 1") == ["Default list"]


def _make_it_6_1_0(listmonk: Listmonk) -> None:
    """What 6.2.0's migration changes, undone."""
    listmonk.ask("UPDATE settings SET value = '[\"v6.1.0\"]' WHERE key = 'migrations'")
    listmonk.ask("DELETE FROM settings WHERE key IN ('bounce.azure', 'app.show_optin_page')")
    listmonk.ask("UPDATE settings SET key = 'security.cors_origins', value = '[\"https://a.example\"]' WHERE key = 'security.trusted_urls'")
    listmonk.ask(
        "UPDATE settings SET value = (SELECT jsonb_agg(s - 'msg_retry_delay') FROM jsonb_array_elements(value) s) WHERE key = 'smtp'"
    )
    listmonk.ask("UPDATE settings SET value = '\"jp\"' WHERE key = 'app.lang'")


def test_a_server_does_not_start_on_the_schema_of_the_version_before(installed: Listmonk) -> None:
    _make_it_6_1_0(installed)
    run = installed.run()
    assert run.status == 1
    assert run.last.endswith(
        "there are 1 pending database upgrade(s): [v6.2.0]. The last upgrade was v6.1.0. Backup the database and run listmonk --upgrade"
    )


def test_an_upgrade_migrates_the_schema_of_the_version_before(installed: Listmonk) -> None:
    _make_it_6_1_0(installed)
    run = installed.run("--upgrade", "--yes")
    assert run.status == 0
    assert run.said("running migration v6.2.0") and run.last.endswith("upgrade complete")
    assert installed.ask("SELECT value FROM settings WHERE key = 'migrations'") == [["v6.1.0", "v6.2.0"]]
    assert installed.ask("SELECT value FROM settings WHERE key = 'security.trusted_urls'") == [["https://a.example"]]
    assert installed.ask("SELECT value FROM settings WHERE key = 'app.lang'") == ["ja"]
    assert installed.ask("SELECT jsonb_path_query_array(value, '$[*].msg_retry_delay') FROM settings WHERE key = 'smtp'") == [
        ["10ms", "10ms"]
    ]
    assert installed.ask("SELECT value FROM settings WHERE key = 'app.show_optin_page'") == [True]


def test_an_upgrade_of_an_up_to_date_database_does_nothing(installed: Listmonk) -> None:
    run = installed.run("--upgrade", "--yes")
    assert run.status == 0
    assert run.last.endswith("no upgrades to run. Database is up to date.")


def test_an_upgrade_needs_an_installation(listmonk: Listmonk) -> None:
    run = listmonk.run("--upgrade", "--yes")
    assert run.status == 1
    assert run.last.endswith("the database does not appear to be setup. Run --install.")


def test_a_server_runs_on_the_schema_of_a_newer_version(installed: Listmonk, tmp_path: Path) -> None:
    installed.ask("UPDATE settings SET value = '[\"v6.2.0\", \"v6.3.0\"]' WHERE key = 'migrations'")
    server = installed.start(tmp_path / "log")
    server.kill()
    server.wait()


def test_an_unreachable_database_is_named(listmonk: Listmonk) -> None:
    port = free_port()
    run = listmonk.run(LISTMONK_db__host=HOST, LISTMONK_db__port=str(port))
    assert run.status == 1
    assert run.last.endswith(f"error connecting to DB: dial tcp {HOST}:{port}: connect: connection refused")


def test_a_wrong_database_password_is_said_and_not_shown(listmonk: Listmonk) -> None:
    run = listmonk.run(LISTMONK_db__password="not-the-password")
    assert run.status == 1
    assert 'error connecting to DB: pq: password authentication failed for user "postgres"' in run.last
    assert not run.said("not-the-password")


def test_the_version_is_that_of_listmonk(listmonk: Listmonk) -> None:
    run = listmonk.run("--version")
    assert run.status == 0
    assert re.match(r"v6\.2\.0 \(#.*\)$", run.last)


def test_a_server_that_started_says_where(installed: Listmonk, tmp_path: Path) -> None:
    server = installed.start(tmp_path / "log", "--passive")
    try:
        assert (tmp_path / "log").read_text("utf-8").strip().endswith(f"http server started on {HOST}:{installed.port}")
    finally:
        server.kill()
        server.wait()


def test_sigterm_ends_a_server_at_once_and_not_with_0(installed: Listmonk, tmp_path: Path) -> None:
    server = installed.start(tmp_path / "log")
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=3) != 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{installed.url}/health", timeout=2)


def test_sighup_makes_the_same_process_start_again_with_the_settings_of_the_database(installed: Listmonk, tmp_path: Path) -> None:
    server = installed.start(tmp_path / "log")
    try:
        installed.ask("UPDATE settings SET value = '\"Read again\"' WHERE key = 'app.site_name'")
        assert "Read again" not in requests.get(f"{installed.url}/", timeout=10).text
        server.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            time.sleep(0.1)
            installed.wait(server)
            with contextlib.suppress(requests.ConnectionError):  # it goes away half a second after the signal
                if "Read again" in requests.get(f"{installed.url}/", timeout=10).text:
                    break
        else:
            pytest.fail("the settings were not read again")
        assert server.poll() is None
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE settings SET value = '\"\"' WHERE key = 'app.lang'", "app.lang"),
        ("UPDATE settings SET value = '\"ftp\"' WHERE key = 'upload.provider'", "unknown provider. select filesystem or s3"),
        (
            "UPDATE settings SET value = jsonb_set(value, '{0,idle_timeout}', '\"1d\"') WHERE key = 'smtp'",
            "'idle_timeout' time: unknown unit",
        ),
        ("UPDATE settings SET value = jsonb_set(value, '{0,msg_retry_delay}', '\"\"') WHERE key = 'smtp'", "invalid duration"),
        ("UPDATE settings SET value = jsonb_set(value, '{0,max_conns}', '0') WHERE key = 'smtp'", "MaxConns should be >= 1"),
        ("UPDATE settings SET value = jsonb_set(value, '{0,auth_protocol}', '\"foo\"') WHERE key = 'smtp'", "unknown SMTP auth type 'foo'"),
    ],
)
def test_a_server_does_not_start_with_settings_that_brick_listmonk(installed: Listmonk, change: str, words: str) -> None:
    installed.ask(change)
    run = installed.run()
    assert run.status != 0 and run.said(words)
