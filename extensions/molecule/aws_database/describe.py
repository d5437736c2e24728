# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS says about the two databases."""

from __future__ import annotations

import os

import boto3

prefix = os.environ["NAME_PREFIX"]
rds = boto3.client("rds")
logs = boto3.client("logs")
kms = boto3.client("kms")

(alias,) = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{prefix}"]
key = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]["Arn"]
instances = {
    next(tag["Value"] for tag in instance["TagList"] if tag["Key"] == "Name").removeprefix(f"{prefix}-"): instance
    for instance in rds.describe_db_instances()["DBInstances"]
}
assert sorted(instances) == ["database", "drill"], "side by side"
for instance in instances.values():
    assert instance["DBInstanceStatus"] == "available"
    assert instance["Engine"] == "postgres" and instance["EngineVersion"].startswith("17")
    assert instance["StorageEncrypted"] and instance["MultiAZ"] and not instance["PubliclyAccessible"]
    assert instance["MasterUserSecret"]["SecretArn"]
    assert instance["MonitoringInterval"] == 60
    assert instance["CopyTagsToSnapshot"] and instance["BackupRetentionPeriod"] == 14
    (group,) = [used["DBParameterGroupName"] for used in instance["DBParameterGroups"]]
    parameters = {
        parameter["ParameterName"]: parameter.get("ParameterValue")
        for page in rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
        for parameter in page["Parameters"]
    }
    assert parameters["rds.force_ssl"] == "1" and "log_statement" not in parameters
    for log in ("postgresql", "upgrade"):
        name = f"/aws/rds/instance/{instance['DBInstanceIdentifier']}/{log}"
        (found,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert (found["retentionInDays"], found["kmsKeyId"]) == (90, key)
assert instances["database"]["KmsKeyId"] == key
assert instances["database"]["DeletionProtection"] and not instances["drill"]["DeletionProtection"]
assert instances["database"]["DBInstanceIdentifier"] != instances["drill"]["DBInstanceIdentifier"]
