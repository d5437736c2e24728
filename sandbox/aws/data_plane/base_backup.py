# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a PostgreSQL server's files while it runs, and the way back: PostgreSQL's own low-level backup.

>>> take(cluster, wal_archive, into)     # into/data, into/password, into/wal: whole and consistent by themselves
>>> lay_out(into, directory, major)      # a directory from which sandbox.postgres.Cluster starts a server with the same contents

A backup holds everything that was committed before it began; what recovery adds from an archive of write-ahead logs comes on top.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from ...postgres import Cluster, PostgresFailed

OLDEST = 15  # pg_backup_start came with it
LEFT_OUT = {"postmaster.pid", "postmaster.opts", "pg_wal", "pg_stat_tmp", "pg_replslot", "pg_notify", "pg_serial", "pg_snapshots"}
EMPTY = ("pg_wal/archive_status", "pg_stat_tmp", "pg_replslot", "pg_notify", "pg_serial", "pg_snapshots")
ARCHIVE_TIMEOUT_S = 30.0
SEGMENT_NAME_LENGTH = 24


def take(cluster: Cluster, wal_archive: Path, into: Path) -> None:
    """Raises PostgresFailed when the server cannot be copied."""
    if cluster.binaries.major < OLDEST:
        raise PostgresFailed(f"snapshots need PostgreSQL {OLDEST} or newer; this machine's is {cluster.binaries.major}")
    into.mkdir(parents=True)
    with cluster.connect() as connection:
        connection.execute("SELECT pg_backup_start('sandbox', fast => true)")
        first = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        _copy(cluster.data, into / "data")
        last = connection.execute("SELECT labelfile, pg_walfile_name(lsn) FROM pg_backup_stop(wait_for_archive => false)").fetchone()
    if first is None or last is None:
        raise PostgresFailed("PostgreSQL did not say which write-ahead logs the backup needs")
    wait_for_segment(wal_archive, str(last[1]))  # PostgreSQL's own waiting looks once a second only
    label = into / "data" / "backup_label"
    label.write_text(last[0])
    _give_to_owner_of(cluster.data, label)
    _copy_segments(wal_archive, into / "wal", str(first[0]), str(last[1]))
    shutil.copy2(cluster.directory / "password", into / "password")


def lay_out(backup: Path, directory: Path, major: int) -> Path:
    """Returns the data directory of the new server."""
    data = directory / f"data-{major}"
    directory.mkdir(parents=True, exist_ok=True)
    _copy(backup / "data", data)
    for name in EMPTY:
        (data / name).mkdir(parents=True, exist_ok=True)
    for segment in (backup / "wal").iterdir():
        _copy_one(segment, data / "pg_wal" / segment.name)
    _give_tree(data)
    data.chmod(0o700)
    shutil.copy2(backup / "password", directory / "password")
    return data


def finish_segment(cluster: Cluster, wal_archive: Path) -> None:
    """Have everything that was committed until now in the archive, followed by a transaction that a point in time can stop at."""
    with cluster.connect() as connection:
        connection.execute("SELECT pg_current_xact_id()")
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    wait_for_segment(wal_archive, str(row[0]) if row else "")


def wait_for_segment(wal_archive: Path, name: str) -> None:
    deadline = time.monotonic() + ARCHIVE_TIMEOUT_S
    while not (wal_archive / name).exists():
        if time.monotonic() > deadline:
            raise PostgresFailed(f"PostgreSQL did not archive its write-ahead log {name} within {ARCHIVE_TIMEOUT_S:.0f} s")
        time.sleep(0.02)


def _copy_segments(archive: Path, into: Path, first: str, last: str) -> None:
    """Segments of one timeline, by name: PostgreSQL counts them up in hexadecimal of fixed length."""
    into.mkdir()
    for segment in sorted(archive.iterdir()):
        if len(segment.name) == SEGMENT_NAME_LENGTH and first <= segment.name <= last:
            _copy_one(segment, into / segment.name)


def _copy(source: Path, target: Path) -> None:
    """A directory of a running server: files may vanish meanwhile, and what matters of them is in the write-ahead logs."""
    target.mkdir(mode=0o700)
    _give_to_owner_of(source, target)
    for entry in source.iterdir():
        if entry.name in LEFT_OUT:
            continue
        with contextlib.suppress(FileNotFoundError):
            if entry.is_dir():
                _copy(entry, target / entry.name)
            else:
                _copy_one(entry, target / entry.name)


def _copy_one(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    shutil.copymode(source, target)
    _give_to_owner_of(source, target)


def _give_to_owner_of(like: Path, path: Path) -> None:
    if os.geteuid() == 0:
        found = like.stat()
        os.chown(path, found.st_uid, found.st_gid)


def _give_tree(data: Path) -> None:
    """What was made here belongs to whom the rest belongs."""
    for name in EMPTY:
        for path in (data / name, (data / name).parent):
            _give_to_owner_of(data / "PG_VERSION", path)
            path.chmod(0o700)
