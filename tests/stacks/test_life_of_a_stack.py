# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_stack and aws_stack_info. A stack from nothing to nothing: created, changed and removed, each step foretold, done, and done again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.module_in_process import Result
from tests.stacks.stack_tasks import StackTasks

TEMPLATE = """
Parameters:
  Days: {Type: Number, Default: 14}
  Extra: {Type: String, Default: 'false', AllowedValues: ['true', 'false']}
Conditions:
  HasExtra: !Equals [!Ref Extra, 'true']
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: !Ref Days}
  Other:
    Type: AWS::Logs::LogGroup
    Condition: HasExtra
    Properties: {RetentionInDays: 3}
  Backups:
    Type: AWS::S3::Bucket
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
Outputs:
  Group: {Value: !Ref Group}
  GroupArn: {Value: !GetAtt Group.Arn}
  Days: {Value: !Ref Days}
"""
WISH: dict[str, Any] = {"name": "paperboat", "template_body": TEMPLATE, "tags": {"project": "paperboat"}, "termination_protection": True}


def fates(result: Result) -> list[tuple[str, str, str]]:
    return sorted((each["action"], each["logical_id"], each["replacement"]) for each in result["changes"])


def foretold_and_done(stacks: StackTasks, **options: Any) -> Result:
    """Check, do, check again, do again; the check leaves no trace and tells what then happens."""
    before = stacks.trace()
    foretold = stacks.run(check=True, **options)
    assert foretold.changed, foretold.msg
    assert stacks.trace() == before and not stacks.writes
    done = stacks.run(**options)
    assert done.changed, done.msg
    assert fates(foretold) == fates(done) and foretold["diff"] == done["diff"] and foretold["action"] == done["action"]
    for check in (True, False):
        again = stacks.run(check=check, **options)
        assert not again.changed and not again["changes"] and again["outputs"] == done["outputs"]
        assert not stacks.writes
    for name, value in foretold["outputs"].items():
        assert value == done["outputs"][name] or value == f"known after apply ({options['name']}.{name})"
    assert set(foretold["outputs"]) == set(done["outputs"])
    return done


def test_a_stack_is_created_changed_and_removed_as_foretold(stacks: StackTasks) -> None:
    created = foretold_and_done(stacks, **WISH)
    assert created["action"] == "create" and created["stack_status"] == "CREATE_COMPLETE"
    assert created["summary"] == "stack paperboat created: 2 added"
    logs = stacks.aws.client("logs")
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 14

    changed = foretold_and_done(stacks, **WISH, parameters={"Days": 30, "Extra": True})
    assert fates(changed) == [("add", "Other", "never"), ("modify", "Group", "never")]
    assert "-  RetentionInDays: 14" not in changed["diff"]["before"] and "  RetentionInDays: 14" in changed["diff"]["before"]
    assert "  RetentionInDays: 30" in changed["diff"]["after"]
    assert changed["outputs"]["Group"] == created["outputs"]["Group"]

    with_name = TEMPLATE.replace("Properties: {RetentionInDays: !Ref Days}", "Properties: {LogGroupName: mail, RetentionInDays: !Ref Days}")
    replaced = foretold_and_done(stacks, **{**WISH, "template_body": with_name}, parameters={"Days": 30})
    assert fates(replaced) == [("modify", "Group", "always"), ("remove", "Other", "never")]
    assert "Group (AWS::Logs::LogGroup):  # will be replaced" in replaced["diff"]["after"]
    assert replaced["outputs"]["Group"] == "mail"

    assert "termination_protection: false" in stacks.fails(name="paperboat", state="absent")
    removal = {"name": "paperboat", "state": "absent", "termination_protection": False}
    foretold = stacks.run(check=True, **removal)
    assert foretold.changed and not stacks.writes
    done = stacks.run(**removal)
    assert foretold["summary"].endswith("would be removed: 1 removed, 1 kept") and done["summary"].endswith("removed: 1 removed, 1 kept")
    assert done["kept"] == foretold["kept"] and [each["logical_id"] for each in done["kept"]] == ["Backups"]
    assert fates(done) == fates(foretold)
    buckets = [each["Name"] for each in stacks.aws.client("s3").list_buckets()["Buckets"]]
    assert buckets == [done["kept"][0]["physical_id"]]
    for check in (True, False):
        assert not stacks.run(check=check, **removal).changed


def test_a_second_run_costs_three_requests(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    assert not stacks.run(**WISH).changed
    assert stacks.sent == ["DescribeStacks", "ListChangeSets", "GetTemplate"]


def test_a_template_that_only_reads_differently_changes_nothing(stacks: StackTasks) -> None:
    """Case 13 with the engine's own wording, and the outputs of a changing run."""
    outputs = stacks.run(**WISH)["outputs"]
    for check in (True, False):
        result = stacks.run(check=check, **{**WISH, "template_body": TEMPLATE + "# the same\n"})
        assert not result.changed and result["outputs"] == outputs
        assert "CreateChangeSet" in stacks.sent and not stacks.writes
    assert stacks.trace()["paperboat"][1] == []


@pytest.mark.parametrize("check", [True, False])
def test_a_template_that_aws_cannot_read_fails_with_its_reason_and_leaves_nothing(stacks: StackTasks, check: bool) -> None:
    wrong = TEMPLATE + "  Wrong: {Value: !GetAtt Grup.Arn}\n"
    assert "Grup" in stacks.fails(check=check, name="paperboat", template_body=wrong)
    assert stacks.trace() == {}


def test_tags_alone_are_a_change(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    changed = foretold_and_done(stacks, **{**WISH, "tags": {"project": "paperboat", "owner": "post"}})
    assert changed["changes"]
    stack = stacks.aws.client("cloudformation").describe_stacks(StackName="paperboat")["Stacks"][0]
    assert {each["Key"] for each in stack["Tags"]} == {"project", "owner"}


def test_the_twin_reads_what_the_task_made(stacks: StackTasks) -> None:
    outputs = stacks.run(**WISH)["outputs"]
    one = stacks.info(name="paperboat", resources=True)
    assert one["outputs"] == outputs and one["parameters"]["Days"] == "14" and one["tags"] == {"project": "paperboat"}
    assert one["stacks"][0]["termination_protection"] is True
    assert {each["logical_id"] for each in one["stacks"][0]["resources"]} == {"Group", "Backups"}
    assert [each["name"] for each in stacks.info()["stacks"]] == ["paperboat"]
    nothing = stacks.info(name="origami")
    assert not nothing.failed and nothing["stacks"] == [] and nothing["outputs"] == {}
