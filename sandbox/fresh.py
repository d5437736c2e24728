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
import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from .listmonk import install, samples
from .listmonk.configuration import IDLE_VARIABLE, FirstUsers
from .postgres import HOST, SUPERUSER, Cluster, state_directory

ADMIN = FirstUsers(admin="admin", password="adminpass1", api="api")
STARTS = ("fresh", "fresh-no-admin")
START_TIMEOUT_S = 30.0
REPOSITORY = Path(__file__).resolve().parent.parent


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


def fresh(start: str = "fresh", slot: str | None = None) -> Server:
    if start not in STARTS:
        raise NotStarted(f"a server can start 'fresh' or 'fresh-no-admin', not {start!r}")
    slot = slot or os.environ.get("FRESH_SLOT", "default")
    cluster = Cluster(state_directory() / "postgres")
    cluster.start()
    home = state_directory() / "fresh" / re.sub(r"[^A-Za-z0-9_.-]", "_", slot)
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "lock"):
        _clear(cluster, home)
        _clear_what_others_left(cluster, home)
        template = _template(cluster)
        database = f"fresh_{home.name}_{os.getpid()}_{time.time_ns()}"[-60:]
        (home / "server.json").write_text(json.dumps({"database": database, "pid": 0}))
        cluster.create_database(database, template)
        token = _first_users(cluster, database) if start == "fresh" else ""
        return _serve(cluster, home, database, token)


def _serve(cluster: Cluster, home: Path, database: str, token: str) -> Server:
    log_path = home / "log"
    address = f"{HOST}:{_free_port()}"
    environment = {
        **os.environ,
        "LISTMONK_app__address": address,
        "LISTMONK_db__host": HOST,
        "LISTMONK_db__port": str(cluster.port),
        "LISTMONK_db__user": SUPERUSER,
        "LISTMONK_db__password": cluster.password,
        "LISTMONK_db__database": database,
        "LISTMONK_db__ssl_mode": "disable",
        IDLE_VARIABLE: os.environ.get("FRESH_IDLE", "900"),
        "PYTHONPATH": str(REPOSITORY),
    }
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.listmonk", "--config", ""],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (home / "server.json").write_text(json.dumps({"database": database, "pid": process.pid}))
    _wait(process, f"http://{address}", log_path)
    return Server(f"http://{address}", ADMIN.api, token, cluster.url(database), process.pid, log_path)


def _wait(process: subprocess.Popen[bytes], base_url: str, log_path: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"the server ended at its start: {_end_of(log_path)}")
        try:
            urllib.request.urlopen(base_url + "/health", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    process.kill()
    raise NotStarted(f"the server did not answer within {START_TIMEOUT_S:.0f} s: {_end_of(log_path)}")


def _template(cluster: Cluster) -> str:
    """The installed database that fresh ones are cloned from; made anew when the schema or the samples change."""
    parts = sorted(install.SCHEMA.iterdir()) + [Path(install.__file__), Path(samples.__file__)]
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
    name = f"template_{digest}"
    with _locked(cluster.directory / "template.lock"):
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


def _clear(cluster: Cluster, home: Path) -> None:
    """End the slot's server, if it still runs, and drop its database."""
    try:
        left = json.loads((home / "server.json").read_text())
    except (FileNotFoundError, ValueError):
        return
    if _is_server(left["pid"]):
        os.kill(left["pid"], signal.SIGKILL)
        _reap(left["pid"])
    cluster.drop_database(left["database"])
    (home / "server.json").unlink()


def _clear_what_others_left(cluster: Cluster, home: Path) -> None:
    for other in home.parent.iterdir():
        if other == home or not (other / "server.json").exists():
            continue
        with _locked(other / "lock", wait=False) as free:
            if not free or not (other / "server.json").exists():
                continue
            try:
                pid = json.loads((other / "server.json").read_text())["pid"]
            except ValueError:
                pid = 0
            if not _is_server(pid):
                _clear(cluster, other)


def _is_server(pid: int) -> bool:
    try:
        return bool(pid) and b"sandbox.listmonk" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _reap(pid: int) -> None:
    """A server that this process started itself stays a zombie until it is waited for."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


@contextlib.contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file; yields False when it is taken and ``wait`` is off."""
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end_of(log_path: Path) -> str:
    return " / ".join(log_path.read_text("utf-8", "replace").splitlines()[-5:])


def main(arguments: list[str]) -> int:
    """``fresh-listmonk fresh|fresh-no-admin``: the last line printed is JSON."""
    try:
        server = fresh(arguments[0] if arguments else "fresh")
    except Exception as error:
        sys.stderr.write(f"no fresh listmonk: {error}\n")
        return 1
    facts = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(server).items()}
    sys.stdout.write(json.dumps(facts) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
