# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real PostgreSQL servers on this machine: made when missing, started when not running, loopback only, fast instead of durable.

>>> cluster = Cluster(state_directory() / "postgres")
>>> cluster.start()                      # idempotent, safe against concurrent starts, recovers from kill -9
>>> cluster.url("some_database")
'postgresql://postgres:…@127.0.0.1:43121/some_database'
>>> with cluster.admin() as connection: …
>>> cluster.stop()

A cluster is one directory; several may run beside each other, each with a port and a password of its own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from . import postgres_binaries
from .locks import locked
from .postgres_binaries import Binaries
from .processes import HOST, REPOSITORY, free_port, start, state_directory

__all__ = ["Cluster", "PostgresFailed", "state_directory"]

SUPERUSER = "postgres"
START_TIMEOUT_S = 60.0
OPTIONS = {  # a sandbox may lose data with the machine's power, not with its processes
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
}


class PostgresFailed(Exception):
    """PostgreSQL could not be made, started or stopped; the text ends with the end of its log."""


@dataclass(frozen=True)
class Cluster:
    """``directory`` holds the password, the log, the lock and the data; ``options`` are added to the server's configuration.

    ``address`` fixes where it listens (without one: a free port of 127.0.0.1). ``watched`` lets it end when nobody uses it any more.
    """

    directory: Path
    binaries: Binaries = field(default_factory=postgres_binaries.find)
    options: dict[str, str] = field(default_factory=dict)
    superuser: str = SUPERUSER
    address: tuple[str, int] | None = None
    initdb_options: tuple[str, ...] = ()
    watched: bool = True

    @property
    def data(self) -> Path:
        return self.directory / f"data-{self.binaries.major}"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def password(self) -> str:
        return (self.directory / "password").read_text("ascii").strip()

    @property
    def pid(self) -> int | None:
        """The server's process, None when it does not run."""
        lines = self._pid_file()
        return int(lines[0]) if lines and self._is_ours(int(lines[0])) else None

    @property
    def port(self) -> int:
        lines = self._pid_file()
        if len(lines) < 4:
            raise PostgresFailed(f"PostgreSQL in {self.directory} is not running")
        return int(lines[3])

    @property
    def host(self) -> str:
        return self.address[0] if self.address else HOST

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{self.superuser}:{quote(self.password)}@{self.host}:{self.port}/{quote(database)}"

    def listmonk_environment(self, database: str) -> dict[str, str]:
        """The variables that point a listmonk to one of this cluster's databases."""
        return {
            "LISTMONK_db__host": self.host,
            "LISTMONK_db__port": str(self.port),
            "LISTMONK_db__user": self.superuser,
            "LISTMONK_db__password": self.password,
            "LISTMONK_db__database": database,
            "LISTMONK_db__ssl_mode": "disable",
            "LISTMONK_db__max_open": "25",
            "LISTMONK_db__max_idle": "25",
            "LISTMONK_db__max_lifetime": "300s",
        }

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def start(self) -> None:
        """Make the cluster if it is missing and start it if it does not run."""
        if self._answers():
            return
        with locked(self.directory / "lock"):
            if self._answers():
                return
            if not (self.data / "PG_VERSION").exists():
                self._create()
            deadline = time.monotonic() + START_TIMEOUT_S
            while not self._start_once():  # the port was taken meanwhile, or children of a killed server are still ending
                if time.monotonic() > deadline:
                    raise PostgresFailed(f"PostgreSQL did not start within {START_TIMEOUT_S:.0f} s. {self._end_of_log()}")
                time.sleep(0.2)
            if self.watched:
                self._watch()

    def stop(self, timeout: float = 20.0) -> None:
        """End the server and wait for it; connections are cut."""
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # "fast" shutdown
        deadline = time.monotonic() + timeout
        while self.pid == pid:
            if time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL (process {pid}) did not end within {timeout:.0f} s")
            time.sleep(0.02)

    def create_database(self, name: str, template: str | None = None) -> None:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self.connect() as connection:
            connection.execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop it, cutting connections to it; nothing happens when there is none."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def databases(self) -> list[str]:
        with self.connect() as connection:
            return [str(name) for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY datname")]

    def connections(self) -> int:
        """How many clients are connected, this one aside."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def _answers(self) -> bool:
        if self.pid is None:
            return False
        try:
            self.connect().close()
        except psycopg.Error:
            return False
        return True

    def _create(self) -> None:
        """initdb in a directory beside, renamed when it is whole: a start that was killed leaves nothing half made."""
        making = self.data.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.directory / "password"
        if not password.exists():
            with open(os.open(password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
        making.mkdir(mode=0o700)
        self._give(making)
        with self._readable_password() as file_name:
            command = [self.binaries.program("initdb"), "-D", str(making), "-U", self.superuser, "--auth=scram-sha-256"]
            command += [f"--pwfile={file_name}", "--no-sync", "--encoding=UTF8", "--locale=C", *self.initdb_options]
            done = subprocess.run(self._as_owner(command), capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise PostgresFailed(f"initdb failed: {(done.stderr or done.stdout).strip()}")
        making.rename(self.data)

    @contextlib.contextmanager
    def _readable_password(self) -> Iterator[str]:
        """The password in a file that the account PostgreSQL runs as may read."""
        copy = self.directory / "password.initdb"
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.password)
        self._give(copy)
        try:
            yield str(copy)
        finally:
            copy.unlink()

    def _start_once(self) -> bool:
        """One attempt; False when another one may succeed. Raises when it cannot."""
        if self._pid_file() and self.pid is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)  # its number may meanwhile be another process's
        host, port = self.address or (HOST, free_port())
        settings = {**OPTIONS, **self.options, "listen_addresses": host, "unix_socket_directories": "", "port": str(port)}
        command = [self.binaries.program("postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        beginning = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            server = subprocess.Popen(
                self._as_owner(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if server.poll() is not None:
                said = self.log.read_bytes()[beginning:].decode("utf-8", "replace")
                if "could not create any TCP/IP sockets" in said or "pre-existing shared memory block" in said:
                    return False
                raise PostgresFailed(f"PostgreSQL ended at its start: {said.strip()}")
            if self._answers():
                return True
            time.sleep(0.03)
        return False

    def _watch(self) -> None:
        """Let postgres_watch.py end the server when it has not been used for SANDBOX_POSTGRES_IDLE seconds (0: never)."""
        seconds = os.environ.get("SANDBOX_POSTGRES_IDLE", "1200")
        if seconds != "0":
            start(
                [sys.executable, "-m", "sandbox.postgres_watch", str(self.directory), seconds],
                log=self.directory / "watch.log",
                environment={**os.environ, "PYTHONPATH": str(REPOSITORY), "SANDBOX_POSTGRES": self.binaries.origin},
                cwd=Path("/"),
            )

    def _as_owner(self, command: list[str]) -> list[str]:
        return postgres_binaries.as_owner(command, self.directory / "x", self.binaries.directory / "x")

    def _give(self, path: Path) -> None:
        account = postgres_binaries.owner()
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_ours(self, pid: int) -> bool:
        """Is the process a server of this directory, and not one that was given the number of a killed one?"""
        try:
            return str(self.data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False

    def _end_of_log(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()[-5:] if self.log.exists() else []
        return "The end of its log: " + " / ".join(lines)
