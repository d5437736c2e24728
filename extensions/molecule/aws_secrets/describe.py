# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Secrets Manager says about the secrets."""

from __future__ import annotations

import json
import os

import boto3

prefix = os.environ["NAME_PREFIX"]
manager = boto3.client("secretsmanager")
kms = boto3.client("kms")

(alias,) = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == f"alias/{prefix}"]
key = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]
keys = {}
for listed in manager.list_secrets()["SecretList"]:
    secret = manager.describe_secret(SecretId=listed["ARN"])
    tags = {tag["Key"]: tag["Value"] for tag in secret["Tags"]}
    assert tags["Environment"] == "molecule" and secret["KmsKeyId"] == key["Arn"]
    policy = json.loads(manager.get_resource_policy(SecretId=listed["ARN"])["ResourcePolicy"])
    assert {statement["Sid"] for statement in policy["Statement"]} == {"NothingFromOtherAccounts", "NotDeletedByHand"}
    value = json.loads(manager.get_secret_value(SecretId=listed["ARN"])["SecretString"])
    word = tags["Name"].removeprefix(f"{prefix}-")
    keys[word] = (value["username"], *(name for name in value if name != "username"))
    made_up = next(value[name] for name in value if name != "username")
    assert len(made_up) >= 32 and made_up.isalnum(), word
assert keys == {
    "admin": ("admin", "password"),
    "api-token": ("automation", "token"),
    "database": ("listmonk", "password"),
    "smtp": ("not-set", "password"),
}
