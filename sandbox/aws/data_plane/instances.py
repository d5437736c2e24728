# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All databases of the sandbox: which server belongs to which instance, which files to which snapshot."""

from __future__ import annotations

import re
import shutil
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBSnapshot

from . import loopback
from .certificates import Authority
from .database import Database, Master
from .place import Place
from .shown_instance import ShownInstance

READY_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Backup:
    """What a new database is made from: a copy, and with ``wal`` what was written after it, up to a moment (None: all of it)."""

    directory: Path
    wal: Path | None = None
    until: datetime | None = None


@dataclass
class _Known:
    database: Database
    ready: threading.Event = field(default_factory=threading.Event)


class Instances:
    def __init__(self, place: Place, authority: Authority) -> None:
        self._place = place
        self._authority = authority
        self._known: dict[str, _Known] = {}  # by DbiResourceId
        self._snapshots: dict[str, Path] = {}  # by ARN
        self.retained: dict[str, ShownInstance] = {}  # deleted, but their automated backups are kept; by DbiResourceId

    def create(self, shown: ShownInstance, backup: Backup | None) -> None:
        """Returns at once; the instance is ``available`` or ``failed`` later."""
        shown.status = "creating"
        port = int(shown.port or 5432)
        directory = self._place.databases / shown.dbi_resource_id
        known = _Known(Database(directory, loopback.take(port), port, authority=self._authority))
        self._known[shown.dbi_resource_id] = known
        threading.Thread(
            target=self._make, args=(shown, known, backup), name=f"database {shown.db_instance_identifier}", daemon=True
        ).start()

    def of(self, shown: ShownInstance) -> Database:
        """Its server, once it is there. Raises RDSClientError when it never came."""
        known = self._known.get(shown.dbi_resource_id)
        if known is None or not known.ready.wait(READY_TIMEOUT_S) or shown.status == "failed":
            raise RDSClientError("InvalidDBInstanceState", f"Instance {shown.db_instance_identifier} has no database.")
        return known.database

    def set_password(self, shown: ShownInstance) -> None:
        self.of(shown).set_master(_master(shown))

    def first_backup(self, shown: ShownInstance) -> Path:
        known = self._known[shown.dbi_resource_id]
        return known.database.first_backup

    def until(self, shown: ShownInstance, moment: datetime | None) -> Backup:
        """What has been written until now can be restored: RDS's five minutes of delay are not waited for."""
        database = self._known[shown.dbi_resource_id].database
        if shown.dbi_resource_id not in self.retained:
            self.of(shown).finish_segment()
        return Backup(database.first_backup, database.wal, moment)

    def remove(self, shown: ShownInstance, *, keep_backups: bool) -> None:
        database = self.of(shown) if shown.status != "failed" else self._known[shown.dbi_resource_id].database
        if keep_backups:
            database.finish_segment()
            self.retained[shown.dbi_resource_id] = shown
        else:
            del self._known[shown.dbi_resource_id]
        database.remove(keep_backups=keep_backups)

    def snapshot(self, shown: ShownInstance, snapshot: DBSnapshot) -> None:
        path = self._place.snapshots / re.sub(r"[^a-z0-9-]", "_", snapshot.db_snapshot_arn)
        self.of(shown).snapshot(path)
        self._snapshots[snapshot.db_snapshot_arn] = path

    def snapshot_copied(self, source: DBSnapshot, target: DBSnapshot) -> None:
        if source.db_snapshot_arn in self._snapshots:
            self._snapshots[target.db_snapshot_arn] = self._snapshots[source.db_snapshot_arn]

    def forget(self, snapshot: DBSnapshot) -> None:
        path = self._snapshots.pop(snapshot.db_snapshot_arn, None)
        if path is not None and path not in self._snapshots.values():
            shutil.rmtree(path)

    def backup_of(self, snapshot: DBSnapshot) -> Backup | None:
        """None for a snapshot of an instance that is a record only, or for one of moto's own."""
        path = self._snapshots.get(snapshot.db_snapshot_arn)
        if path is not None:
            return Backup(path)
        known = self._known.get(snapshot.dbi_resource_id)  # an automated one: the first backup of its instance
        return Backup(known.database.first_backup) if known is not None and snapshot.snapshot_type == "automated" else None

    def end_all(self) -> None:
        for known in list(self._known.values()):
            known.ready.wait(READY_TIMEOUT_S)
            known.database.stop()
            loopback.give_back(known.database.address)
        self._known.clear()
        self._snapshots.clear()
        self.retained.clear()

    def _make(self, shown: ShownInstance, known: _Known, backup: Backup | None) -> None:
        try:
            if backup is None:
                known.database.create(_master(shown), shown.db_name)
            else:
                known.database.create_from(backup.directory, wal=backup.wal, until=backup.until)
                known.database.set_master(_master(shown))
        except Exception as error:
            shown.status = "failed"
            sys.stderr.write(f"database {shown.db_instance_identifier}: {type(error).__name__}: {error}\n")
        else:
            shown.loopback_address = known.database.address
            shown.status = "available"
            known.database.back_up()
            shown.available_since = datetime.now(UTC)
        finally:
            known.ready.set()


def _master(shown: ShownInstance) -> Master:
    return Master(shown.master_username or "postgres", shown.given_password)
