# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What KMS and S3 say about key and buckets."""

from __future__ import annotations

import json
import os

import boto3

prefix = os.environ["NAME_PREFIX"]
kms = boto3.client("kms")
s3 = boto3.client("s3")

(alias,) = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{prefix}"]
key = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]
assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
publishers = next(statement for statement in policy["Statement"] if statement["Sid"] == "ServicesThatPublish")["Principal"]["Service"]
assert {"ses.amazonaws.com", "events.rds.amazonaws.com", "sns.amazonaws.com"} <= set(publishers)

buckets = {}
for bucket in s3.list_buckets()["Buckets"]:
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=bucket["Name"])["TagSet"]}
    assert tags["Environment"] == "molecule"
    buckets[tags["Name"].removeprefix(f"{prefix}-")] = bucket["Name"]
assert sorted(buckets) == ["backups", "exports", "logs", "media", "raw-mail"]

kept = {}
for word, name in buckets.items():
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    encryption = rule["ApplyServerSideEncryptionByDefault"]
    assert encryption["SSEAlgorithm"] == ("AES256" if word == "logs" else "aws:kms")
    assert word == "logs" or encryption["KMSMasterKeyID"] == key["Arn"]
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()) == {True}
    statements = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
    assert any(one["Effect"] == "Deny" and one["Condition"] == {"Bool": {"aws:SecureTransport": "false"}} for one in statements)
    logged = s3.get_bucket_logging(Bucket=name).get("LoggingEnabled")
    assert (logged is None) == (word == "logs")
    assert logged is None or (logged["TargetBucket"], logged["TargetPrefix"]) == (buckets["logs"], f"s3/{word}/")
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert lifecycle["NoncurrentVersionExpiration"]["NoncurrentDays"] >= 1, "or nothing would ever be freed"
    kept[word] = lifecycle["Expiration"]["Days"]
assert kept == {"media": 730, "backups": 60, "exports": 30, "raw-mail": 365, "logs": 365}

for word in ("backups", "raw-mail"):
    held = s3.get_object_lock_configuration(Bucket=buckets[word])["ObjectLockConfiguration"]
    retention = held["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 14)
