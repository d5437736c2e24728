# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 12 against an AWS that works, with the failure provoked; and the other ways in which AWS does not finish."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml

from tests.fresh_listmonk import ROOT
from tests.stacks.stack_tasks import StackTasks

EXPECTED = yaml.safe_load((ROOT / "tests/cases/12-first-deploy-rolled-back/expected.yml").read_text())
TEMPLATE = """
Resources:
  LogGroup: {Type: AWS::Logs::LogGroup}
  Listener: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Service: {Type: AWS::Logs::LogGroup, DependsOn: Listener}
Outputs:
  Name: {Value: !Ref Listener}
"""
REASON = "Certificate ARN arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111 is not valid in this region"
WISH: dict[str, Any] = {"name": "listmonk-dev-app", "template_body": TEMPLATE}


def status(stacks: StackTasks) -> str:
    stack = stacks.aws.client("cloudformation").describe_stacks(StackName=WISH["name"])["Stacks"][0]
    return str(stack["StackStatus"])


def test_a_failed_first_deploy_is_explained_and_the_same_task_works_once_it_is_mended(stacks: StackTasks) -> None:
    stacks.aws.fail({"logical_id": "Listener", "action": "create", "reason": REASON})
    message = stacks.fails(**WISH)
    assert message.startswith(EXPECTED["A_first_run_that_fails"]["message_names"]["resource"])
    assert "It is of the region us-east-1, and the stack is in eu-central-1." in message
    assert not any(message.startswith(word) for word in EXPECTED["A_first_run_that_fails"]["message_does_not_lead_with"])
    assert "cancelled" not in message
    assert status(stacks) == "ROLLBACK_COMPLETE"

    before = stacks.trace()
    foretold = stacks.run(check=True, **WISH)
    assert foretold["action"] == "recreate" and EXPECTED["B_check_mode"]["says"] in foretold["summary"]
    assert stacks.trace() == before

    done = stacks.run(**WISH)
    assert done.changed and done["action"] == "recreate" and status(stacks) == "CREATE_COMPLETE"
    assert stacks.writes == ["DeleteStack", "ExecuteChangeSet"]
    assert not stacks.run(**WISH).changed


def test_a_shell_that_kept_something_is_not_removed(stacks: StackTasks) -> None:
    """Made by another tool, that does not ask AWS to give up what a first attempt has made."""
    template = TEMPLATE.replace("LogGroup: {Type: AWS::Logs::LogGroup}", "LogGroup: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}")
    stacks.aws.fail({"logical_id": "Service", "action": "create", "reason": "no"})
    cloudformation = stacks.aws.client("cloudformation")
    cloudformation.create_stack(StackName=WISH["name"], TemplateBody=template, OnFailure="ROLLBACK")
    while status(stacks) in {"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}:
        time.sleep(0.2)
    for check in (True, False):
        message = stacks.fails(check=check, **{**WISH, "template_body": template})
        assert message.startswith("LogGroup (AWS::Logs::LogGroup, ") and "import" in message and "by hand" in message
        assert not stacks.writes
    assert status(stacks) == "ROLLBACK_COMPLETE"


def test_what_a_failed_first_attempt_made_does_not_block_the_next(stacks: StackTasks) -> None:
    """A retained resource with a fixed name would; so the attempt gives up everything that it made."""
    template = TEMPLATE.replace(
        "LogGroup: {Type: AWS::Logs::LogGroup}",
        "LogGroup: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: {LogGroupName: mail}}",
    )
    stacks.aws.fail({"logical_id": "Service", "action": "create", "reason": "no"})
    assert stacks.fails(**{**WISH, "template_body": template}).startswith("Service")
    assert stacks.run(**{**WISH, "template_body": template}).changed


def test_an_update_that_fails_leaves_the_stack_as_it_was_and_is_just_tried_again(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    wish = {**WISH, "template_body": TEMPLATE.replace("RetentionInDays: 7", "RetentionInDays: 14")}
    stacks.aws.fail({"logical_id": "Listener", "action": "update", "reason": "Rate exceeded by somebody"})
    message = stacks.fails(**wish)
    assert message.startswith("Listener (AWS::Logs::LogGroup) could not be updated: Rate exceeded by somebody.")
    assert status(stacks) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.run(**wish)["action"] == "update" and "DeleteStack" not in stacks.sent
    assert not stacks.run(**wish).changed


def test_a_rollback_that_fails_is_explained_with_both_causes(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    changed = TEMPLATE.replace("RetentionInDays: 7", "RetentionInDays: 14").replace(
        "DependsOn: Listener}", "DependsOn: Listener, Properties: {RetentionInDays: 3}}"
    )
    stacks.aws.fail(
        {"logical_id": "Service", "action": "update", "reason": "the image cannot be pulled"},
        {"logical_id": "Listener", "action": "rollback", "reason": "the old value is taken"},
    )
    for check in (False, True, False):
        message = stacks.fails(check=check, **{**WISH, "template_body": changed})
        assert message.startswith("Service (AWS::Logs::LogGroup) could not be updated: the image cannot be pulled.")
        assert "While that was undone, Listener" in message and "the old value is taken" in message
        assert "--resources-to-skip Listener" in message
    assert status(stacks) == "UPDATE_ROLLBACK_FAILED" and not stacks.writes


def test_a_half_created_stack_is_gone_on_with_as_it_was_begun(stacks: StackTasks) -> None:
    stacks.aws.fail({"logical_id": "Listener", "action": "create", "reason": "no capacity"})
    assert "What was made stays" in stacks.fails(**WISH, on_failure="do_nothing")
    assert status(stacks) == "CREATE_FAILED"
    assert "on_failure=do_nothing" in stacks.fails(**WISH) and not stacks.writes


def test_a_first_attempt_can_be_removed_altogether(stacks: StackTasks) -> None:
    stacks.aws.fail({"logical_id": "Listener", "action": "create", "reason": "no capacity"})
    message = stacks.fails(**WISH, on_failure="delete")
    assert message.startswith("Listener") and "DELETE_COMPLETE" in message
    assert stacks.trace() == {}
    assert stacks.run(**WISH)["action"] == "create"


def test_a_removal_that_fails_is_explained_and_goes_on_when_it_is_asked_for_again(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    stacks.aws.fail({"logical_id": "Listener", "action": "delete", "reason": "it is in use"})
    message = stacks.fails(name=WISH["name"], state="absent")
    assert message.startswith("Listener (AWS::Logs::LogGroup) could not be removed: it is in use.")
    assert "state=absent" in stacks.fails(**WISH)
    assert stacks.run(name=WISH["name"], state="absent").changed
    assert stacks.trace() == {}


def test_a_slow_stack_is_given_up_with_its_state_and_finished_by_the_next_run(stacks: StackTasks) -> None:
    stacks.aws.fail({"logical_id": "Listener", "action": "create", "seconds": 12})
    message = stacks.fails(**WISH, timeout=6)
    assert "hung in CREATE_IN_PROGRESS" in message and "working on Listener" in message
    result = stacks.run(**WISH)
    assert not result.changed and result["stack_status"] == "CREATE_COMPLETE"


@pytest.mark.parametrize("check", [True, False])
def test_a_stack_that_somebody_else_works_on_is_waited_for_and_not_touched(stacks: StackTasks, check: bool) -> None:
    stacks.run(**WISH)
    stacks.aws.fail({"logical_id": "Listener", "action": "update", "seconds": 10})
    theirs = TEMPLATE.replace("RetentionInDays: 7", "RetentionInDays: 14")
    stacks.aws.client("cloudformation").update_stack(StackName=WISH["name"], TemplateBody=theirs)
    assert "hung in UPDATE_IN_PROGRESS" in stacks.fails(check=check, **{**WISH, "template_body": theirs}, timeout=2)
    assert set(stacks.sent) == {"DescribeStacks"}
    assert not stacks.run(check=check, **{**WISH, "template_body": theirs}).changed
