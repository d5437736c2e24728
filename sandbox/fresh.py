# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh listmonk within two seconds: a clone of an installed database, and a server on a free loopback port.

>>> server = fresh("fresh", slot="news")
>>> server.base_url, server.api_user, server.api_token
('http://127.0.0.1:41523', 'api', '…')

``start`` is "fresh" (human super admin admin / adminpass1 and API super admin api, ids 1 and 2) or "fresh-no-admin". The server that
the same slot had before is ended and its database dropped; servers of other slots live on. A server that nobody asks anything for
FRESH_IDLE seconds (default 900) ends by itself; what it leaves behind is cleared by the next call.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from .listmonk import install, samples
from .listmonk.configuration import IDLE_VARIABLE, FirstUsers
from .listmonk.default_settings import SCHEMA
from .locks import locked
from .postgres import Cluster, state_directory
from .processes import HOST, REPOSITORY, Process, end_of, environment_for_listmonk, free_port, start as start_process

ADMIN = FirstUsers(admin="admin", password="adminpass1", api="api")
Launch = Callable[[dict[str, str], Path], Process]  # (environment, log) -> the server's process
STARTS = ("fresh", "fresh-no-admin")
START_TIMEOUT_S = 30.0


class NotStarted(Exception):
    """The server did not come up; the text ends with the end of its log."""


@dataclass(frozen=True)
class Server:
    base_url: str
    api_user: str
    api_token: str = field(repr=False)
    database_url: str = field(repr=False)
    pid: int
    log_path: Path

    def stop(self) -> None:
        """End the process; its database is dropped by the slot's next server."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass(frozen=True)
class _Left:
    """What a slot's last server left, or still is."""

    database: str
    process: Process


@dataclass(frozen=True)
class _Slot:
    stem: Path  # its files are this and a suffix

    @property
    def file(self) -> Path:
        return self.stem.with_suffix(".json")

    @property
    def lock(self) -> Path:
        return self.stem.with_suffix(".lock")

    @property
    def log(self) -> Path:
        return self.stem.with_suffix(".log")

    def read(self) -> _Left | None:
        try:
            found = json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        return _Left(found["database"], Process(found["pid"], found["started"]))

    def write(self, database: str, process: Process) -> None:
        """Renamed into place: whoever reads it finds a whole one."""
        new = self.stem.with_suffix(".new")
        new.write_text(json.dumps({"database": database, "pid": process.pid, "started": process.started}), "utf-8")
        new.rename(self.file)


def facts(server: Server) -> dict[str, Any]:
    """The server as the command prints it."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(server).items()}


def fresh(start: str = "fresh", slot: str | None = None, *, launch: Launch | None = None) -> Server:
    if start not in STARTS:
        raise NotStarted(f"a server can start 'fresh' or 'fresh-no-admin', not {start!r}")
    cluster = Cluster(state_directory() / "postgres")
    cluster.start()
    name = re.sub(r"[^A-Za-z0-9_-]", "_", slot or os.environ.get("FRESH_SLOT", "default"))
    home = _Slot(state_directory() / "fresh" / name)
    with locked(home.lock):
        _clear(cluster, home)
        _clear_what_others_left(cluster, home)
        template = _template(cluster)
        database = f"fresh_{name[-30:]}_{time.time_ns()}"
        home.write(database, Process(0, 0))
        cluster.create_database(database, template)
        token = _first_users(cluster, database) if start == "fresh" else ""
        return _serve(cluster, home, database, token, launch or _start_program)


def _serve(cluster: Cluster, home: _Slot, database: str, token: str, launch: Launch) -> Server:
    address = f"{HOST}:{free_port()}"
    variables = {
        **cluster.listmonk_environment(database),
        "LISTMONK_app__address": address,
        IDLE_VARIABLE: os.environ.get("FRESH_IDLE", "900"),
        "PYTHONPATH": str(REPOSITORY),
    }
    home.log.unlink(missing_ok=True)
    process = launch(environment_for_listmonk(**variables), home.log)
    home.write(database, process)
    _wait(process, f"http://{address}", home.log)
    return Server(f"http://{address}", ADMIN.api, token, cluster.url(database), process.pid, home.log)


def _start_program(environment: dict[str, str], log: Path) -> Process:
    return start_process([sys.executable, "-m", "sandbox.listmonk", "--config", ""], log=log, environment=environment)


def _wait(process: Process, base_url: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if not process.alive():
            raise NotStarted(f"the server ended at its start: {end_of(log)}")
        try:
            urllib.request.urlopen(base_url + "/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.02)
    process.end(timeout=0)
    raise NotStarted(f"the server did not answer within {START_TIMEOUT_S:.0f} s: {end_of(log)}")


def _template(cluster: Cluster) -> str:
    """The installed database that fresh ones are cloned from; made anew when the schema or the samples change."""
    parts = sorted(SCHEMA.iterdir()) + [Path(install.__file__), Path(samples.__file__)]
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
    name = f"template_{digest}"
    with locked(cluster.directory / "template.lock"):
        existing = [database for database in cluster.databases() if database.startswith("template_")]
        if name in existing:
            return name
        for old in existing + ["making_template"]:
            cluster.drop_database(old)
        cluster.create_database("making_template")
        with psycopg.connect(cluster.url("making_template"), autocommit=True, row_factory=dict_row) as connection:
            install.create_schema(connection)
            samples.create(connection)
        with cluster.connect() as admin:
            admin.execute(f"ALTER DATABASE making_template RENAME TO {name}")
    return name


def _first_users(cluster: Cluster, database: str) -> str:
    with psycopg.connect(cluster.url(database), autocommit=True, row_factory=dict_row) as connection:
        return install.create_first_users(connection, ADMIN, lambda _line: None)


def _clear(cluster: Cluster, slot: _Slot) -> None:
    """End the slot's server, if it still runs, and drop its database."""
    left = slot.read()
    if left is None:
        return
    left.process.end(timeout=0)
    cluster.drop_database(left.database)
    slot.file.unlink()


def _clear_what_others_left(cluster: Cluster, own: _Slot) -> None:
    """Slots whose server has ended, by itself or by force, keep a database and files that nobody needs."""
    for file in own.file.parent.glob("*.json"):
        slot = _Slot(file.with_suffix(""))
        if slot == own:
            continue
        with locked(slot.lock, wait=False) as ours:
            left = slot.read() if ours else None
            if left is not None and not left.process.alive():
                _clear(cluster, slot)
                slot.log.unlink(missing_ok=True)
                slot.lock.unlink()
