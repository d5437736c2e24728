# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups that services make by themselves get a retention and a key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.logs.responses import LogsResponse

from ansible_collections.clarivum.mailing.plugins.action.aws_log_group import ActionModule
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.log_group import RETENTION_DAYS
from tests.toolchain.project import documentation
from tests.unit.aws_leftovers.conftest import Cloud

NAME = "/aws/rds/instance/paperboat/postgresql"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(autouse=True)
def _keys_of_groups_can_be_set_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto 5.2.5 knows a group's key, but not the operation that sets it later."""

    def associate_kms_key(response: Any) -> str:
        asked = json.loads(response.body)
        response.logs_backend.groups[asked["logGroupName"]].kms_key_id = asked["kmsKeyId"]
        return "{}"

    monkeypatch.setattr(LogsResponse, "associate_kms_key", associate_kms_key, raising=False)


def groups(cloud: Cloud) -> dict[str, tuple[Any, Any]]:
    listed = cloud.client("logs").describe_log_groups()["logGroups"]
    return {group["logGroupName"]: (group.get("retentionInDays"), group.get("kmsKeyId")) for group in listed}


def test_a_group_that_a_service_made_gets_retention_and_key_once(cloud: Cloud) -> None:
    cloud.client("logs").create_log_group(logGroupName=NAME)
    first = cloud.task("aws_log_group", names=[NAME], retention_days=90, key_arn=KEY)
    assert first["changed"] and groups(cloud) == {NAME: (90, KEY)}
    assert first["diff"][0]["before"] == "retention_days: for ever\nkey_arn: of CloudWatch Logs\n"
    assert cloud.task("aws_log_group", names=[NAME], retention_days=90, key_arn=KEY)["changed"] is False


def test_a_group_that_is_not_there_yet_is_made_with_its_tags(cloud: Cloud) -> None:
    result = cloud.task("aws_log_group", names=[NAME], retention_days=14, tags={"Environment": "dev"})
    assert result["log_groups"] == [{"name": NAME, "retention_days": 14, "key_arn": None}]
    assert groups(cloud) == {NAME: (14, None)}
    assert cloud.client("logs").list_tags_log_group(logGroupName=NAME)["tags"] == {"Environment": "dev"}


def test_a_group_whose_name_only_begins_alike_is_another_one(cloud: Cloud) -> None:
    cloud.client("logs").create_log_group(logGroupName=f"{NAME}-old")
    cloud.task("aws_log_group", names=[NAME], retention_days=7)
    assert groups(cloud) == {NAME: (7, None), f"{NAME}-old": (None, None)}


def test_what_is_not_given_is_left_alone(cloud: Cloud) -> None:
    cloud.client("logs").create_log_group(logGroupName=NAME, kmsKeyId=KEY)
    cloud.task("aws_log_group", names=[NAME], retention_days=7)
    assert groups(cloud) == {NAME: (7, KEY)}


def test_a_check_predicts_and_writes_nothing(cloud: Cloud) -> None:
    unknown = "/aws/rds/instance/known after apply (paperboat-database.InstanceId)/postgresql"
    result = cloud.task("aws_log_group", names=[NAME, unknown], retention_days=7, key_arn="known after apply (s.KeyArn)", check=True)
    assert result["changed"] and len(result["diff"]) == 2
    assert groups(cloud) == {}


def test_an_alias_in_place_of_a_key_is_refused_before_anything_is_written(cloud: Cloud) -> None:
    result = cloud.task("aws_log_group", names=[NAME], key_arn="alias/paperboat")
    assert result["failed"] and "takes no alias" in result["msg"] and groups(cloud) == {}


def test_a_retention_that_cloudwatch_does_not_know_is_refused_with_those_it_knows(cloud: Cloud) -> None:
    result = cloud.task("aws_log_group", names=[NAME], retention_days=42)
    assert result["failed"] and "3653" in result["msg"] and groups(cloud) == {}


def test_the_documented_retentions_are_those_that_the_task_accepts() -> None:
    documented = documentation("aws_log_group")["options"]["retention_days"]["choices"]
    assert documented == list(RETENTION_DAYS) == ActionModule.argument_spec["retention_days"]["choices"]
