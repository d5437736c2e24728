# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PostgreSQL says about listmonk's place in it, asked with the credentials that a task would get, and what the log groups do not say."""

from __future__ import annotations

import json
import os
from typing import Any

import bcrypt
import boto3
import psycopg

prefix = os.environ["NAME_PREFIX"]
manager = boto3.client("secretsmanager")
logs = boto3.client("logs")

named = {tag["Value"]: secret["ARN"] for secret in manager.list_secrets()["SecretList"] for tag in secret["Tags"] if tag["Key"] == "Name"}
(database,) = boto3.client("rds").describe_db_instances()["DBInstances"]


def credentials(arn: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(manager.get_secret_value(SecretId=arn)["SecretString"])
    return found


login = credentials(named[f"{prefix}-database"])
admin = credentials(named[f"{prefix}-admin"])
master = credentials(database["MasterUserSecret"]["SecretArn"])


def query(who: dict[str, str], statement: str) -> list[Any]:
    """The first column of what PostgreSQL answers, over TLS."""
    with psycopg.connect(
        host=database["Endpoint"]["Address"],
        port=database["Endpoint"]["Port"],
        dbname=database["DBName"],
        user=who["username"],
        password=who["password"],
        sslmode="require",
        connect_timeout=10,
    ) as connection:
        return [row[0] for row in connection.execute(statement)]


assert query(login, "SELECT session_user::text") == ["listmonk"]
assert query(login, "SELECT current_user::text") == ["listmonk_owner"], "the login role acts as the owner"
assert query(master, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'listmonk_owner'") == [False]
tables = query(login, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
assert {"settings", "users", "roles", "lists", "subscribers", "campaigns", "templates", "media"} <= set(tables)
assert query(login, "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'") == ["listmonk_owner"]
assert query(login, "SELECT username FROM users WHERE type = 'user' AND status = 'enabled' AND user_role_id = 1") == [admin["username"]]
assert query(login, "SELECT count(*) FROM users") == [1], "nobody else, and no API user whose token somebody could have read"
(password,) = query(login, "SELECT password FROM users")
assert bcrypt.checkpw(admin["password"].encode(), password.encode()), "the admin signs in with the password of the secret"
assert query(master, f"SELECT has_database_privilege('public', '{database['DBName']}', 'CONNECT')") == [False]

record = json.loads(boto3.client("ssm").get_parameter(Name=f"/clarivum.mailing/{prefix}/schema")["Parameter"]["Value"])
assert record["database"] == database["DbiResourceId"]

(cluster,) = boto3.client("ecs").list_clusters()["clusterArns"]
assert boto3.client("ecs").list_tasks(cluster=cluster)["taskArns"] == [], "what ran has ended"
lines = [
    event["message"]
    for group in logs.describe_log_groups()["logGroups"]
    for stream in logs.describe_log_streams(logGroupName=group["logGroupName"])["logStreams"]
    for event in logs.get_log_events(logGroupName=group["logGroupName"], logStreamName=stream["logStreamName"], startFromHead=True)[
        "events"
    ]
]
assert any("setup complete" in line for line in lines)
assert not [line for line in lines for secret in (login, admin, master) if secret["password"] in line]
