# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A database instance as a real PostgreSQL server, with an address, a master role and an archive of its write-ahead logs.

The server's superuser is ``rdsadmin``, as on RDS; the master role is none, but may create roles, databases and trusted extensions.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from psycopg import sql

from ... import postgres_binaries
from ...postgres import Cluster
from ...postgres_binaries import Binaries
from . import base_backup, loopback, seed
from .certificates import Authority, CertificateFiles, write

GROUP = "rds_superuser"
GROUP_MAY = ("pg_monitor", "pg_signal_backend", "pg_read_all_settings")


@dataclass(frozen=True)
class Master:
    name: str
    password: str | None = field(repr=False)  # None: as it is in what was restored


@dataclass(frozen=True)
class Database:
    """``directory`` is the server's; its archive and its first backup are beside the data."""

    directory: Path
    address: str
    port: int
    binaries: Binaries = field(default_factory=postgres_binaries.find)
    authority: Authority | None = None
    recovery: Mapping[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> Cluster:
        options = {
            "archive_mode": "on",
            "archive_command": _archive_command(self.wal),
            **self._tls,
            **self.recovery,
        }
        return Cluster(
            self.directory,
            self.binaries,
            options,
            superuser=seed.ADMIN,
            address=(self.address, self.port),
            initdb_options=seed.SMALL_SEGMENTS,
            watched=False,
        )

    @property
    def wal(self) -> Path:
        return self.directory / "wal"

    @property
    def first_backup(self) -> Path:
        """Where every point in time begins."""
        return self.directory / "backup"

    def create(self, master: Master, database: str | None) -> None:
        seed.plant(self.cluster)
        self._make_archive()
        self._certify()
        self.cluster.start()
        with self.cluster.connect() as connection:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(GROUP)))
            for role in GROUP_MAY:
                connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(role), sql.Identifier(GROUP)))
        self.set_master(master)
        if database and database != "postgres":
            with self.cluster.connect() as connection:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(master.name)))

    def create_from(self, backup: Path, *, wal: Path | None = None, until: datetime | None = None) -> None:
        """From a snapshot; with ``wal``, an archive of write-ahead logs that follow it, up to the point in time ``until``."""
        data = base_backup.lay_out(backup, self.directory, self.binaries.major)
        self._make_archive()
        self._certify()
        start = self
        if wal is not None:
            (data / "recovery.signal").touch(mode=0o600)
            self._give(data / "recovery.signal")
            recovery = {"restore_command": f"cp {_quoted(wal / '%f')} %p", "recovery_target_action": "promote"}
            if until is not None:
                recovery |= {"recovery_target_time": until.strftime("%Y-%m-%d %H:%M:%S.%f+00"), "recovery_target_inclusive": "true"}
            start = replace(self, recovery=recovery)
        start.cluster.start()
        self._wait_until_writable()

    def set_master(self, master: Master) -> None:
        """Make the role, or change its password."""
        if master.password is None:
            return
        name = sql.Identifier(master.name)
        with self.cluster.connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [master.name]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(name))
                connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(GROUP), name))
            # As a verifier: the password itself would be in the log of a statement that fails.
            verifier = connection.pgconn.encrypt_password(master.password.encode(), master.name.encode(), b"scram-sha-256").decode()
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(verifier)))

    def snapshot(self, into: Path) -> None:
        base_backup.take(self.cluster, self.wal, into)

    def finish_segment(self) -> None:
        base_backup.finish_segment(self.cluster, self.wal)

    def restart(self) -> None:
        self.stop()
        self.start()

    def start(self) -> None:
        self.cluster.start()

    def stop(self) -> None:
        self.cluster.stop()

    def remove(self, *, keep_backups: bool = False) -> None:
        """The server and its data; with ``keep_backups`` what a point in time is restored from stays."""
        self.stop()
        loopback.give_back(self.address)
        if keep_backups:
            shutil.rmtree(self.cluster.data)
        else:
            shutil.rmtree(self.directory)

    def back_up(self) -> None:
        """Points in time begin here."""
        base_backup.take(self.cluster, self.wal, self.first_backup)

    @property
    def _tls(self) -> dict[str, str]:
        files = CertificateFiles(self.directory / "server.pem", self.directory / "server.key")
        if not files.key.exists():
            return {}
        return {"ssl": "on", "ssl_cert_file": str(files.certificate), "ssl_key_file": str(files.key)}

    def _certify(self) -> None:
        """With a certificate for its address, if this PostgreSQL can use one."""
        if self.authority is not None and seed.has_tls(self.binaries):
            files = write(self.authority.issue([self.address]), self.directory, "server")
            self._give(files.certificate)
            self._give(files.key)

    def _wait_until_writable(self) -> None:
        """A server that recovers answers before it has reached its point in time."""
        with self.cluster.connect() as connection:
            while (row := connection.execute("SELECT pg_is_in_recovery()").fetchone()) is not None and row[0]:
                connection.execute("SELECT pg_sleep(0.05)")

    def _make_archive(self) -> None:
        self.wal.mkdir(parents=True, mode=0o700)
        self._give(self.wal)

    def _give(self, path: Path) -> None:
        account = postgres_binaries.owner()
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)


def new_password() -> str:
    """As long as RDS's own; of letters, digits and a few signs, none of which a URL or a shell takes for its own."""
    return secrets.token_urlsafe(21)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _archive_command(archive: Path) -> str:
    """Renamed into place, so that a segment that is there is whole. %p and %f are PostgreSQL's: the segment's path and name."""
    part, whole = _quoted(archive / "%f.part"), _quoted(archive / "%f")
    return f"test -f {whole} || (cp %p {part} && mv {part} {whole})"
