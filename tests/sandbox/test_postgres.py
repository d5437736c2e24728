# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster is made, started, found again and recovered, with the system's PostgreSQL and with the embedded one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from sandbox import postgres_binaries
from sandbox.postgres import Cluster
from sandbox.postgres_binaries import NoPostgres
from sandbox.processes import HOST, REPOSITORY

pytestmark = pytest.mark.server


def _binaries(origin: str) -> postgres_binaries.Binaries:
    try:
        return postgres_binaries.find(origin)
    except NoPostgres as none:
        pytest.skip(str(none))


@pytest.fixture(scope="module", params=["system", "embedded"])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    os.environ["SANDBOX_POSTGRES_IDLE"] = "0"
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), _binaries(request.param))
    cluster.start()
    yield cluster
    cluster.stop()
    del os.environ["SANDBOX_POSTGRES_IDLE"]


def test_starting_a_running_cluster_changes_nothing(cluster: Cluster) -> None:
    before = cluster.pid, cluster.port
    cluster.start()
    assert (cluster.pid, cluster.port) == before


def test_it_listens_on_the_loopback_address_only(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("listen_addresses", "unix_socket_directories")]
    assert shown == [(HOST,), ("",)]


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=HOST, port=cluster.port, user="postgres", password="guessed", dbname="postgres")
    assert (cluster.directory / "password").stat().st_mode & 0o077 == 0


def test_a_database_can_be_cloned_and_dropped(cluster: Cluster) -> None:
    cluster.create_database("model")
    with cluster.connect("model") as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS answer")
    cluster.create_database("clone", template="model")
    with cluster.connect("clone") as connection:
        assert connection.execute("SELECT answer FROM t").fetchone() == (42,)
    for name in ("clone", "model", "never-there"):
        cluster.drop_database(name)
    assert not {"clone", "model"} & set(cluster.databases())


def test_a_killed_cluster_is_recovered_with_its_data(cluster: Cluster) -> None:
    cluster.create_database("survivor")
    killed = cluster.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    cluster.start()
    assert cluster.pid != killed and "survivor" in cluster.databases()
    cluster.drop_database("survivor")


def test_a_stale_pid_file_of_somebody_elses_process_is_in_nobodys_way(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n0\n5432\n")
    assert cluster.pid is None
    cluster.start()
    assert cluster.pid not in (None, os.getpid())


def test_concurrent_starts_start_one_server(cluster: Cluster) -> None:
    cluster.stop()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: cluster.start(), range(4)))
    with cluster.connect() as connection:
        (pid,) = connection.execute("SELECT pg_postmaster_start_time() IS NOT NULL").fetchone() or (None,)
    assert pid and cluster.pid is not None


def test_a_cluster_that_nobody_uses_ends_by_itself(cluster: Cluster) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SANDBOX_POSTGRES": cluster.binaries.origin}
    with cluster.connect():
        watch = subprocess.Popen([sys.executable, "-m", "sandbox.postgres_watch", str(cluster.directory), "0.6"], env=environment)
        time.sleep(2)
        assert cluster.pid is not None, "it ended under a connection"
    assert watch.wait(timeout=30) == 0
    assert cluster.pid is None
    cluster.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has other accounts to run it as")
def test_root_runs_it_as_somebody_else_even_below_a_closed_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_POSTGRES_IDLE", "0")
    (tmp_path / "closed").mkdir(mode=0o700)
    cluster = Cluster(tmp_path / "closed" / "cluster")
    cluster.start()
    try:
        assert cluster.pid is not None
        assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0
    finally:
        cluster.stop()


def test_an_unknown_choice_is_refused_with_the_possible_ones() -> None:
    with pytest.raises(NoPostgres, match=r"SANDBOX_POSTGRES is 'mysql'; it can be 'system' or 'embedded'"):
        postgres_binaries.find("mysql")
