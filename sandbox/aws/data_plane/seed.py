# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an empty server, made once on this machine by initdb: a new database then starts from a copy, seconds earlier."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ...locks import locked
from ...postgres import Cluster, PostgresFailed, state_directory
from ...postgres_binaries import Binaries

ADMIN = "rdsadmin"  # the superuser, as on RDS
SMALL_SEGMENTS = ("--wal-segsize=1",)  # MB of write-ahead log; a rehearsal writes little, and each backup ends a segment

TLS = "tls-library"  # a file that names it, or is empty


def prepare(binaries: Binaries) -> Cluster:
    """Make the seed, unless there is one."""
    seed = Cluster(
        state_directory() / f"database-seed-{binaries.major}", binaries, superuser=ADMIN, initdb_options=SMALL_SEGMENTS, watched=False
    )
    with locked(seed.directory / "seed.lock"):
        if not (seed.directory / TLS).exists():  # written last
            shutil.rmtree(seed.data, ignore_errors=True)
            seed.start()
            with seed.connect() as connection:
                library = connection.execute("SHOW ssl_library").fetchone()
            seed.stop()
            (seed.directory / TLS).write_text(str(library[0]) if library else "")
    return seed


def has_tls(binaries: Binaries) -> bool:
    """Was this PostgreSQL built with it?"""
    return bool((prepare(binaries).directory / TLS).read_text())


def plant(cluster: Cluster) -> None:
    """Let the cluster's data be a copy of the seed. Its superuser's password is the seed's, one for all on this machine."""
    seed = prepare(cluster.binaries)
    cluster.directory.mkdir(parents=True, exist_ok=True)
    shutil.copy2(seed.directory / "password", cluster.directory / "password")
    _copy(seed.data, cluster.data)


def _copy(source: Path, target: Path) -> None:
    """With owners and times, by the tool that is quickest at it."""
    done = subprocess.run(["cp", "-a", str(source), str(target)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresFailed(f"copying {source} failed: {done.stderr.strip()}")
