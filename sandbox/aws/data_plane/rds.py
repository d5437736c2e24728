# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of RDS's API that make, change, copy and end databases.

As on RDS a call returns at once and a new instance is ``available`` later. What is not true here:

- The server is of the version that is installed on this machine, whatever EngineVersion says.
- Parameter groups, storage, encryption, Multi-AZ, maintenance and security groups are records only. Read replicas are refused.
- A snapshot is whole when the call returns. The latest restorable time is now, on RDS it is up to five minutes ago. The earliest one is
  the moment when the instance became available, however long the retention period is.
- A change is made at once, also without ApplyImmediately (moto).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from moto.rds import models
from moto.rds.exceptions import DBInstanceNotFoundError, InvalidParameterValue, RDSClientError
from moto.rds.models import DBInstance, DBSnapshot, MasterUserSecret, RDSBackend

from ...postgres import PostgresFailed
from .instances import Backup, Instances
from .replacements import Replacements
from .shown_instance import ShownInstance, rotate, secret_string

Moto = Callable[..., Any]
_origin = threading.local()  # what the instance that this thread is creating comes from: .backup, .managed


def attach(instances: Instances, replacements: Replacements) -> None:
    replacements.put(models, "DBInstance", ShownInstance)
    replacements.put(MasterUserSecret, "_generate_secret_string", secret_string)
    replacements.put(MasterUserSecret, "rotate_secret", rotate)
    for name, make in (
        ("create_db_instance", _create),
        ("modify_db_instance", _modify),
        ("reboot_db_instance", _reboot),
        ("stop_db_instance", _stop),
        ("start_db_instance", _start),
        ("delete_db_instance", _delete),
        ("create_db_instance_read_replica", _refuse_replica),
        ("create_db_snapshot", _snapshot),
        ("copy_db_snapshot", _copy_snapshot),
        ("delete_db_snapshot", _delete_snapshot),
        ("restore_db_instance_from_db_snapshot", _restore_snapshot),
        ("restore_db_instance_to_point_in_time", _restore_point_in_time),
    ):
        replacements.around(RDSBackend, name, partial(make, instances))


def _create(instances: Instances, moto: Moto) -> Moto:
    def create_db_instance(backend: RDSBackend, given: dict[str, Any]) -> DBInstance:
        backup: Backup | None = getattr(_origin, "backup", None)
        if backup is not None:
            # moto copies the source's properties. The password is in the files; whether Secrets Manager has it is asked for anew.
            given = {**given, "master_user_password": None, "manage_master_user_password": _origin.managed}
        shown: DBInstance = moto(backend, given)
        if isinstance(shown, ShownInstance) and shown.real:
            instances.create(shown, backup)
        return shown

    return create_db_instance


def _modify(instances: Instances, moto: Moto) -> Moto:
    def modify_db_instance(backend: RDSBackend, name: str, given: dict[str, Any]) -> DBInstance:
        shown: DBInstance = moto(backend, name, given)
        changes_password = any(
            given.get(key) for key in ("master_user_password", "manage_master_user_password", "rotate_master_user_password")
        )
        if changes_password and isinstance(shown, ShownInstance) and shown.real:
            instances.set_password(shown)
        return shown

    return modify_db_instance


def _reboot(instances: Instances, moto: Moto) -> Moto:
    def reboot_db_instance(backend: RDSBackend, name: str) -> DBInstance:
        shown: DBInstance = moto(backend, name)
        if isinstance(shown, ShownInstance) and shown.real:
            with _failures_told():
                instances.of(shown).restart()
        return shown

    return reboot_db_instance


def _stop(instances: Instances, moto: Moto) -> Moto:
    def stop_db_instance(backend: RDSBackend, name: str, snapshot: str | None = None) -> DBInstance:
        shown: DBInstance = moto(backend, name, snapshot)
        if isinstance(shown, ShownInstance) and shown.real:
            with _failures_told():
                instances.of(shown).stop()
        return shown

    return stop_db_instance


def _start(instances: Instances, moto: Moto) -> Moto:
    def start_db_instance(backend: RDSBackend, name: str) -> DBInstance:
        shown: DBInstance = moto(backend, name)
        if isinstance(shown, ShownInstance) and shown.real:
            with _failures_told():
                instances.of(shown).start()
        return shown

    return start_db_instance


def _delete(instances: Instances, moto: Moto) -> Moto:
    def delete_db_instance(
        backend: RDSBackend,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,
        delete_automated_backups: bool | None = True,
    ) -> DBInstance:
        shown = backend.databases.get(db_instance_identifier)
        if shown is not None and not skip_final_snapshot and not final_db_snapshot_identifier:
            raise RDSClientError(
                "InvalidParameterCombination", "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            )
        deleted: DBInstance = moto(
            backend, db_instance_identifier, final_db_snapshot_identifier, skip_final_snapshot, delete_automated_backups
        )
        if isinstance(deleted, ShownInstance) and deleted.real:
            keep = delete_automated_backups is False and deleted.backup_retention_period > 0
            with _failures_told():
                instances.remove(deleted, keep_backups=keep)
        return deleted

    return delete_db_instance


def _refuse_replica(_instances: Instances, _moto: Moto) -> Moto:
    def create_db_instance_read_replica(_backend: RDSBackend, _given: dict[str, Any]) -> DBInstance:
        raise RDSClientError("InvalidParameterCombination", "The sandbox has no read replicas.")

    return create_db_instance_read_replica


def _snapshot(instances: Instances, moto: Moto) -> Moto:
    def create_db_snapshot(
        backend: RDSBackend, db_instance_identifier: str, db_snapshot_identifier: str, snapshot_type: str = "manual", **named: Any
    ) -> DBSnapshot:
        snapshot: DBSnapshot = moto(backend, db_instance_identifier, db_snapshot_identifier, snapshot_type, **named)
        shown = backend.databases[db_instance_identifier]
        if isinstance(shown, ShownInstance) and shown.real and snapshot_type == "manual":
            try:
                with _failures_told():
                    instances.snapshot(shown, snapshot)
            except RDSClientError:
                backend.database_snapshots.pop(db_snapshot_identifier)
                raise
        return snapshot

    return create_db_snapshot


def _copy_snapshot(instances: Instances, moto: Moto) -> Moto:
    def copy_db_snapshot(
        backend: RDSBackend, source_db_snapshot_identifier: str, target_db_snapshot_identifier: str, **named: Any
    ) -> DBSnapshot:
        copied: DBSnapshot = moto(backend, source_db_snapshot_identifier, target_db_snapshot_identifier, **named)
        instances.snapshot_copied(backend.get_db_snapshot(source_db_snapshot_identifier), copied)
        return copied

    return copy_db_snapshot


def _delete_snapshot(instances: Instances, moto: Moto) -> Moto:
    def delete_db_snapshot(backend: RDSBackend, db_snapshot_identifier: str) -> DBSnapshot:
        snapshot: DBSnapshot = moto(backend, db_snapshot_identifier)
        instances.forget(snapshot)
        return snapshot

    return delete_db_snapshot


def _restore_snapshot(instances: Instances, moto: Moto) -> Moto:
    def restore_db_instance_from_db_snapshot(backend: RDSBackend, name: str, given: dict[str, Any]) -> DBInstance:
        found = backend.describe_db_snapshots(db_instance_identifier=None, db_snapshot_identifier=name.rpartition(":snapshot:")[2])[0]
        return _from(instances.backup_of(found), given, lambda: moto(backend, name, given))

    return restore_db_instance_from_db_snapshot


def _restore_point_in_time(instances: Instances, moto: Moto) -> Moto:
    def restore_db_instance_to_point_in_time(backend: RDSBackend, source: str | None, target: str, given: dict[str, Any]) -> DBInstance:
        shown = _source(instances, backend, source, given.get("source_dbi_resource_id"))
        moment = given.get("restore_time")
        if bool(moment) == bool(given.get("use_latest_restorable_time")):
            raise InvalidParameterValue("Either RestoreTime or UseLatestRestorableTime must be specified, and not both.")
        with _failures_told():
            backup = instances.until(shown, _checked(shown, moment))
        hidden = shown.db_instance_identifier not in backend.databases
        if hidden:
            backend.databases[shown.db_instance_identifier] = shown  # moto copies a restored instance's properties from its source
        try:
            return _from(backup, given, lambda: moto(backend, shown.db_instance_identifier, target, given))
        finally:
            if hidden:
                del backend.databases[shown.db_instance_identifier]

    return restore_db_instance_to_point_in_time


def _source(instances: Instances, backend: RDSBackend, name: str | None, resource: str | None) -> ShownInstance:
    """By name, or by DbiResourceId: that is how a deleted instance is found whose automated backups were kept."""
    candidates = [*backend.databases.values(), *instances.retained.values()]
    for one in candidates:
        if isinstance(one, ShownInstance) and (one.dbi_resource_id == resource if resource else one.db_instance_identifier == name):
            return one
    raise DBInstanceNotFoundError(resource or name or "")


def _checked(shown: ShownInstance, moment: Any) -> datetime | None:
    if not moment:
        return None
    when = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment).replace("Z", "+00:00"))
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    if when > datetime.now(UTC):
        raise InvalidParameterValue("The specified RestoreTime is after the latest restorable time.")
    if shown.available_since is None or when < shown.available_since:
        raise InvalidParameterValue("The specified RestoreTime is before the earliest restorable time.")
    return when


def _from(backup: Backup | None, given: Mapping[str, Any], restore: Callable[[], DBInstance]) -> DBInstance:
    _origin.backup = backup
    _origin.managed = bool(given.get("manage_master_user_password"))
    try:
        restored = restore()
    finally:
        _origin.backup = None
    # moto copies these from the source, and takes what is given for nothing when it is false; on AWS they are off unless asked for
    # (API reference, RestoreDBInstanceToPointInTime).
    restored.deletion_protection = bool(given.get("deletion_protection"))
    restored.multi_az = bool(given.get("multi_az"))
    return restored


@contextlib.contextmanager
def _failures_told() -> Iterator[None]:
    """What PostgreSQL says goes to the caller as RDS's InternalFailure, not as moto's page of a broken server."""
    try:
        yield
    except (PostgresFailed, OSError) as error:
        raise RDSClientError("InternalFailure", f"The sandbox's PostgreSQL: {error}") from error
