# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data, drift and large templates, against an AWS that works."""

from __future__ import annotations

from typing import Any

from tests.stacks.stack_tasks import StackTasks

TEMPLATE = """
Parameters:
  Name: {Type: String, Default: mail}
Resources:
  Mail: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: {LogGroupName: !Ref Name, RetentionInDays: 7}}
"""
WISH: dict[str, Any] = {"name": "paperboat", "template_body": TEMPLATE}


def names(stacks: StackTasks) -> list[str]:
    return [each["logGroupName"] for each in stacks.aws.client("logs").describe_log_groups()["logGroups"]]


def test_what_holds_data_is_not_replaced_unless_the_task_says_so(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    for check in (True, False):
        message = stacks.fails(check=check, **WISH, parameters={"Name": "post"})
        assert "Mail (AWS::Logs::LogGroup) would be replaced" in message and "mail → post" in message
        assert not stacks.writes and stacks.trace()["paperboat"][1] == []
    assert names(stacks) == ["mail"]
    assert stacks.run(**WISH, parameters={"Name": "post"}, allow_replacement=["Mail"]).changed
    assert "post" in names(stacks)


def test_what_holds_data_is_not_dropped_from_the_template_either(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    without = "Resources:\n  Other: {Type: AWS::Logs::LogGroup}\n"
    assert "would be removed from the stack" in stacks.fails(name="paperboat", template_body=without)
    assert names(stacks) == ["mail"]


def test_drift_is_reported_and_put_back(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    stacks.aws.client("logs").put_retention_policy(logGroupName="mail", retentionInDays=30)
    assert not stacks.run(**WISH).changed

    for check in (True, False):
        reported = stacks.run(check=check, **WISH, drift="report")
        assert not reported.changed and not stacks.writes
        (drifted,) = reported["drift"]
        assert drifted["logical_id"] == "Mail" and drifted["status"] == "modified"
        (difference,) = drifted["properties"]
        assert (difference["path"], str(difference["expected"]), str(difference["actual"])) == ("RetentionInDays", "7", "30")
        assert "Mail (AWS::Logs::LogGroup) was modified outside of CloudFormation" in str(reported["warnings"])

    foretold = stacks.run(check=True, **WISH, drift="revert")
    assert foretold.changed and not stacks.writes
    assert stacks.run(**WISH, drift="revert").changed
    (group,) = stacks.aws.client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 7
    assert not stacks.run(**WISH, drift="revert").changed
    assert stacks.run(**WISH, drift="report")["drift"] == []


def test_a_template_over_the_limit_goes_through_a_bucket(stacks: StackTasks) -> None:
    large = TEMPLATE + "# " + "x" * 52_000 + "\n"
    assert "template_bucket" in stacks.fails(**{**WISH, "template_body": large})
    stacks.aws.client("s3").create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    wish = {**WISH, "template_body": large, "template_bucket": "templates"}
    assert stacks.run(check=True, **wish)["action"] == "create"
    assert stacks.aws.client("s3").list_objects_v2(Bucket="templates")["KeyCount"] == 0
    assert stacks.run(**wish)["action"] == "create"
    assert not stacks.run(**wish).changed
    changed = {**wish, "parameters": {"Name": "post"}, "allow_replacement": ["Mail"]}
    assert stacks.run(check=True, **changed)["changes"][0]["replacement"] == "always"
    assert "ExecuteChangeSet" not in stacks.sent and stacks.trace()["paperboat"][1] == []
