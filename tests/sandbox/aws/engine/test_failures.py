# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that fail: what is undone, what stays, and which state says so."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

GROUP = "AWS::Logs::LogGroup"
# B waits for A, so that A is there when B fails.
PAIR = """
Parameters:
  Days: {Type: Number, Default: 30}
Resources:
  A:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: %s
    Properties: {LogGroupName: /a, RetentionInDays: !Ref Days}
  B:
    Type: AWS::Logs::LogGroup
    DependsOn: A
    Properties: {LogGroupName: /b, RetentionInDays: !Ref Days}
"""
PLAIN = PAIR % "Delete"
SIXTY = [{"ParameterKey": "Days", "ParameterValue": "60"}]
NO_ROOM = {"logical_id": "B", "action": "create", "reason": "There is no room for another log group"}
NOT_NOW = {"logical_id": "B", "action": "update", "reason": "Not now"}


def groups(aws: FreshAws) -> dict[str, int | None]:
    found = aws.client("logs").describe_log_groups()["logGroups"]
    return {group["logGroupName"]: group.get("retentionInDays") for group in found}


# --- creating


def test_a_failed_create_takes_back_what_it_made(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    stack = stacks.create("s", PLAIN)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert groups(aws) == {}
    events = stacks.events("s")
    assert ("B", "CREATE_FAILED", "There is no room for another log group") in events
    assert ("s", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [B]. Rollback requested by user.") in events
    assert [status for name, status, _reason in events if name == "A"] == [
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]


def test_a_rolled_back_stack_can_only_be_deleted(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    stacks.create("s", PLAIN)
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.change_set("s", PLAIN)
    assert stacks.delete("s")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.create("s", PLAIN)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(("policy", "stays"), [("Retain", {"/a": 30}), ("RetainExceptOnCreate", {})])
def test_what_a_policy_keeps_stays_after_a_failed_create(stacks: Stacks, aws: FreshAws, policy: str, stays: dict[str, int]) -> None:
    aws.fail(NO_ROOM)
    stacks.create("s", PAIR % policy)
    assert groups(aws) == stays
    assert stacks.resources("s")["A"]["ResourceStatus"] == ("DELETE_SKIPPED" if stays else "DELETE_COMPLETE")


def test_an_operation_may_say_that_nothing_is_kept_on_create(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    stacks.execute(stacks.change_set("s", PAIR % "Retain", type="CREATE"), RetainExceptOnCreate=True)
    assert groups(aws) == {}


def test_the_other_resources_are_cancelled(stacks: Stacks, aws: FreshAws) -> None:
    template = """
Resources:
  Bad: {Type: AWS::Logs::LogGroup}
  Zone: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Later: {Type: AWS::Logs::LogGroup, DependsOn: Bad}
"""
    aws.fail({"logical_id": "Bad", "action": "create", "reason": "no"})
    stacks.create("s", template)
    assert "Later" not in {name for name, _status, _reason in stacks.events("s")}


def test_on_failure_delete_leaves_no_stack(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    made = stacks.change_set("s", PLAIN, type="CREATE", OnStackFailure="DELETE")
    assert stacks.execute(made)["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="Stack with id s does not exist"):
        stacks.stack("s")


def test_without_rollback_the_good_part_stays_and_the_next_update_completes_it(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    made = stacks.change_set("s", PLAIN, type="CREATE", OnStackFailure="DO_NOTHING")
    assert stacks.execute(made)["StackStatus"] == "CREATE_FAILED"
    assert groups(aws) == {"/a": 30}
    assert stacks.execute(stacks.change_set("s", PLAIN))["StackStatus"] == "UPDATE_COMPLETE"
    assert groups(aws) == {"/a": 30, "/b": 30}


def test_a_failed_create_without_rollback_can_be_rolled_back_later(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM)
    stacks.create("s", PLAIN, DisableRollback=True)
    stacks.api.rollback_stack(StackName="s")
    assert stacks.ended("s")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert groups(aws) == {}


def test_what_cannot_be_removed_ends_the_rollback_as_failed(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail(NO_ROOM, {"logical_id": "A", "action": "delete", "reason": "somebody holds it"})
    stack = stacks.create("s", PLAIN)
    assert (stack["StackStatus"], stack["StackStatusReason"]) == (
        "ROLLBACK_FAILED",
        "The following resource(s) failed to delete: [A].",
    )
    assert stacks.delete("s")["StackStatus"] == "DELETE_COMPLETE"


# --- updating


def test_a_failed_update_puts_everything_back(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail(NOT_NOW)
    stack = stacks.update("s", PLAIN + "  C: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /c}}\n", Parameters=SIXTY)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert groups(aws) == {"/a": 30, "/b": 30}
    events = stacks.events("s")
    assert ("s", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [B].") in events
    assert stack["Parameters"] == [{"ParameterKey": "Days", "ParameterValue": "30"}]
    assert stacks.change_set("s", PLAIN)["StatusReason"].startswith("The submitted information didn't contain changes")


def test_a_rollback_that_fails_can_be_continued_once_the_cause_is_gone(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail(NOT_NOW, {"logical_id": "A", "action": "rollback", "reason": "still busy"})
    stack = stacks.update("s", PLAIN, Parameters=SIXTY)
    assert (stack["StackStatus"], stack["StackStatusReason"]) == (
        "UPDATE_ROLLBACK_FAILED",
        "The following resource(s) failed to update: [A].",
    )
    assert groups(aws) == {"/a": 60, "/b": 30}
    with pytest.raises(ClientError, match="is in UPDATE_ROLLBACK_FAILED state and can not be updated"):
        stacks.change_set("s", PLAIN)
    stacks.api.continue_update_rollback(StackName="s")
    assert stacks.ended("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert groups(aws) == {"/a": 30, "/b": 30}


def test_a_rollback_can_be_continued_without_a_resource(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail(NOT_NOW, {"logical_id": "A", "action": "rollback", "reason": "never", "times": 99})
    stacks.update("s", PLAIN, Parameters=SIXTY)
    with pytest.raises(ClientError, match=r"Only resources in the UPDATE_FAILED state can be skipped, not \[B\]"):
        stacks.api.continue_update_rollback(StackName="s", ResourcesToSkip=["B"])
    stacks.api.continue_update_rollback(StackName="s", ResourcesToSkip=["A"])
    assert stacks.ended("s")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert groups(aws)["/a"] == 60  # the stack believes 30: whoever skips must put it right by hand


def test_without_rollback_a_failed_update_stays_half_way_and_is_completed_by_the_next(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail(NOT_NOW)
    stack = stacks.execute(stacks.change_set("s", PLAIN, Parameters=SIXTY), DisableRollback=True)
    assert stack["StackStatus"] == "UPDATE_FAILED"
    assert groups(aws) == {"/a": 60, "/b": 30}
    assert stacks.update("s", PLAIN, Parameters=SIXTY)["StackStatus"] == "UPDATE_COMPLETE"
    assert groups(aws) == {"/a": 60, "/b": 60}


def test_a_replacement_that_is_undone_leaves_the_old_resource_alone(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail(NOT_NOW)
    stack = stacks.update("s", PLAIN.replace("/a", "/other"), Parameters=SIXTY)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert groups(aws) == {"/a": 30, "/b": 30}
    assert stacks.resources("s")["A"]["PhysicalResourceId"] == "/a"


# --- deleting


def test_a_resource_that_cannot_be_deleted_fails_the_deletion_and_may_be_left_behind(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.fail({"logical_id": "A", "action": "delete", "reason": "somebody holds it", "times": 99})
    stack = stacks.delete("s")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert groups(aws) == {"/a": 30}
    assert stacks.delete("s", RetainResources=["A"])["StackStatus"] == "DELETE_COMPLETE"
    assert groups(aws) == {"/a": 30}


def test_resources_can_be_left_behind_only_after_a_failure(stacks: Stacks) -> None:
    stacks.create("s", PLAIN)
    with pytest.raises(ClientError, match="only when the stack is in the DELETE_FAILED state"):
        stacks.api.delete_stack(StackName="s", RetainResources=["A"])


def test_a_stack_that_is_worked_on_refuses_a_second_operation(stacks: Stacks, aws: FreshAws) -> None:
    aws.fail({"logical_id": "B", "action": "create", "seconds": 3})
    stacks.api.create_stack(StackName="s", TemplateBody=PLAIN)
    assert stacks.stack("s")["StackStatus"] == "CREATE_IN_PROGRESS"
    with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
        stacks.api.update_stack(StackName="s", TemplateBody=PLAIN, Parameters=SIXTY)
    assert stacks.ended("s")["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_that_is_being_deleted_may_be_deleted_again(stacks: Stacks, aws: FreshAws) -> None:
    stack_id = stacks.create("s", PLAIN)["StackId"]
    aws.fail({"logical_id": "B", "action": "delete", "seconds": 1})
    stacks.api.delete_stack(StackName="s")
    stacks.api.delete_stack(StackName="s")
    assert stacks.ended(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    stacks.api.delete_stack(StackName="s")
    assert [status for name, status, _reason in stacks.events(stack_id) if name == "s"].count("DELETE_IN_PROGRESS") == 1
