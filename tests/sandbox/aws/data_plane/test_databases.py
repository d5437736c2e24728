# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database instances: PostgreSQL servers with the master's password, snapshots, and points in time."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws.data_plane.estate import Estate, wait_for

pytestmark = pytest.mark.slow


class Database:
    def __init__(self, estate: Estate, name: str) -> None:
        self.rds = estate.aws.client("rds")
        self.secrets = estate.aws.client("secretsmanager")
        self.name = name
        self.home = estate.aws.home

    @property
    def shown(self) -> dict[str, Any]:
        return dict(self.rds.describe_db_instances(DBInstanceIdentifier=self.name)["DBInstances"][0])

    def available(self) -> dict[str, Any]:
        found = wait_for(lambda: self.shown, lambda one: one["DBInstanceStatus"] != "creating")
        assert found["DBInstanceStatus"] == "available"
        return dict(found)

    @property
    def credentials(self) -> dict[str, str]:
        arn = self.shown["MasterUserSecret"]["SecretArn"]
        return dict(json.loads(self.secrets.get_secret_value(SecretId=arn)["SecretString"]))

    def connect(self, user: str, password: str, database: str = "listmonk") -> psycopg.Connection:
        endpoint = self.available()["Endpoint"]
        return psycopg.connect(
            host=endpoint["Address"],
            port=endpoint["Port"],
            user=user,
            password=password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def rows(self, credentials: dict[str, str]) -> list[int]:
        with self.connect(credentials["username"], credentials["password"]) as connection:
            return [int(number) for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]

    def add(self, number: int) -> None:
        with self.connect(user=self.credentials["username"], password=self.credentials["password"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
            connection.execute("INSERT INTO kept VALUES (%s)", [number])

    def remove(self) -> None:
        self.rds.delete_db_instance(DBInstanceIdentifier=self.name, SkipFinalSnapshot=True)


def create(estate: Estate, name: str, **how: Any) -> Database:
    options = {"Engine": "postgres", "EngineVersion": "17", "DBInstanceClass": "db.t4g.small", "AllocatedStorage": 20, "DBName": "listmonk"}
    options |= {"MasterUsername": "postgres", "ManageMasterUserPassword": True, "BackupRetentionPeriod": 7}
    estate.aws.client("rds").create_db_instance(DBInstanceIdentifier=name, **{**options, **how})
    return Database(estate, name)


@pytest.fixture(scope="module")
def database(estate: Estate) -> Database:
    made = create(estate, "first")
    made.available()
    return made


def test_an_instance_is_being_created_before_it_is_available_with_an_endpoint(estate: Estate) -> None:
    made = create(estate, "fresh")
    first = made.shown
    assert first["DBInstanceStatus"] == "creating" and "Endpoint" not in first
    endpoint = made.available()["Endpoint"]
    assert endpoint["Address"].startswith("127.") and endpoint["Port"] == 5432
    made.remove()


def test_the_managed_password_is_the_masters_who_is_no_superuser_but_may_do_what_a_schema_needs(database: Database) -> None:
    credentials = database.credentials
    assert credentials["username"] == "postgres"
    with database.connect(credentials["username"], credentials["password"]) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        connection.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
        connection.execute("CREATE ROLE owner_of_tables NOLOGIN")
        connection.execute("GRANT owner_of_tables TO postgres")
        connection.execute("CREATE ROLE someone LOGIN PASSWORD 'x' IN ROLE owner_of_tables")
        connection.execute("CREATE DATABASE another OWNER postgres")
    with database.connect("someone", "x") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("someone",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        database.connect("postgres", "not the password")


def test_the_connection_can_be_encrypted_and_verified(database: Database) -> None:
    endpoint, password = database.available()["Endpoint"], database.credentials["password"]
    where = {"host": endpoint["Address"], "port": endpoint["Port"], "user": "postgres", "dbname": "listmonk", "password": password}
    with psycopg.connect(**where, sslmode="verify-full", sslrootcert=str(database.home / "ca.pem")) as connection:
        row = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert row == (True,)


def test_a_given_master_password_works_and_a_changed_one_replaces_it(estate: Estate) -> None:
    made = create(estate, "given", MasterUsername="chief", ManageMasterUserPassword=False, MasterUserPassword="first-password")
    made.available()
    made.connect("chief", "first-password").close()
    made.rds.modify_db_instance(DBInstanceIdentifier="given", MasterUserPassword="second-password", ApplyImmediately=True)
    made.connect("chief", "second-password").close()
    with pytest.raises(psycopg.OperationalError):
        made.connect("chief", "first-password")
    made.remove()


def test_a_rotated_managed_password_is_the_masters_at_once(database: Database) -> None:
    before = database.credentials
    database.rds.modify_db_instance(DBInstanceIdentifier="first", RotateMasterUserPassword=True, ApplyImmediately=True)
    after = database.credentials
    assert after["password"] != before["password"]
    database.connect("postgres", after["password"]).close()
    with pytest.raises(psycopg.OperationalError):
        database.connect("postgres", before["password"])


def test_a_restored_snapshot_holds_what_was_there_and_nothing_later(estate: Estate, database: Database) -> None:
    database.add(1)
    credentials = database.credentials
    database.rds.create_db_snapshot(DBInstanceIdentifier="first", DBSnapshotIdentifier="one")
    database.add(2)
    database.rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier="one")
    restored = Database(estate, "restored")
    assert restored.rows(credentials) == [1], "with the password of then, which no secret manages"
    assert "MasterUserSecret" not in restored.shown
    assert database.rows(database.credentials) == [1, 2]
    restored.rds.modify_db_instance(DBInstanceIdentifier="restored", ManageMasterUserPassword=True, ApplyImmediately=True)
    assert restored.rows(restored.credentials) == [1]
    restored.remove()


def test_a_point_in_time_holds_what_was_committed_until_then(estate: Estate) -> None:
    source = create(estate, "source")
    source.add(1)
    wait_for(lambda: "LatestRestorableTime" in source.shown, bool)
    time.sleep(1.1)  # the API takes whole seconds
    moment = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1)
    source.add(2)
    credentials = source.credentials
    rds = source.rds
    rds.restore_db_instance_to_point_in_time(SourceDBInstanceIdentifier="source", TargetDBInstanceIdentifier="then", RestoreTime=moment)
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="source", TargetDBInstanceIdentifier="now", UseLatestRestorableTime=True
    )
    then, now = Database(estate, "then"), Database(estate, "now")
    assert (then.rows(credentials), now.rows(credentials)) == ([1], [1, 2])
    early = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(ClientError, match="before the earliest restorable time"):
        rds.restore_db_instance_to_point_in_time(SourceDBInstanceIdentifier="source", TargetDBInstanceIdentifier="early", RestoreTime=early)
    for one in (then, now, source):
        one.remove()


def test_a_deleted_instance_can_be_restored_from_its_final_snapshot_and_from_kept_automated_backups(estate: Estate) -> None:
    lost = create(estate, "lost")
    lost.add(7)
    credentials, resource = lost.credentials, lost.shown["DbiResourceId"]
    rds = lost.rds
    rds.delete_db_instance(DBInstanceIdentifier="lost", FinalDBSnapshotIdentifier="final", DeleteAutomatedBackups=False)
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        rds.describe_db_instances(DBInstanceIdentifier="lost")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="from-final", DBSnapshotIdentifier="final")
    rds.restore_db_instance_to_point_in_time(
        SourceDbiResourceId=resource, TargetDBInstanceIdentifier="from-backups", UseLatestRestorableTime=True
    )
    for name in ("from-final", "from-backups"):
        restored = Database(estate, name)
        assert restored.rows(credentials) == [7]
        restored.remove()


def test_an_instance_is_not_deleted_without_a_word_about_its_final_snapshot_or_while_it_is_protected(estate: Estate) -> None:
    made = create(estate, "protected", DeletionProtection=True)
    made.available()
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        made.rds.delete_db_instance(DBInstanceIdentifier="protected")
    with pytest.raises(ClientError, match="Cannot delete protected DB Instance"):
        made.remove()
    made.connect("postgres", made.credentials["password"]).close()


def test_a_restored_instance_is_protected_only_if_that_is_asked_for(estate: Estate) -> None:
    source = create(estate, "guarded", DeletionProtection=True, MultiAZ=True)
    wait_for(lambda: "LatestRestorableTime" in source.shown, bool)
    for name, protected in (("unguarded", False), ("guarded-too", True)):
        source.rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier="guarded",
            TargetDBInstanceIdentifier=name,
            UseLatestRestorableTime=True,
            DeletionProtection=protected,
            MultiAZ=protected,
        )
        shown = Database(estate, name).available()
        assert (shown["DeletionProtection"], shown["MultiAZ"]) == (protected, protected)


def test_a_reboot_cuts_connections_and_keeps_the_data(database: Database) -> None:
    credentials = database.credentials
    connection = database.connect("postgres", credentials["password"])
    database.rds.reboot_db_instance(DBInstanceIdentifier="first")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    database.connect("postgres", credentials["password"]).close()


def test_read_replicas_are_refused_and_not_pretended(database: Database) -> None:
    with pytest.raises(ClientError, match="no read replicas"):
        database.rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="first")
