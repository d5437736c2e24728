# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets: they leave no trace, those of killed runs are recognised, and failed ones are told apart."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws import change_set
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.change_set import ChangeSetFailed, is_orphan, new_name
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_failure import StackFailed
from tests.scripted_cloudformation import ScriptedCloudFormation, change, long_ago, refusal

TEMPLATE = "Resources:\n  Group:\n    Type: AWS::Test::Group\n"
WANTED = TEMPLATE + "# changed\n"


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    return ScriptedCloudFormation().given("UPDATE_COMPLETE", template=TEMPLATE)


def names_in(aws: ScriptedCloudFormation) -> list[str]:
    return [name for name, _ in aws.calls]


def test_check_mode_removes_its_change_set_and_executes_nothing(aws: ScriptedCloudFormation) -> None:
    aws.will_change(change("Group"))
    assert aws.run(check=True, template_body=WANTED)["changed"]
    assert names_in(aws).count("create_change_set") == names_in(aws).count("delete_change_set") == 1
    assert not aws.change_sets and not aws.writes


def test_a_change_set_that_only_says_nothing_of_resources_is_a_change_all_the_same(aws: ScriptedCloudFormation) -> None:
    aws.will_change()
    aws.operation = [(aws.name, "UPDATE_IN_PROGRESS", ""), (aws.name, "UPDATE_COMPLETE", "")]
    result = aws.run(template_body=WANTED)
    assert result["changed"] and "no resource changes" in result["summary"] and "no resource changes" in result["diff"]["after"]


def test_an_interrupted_preview_still_removes_its_change_set(aws: ScriptedCloudFormation) -> None:
    def interrupted(**_parameters: Any) -> dict[str, Any]:
        raise KeyboardInterrupt

    aws._describe_change_set = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        aws.run(check=True, template_body=WANTED)
    assert not aws.change_sets


def test_a_failed_first_change_set_takes_its_empty_stack_with_it() -> None:
    aws = ScriptedCloudFormation()
    aws.change_set = {"Status": "FAILED", "StatusReason": "Template error: instance of Fn::GetAtt references undefined resource Grup"}
    with pytest.raises(ChangeSetFailed, match="Grup"):
        aws.run(template_body=TEMPLATE)
    assert aws.stack is not None and aws.stack["StackStatus"] == "DELETE_COMPLETE"
    assert not aws.change_sets and aws.writes == ["delete_stack"]


def test_an_empty_stack_of_somebody_elses_preview_stays() -> None:
    aws = ScriptedCloudFormation().given("REVIEW_IN_PROGRESS")
    aws.change_sets["theirs"] = {"ChangeSetName": "theirs", "CreationTime": long_ago()}
    aws.change_set = {"Status": "FAILED", "StatusReason": "Template error"}
    with pytest.raises(ChangeSetFailed):
        aws.run(template_body=TEMPLATE)
    assert "theirs" in aws.change_sets and not aws.writes


def test_a_failed_validation_is_told_with_the_details_that_aws_keeps_apart(aws: ScriptedCloudFormation) -> None:
    aws.change_set = {
        "Status": "FAILED",
        "StatusReason": "The following early validation(s) failed: [AWS::EarlyValidation::PropertyValidation]. See DescribeEvents.",
        "Events": [
            {"EventType": "STACK_EVENT", "LogicalResourceId": "Group"},
            {
                "EventType": "VALIDATION_ERROR",
                "LogicalResourceId": "Group",
                "ValidationName": "PROPERTY_VALIDATION",
                "ValidationPath": "/Resources/Group/Properties/RetentionInDays",
                "ValidationStatusReason": "#/RetentionInDays: 15 is not a valid enum value",
                "ValidationFailureMode": "FAIL",
            },
            {"EventType": "VALIDATION_ERROR", "ValidationStatusReason": "only a warning", "ValidationFailureMode": "WARN"},
        ],
    }
    with pytest.raises(
        ChangeSetFailed, match=r"Group: #/RetentionInDays: 15 is not a valid enum value \(PROPERTY_VALIDATION, /Resources"
    ) as failure:
        aws.run(template_body=WANTED)
    assert "warning" not in str(failure.value)


@pytest.mark.parametrize("check", [True, False])
def test_missing_capabilities_name_the_option(aws: ScriptedCloudFormation, check: bool) -> None:
    aws.refuse["create_change_set"] = refusal("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]")
    with pytest.raises(ChangeSetFailed, match=r"\[CAPABILITY_IAM\] Name them in the option capabilities"):
        aws.run(check=check, template_body=WANTED)


def test_a_change_set_that_is_never_ready_is_given_up_with_its_state(aws: ScriptedCloudFormation) -> None:
    aws.change_set = {"Status": "CREATE_IN_PROGRESS"}
    with pytest.raises(ChangeSetFailed, match="hung in CREATE_IN_PROGRESS for 90 seconds"):
        aws.run(template_body=WANTED, timeout=90.0)
    assert not aws.change_sets


def test_an_execution_whose_first_answer_was_lost_goes_on(aws: ScriptedCloudFormation) -> None:
    aws.operation = [(aws.name, "UPDATE_IN_PROGRESS", ""), (aws.name, "UPDATE_COMPLETE", "")]
    happens = aws._happens

    def acted_twice(ClientRequestToken: str, **_parameters: Any) -> dict[str, Any]:  # noqa: N803
        happens()
        aws.events[0]["ClientRequestToken"] = ClientRequestToken
        raise refusal("InvalidChangeSetStatus", "ChangeSet is in state EXECUTE_COMPLETE")

    aws._execute_change_set = acted_twice  # type: ignore[method-assign]
    assert aws.run(template_body=WANTED)["changed"]


def test_an_execution_that_aws_really_refuses_fails_and_leaves_no_change_set(aws: ScriptedCloudFormation) -> None:
    aws.refuse["execute_change_set"] = refusal("InvalidChangeSetStatus", "ChangeSet is OBSOLETE")
    with pytest.raises(AwsError, match="OBSOLETE"):
        aws.run(template_body=WANTED)
    assert not aws.change_sets


def test_a_refusal_is_told_also_where_not_even_the_change_set_may_be_removed(aws: ScriptedCloudFormation) -> None:
    aws.refuse["create_change_set"] = refusal("AccessDenied", "not authorized to perform CreateChangeSet")
    aws.refuse["delete_change_set"] = refusal("AccessDenied", "not authorized to perform DeleteChangeSet")
    with pytest.raises(AwsError, match="CreateChangeSet"):
        aws.run(template_body=WANTED)


def test_a_preview_that_cannot_be_removed_is_a_failure_and_no_silent_trace(aws: ScriptedCloudFormation) -> None:
    aws.refuse["delete_change_set"] = refusal("AccessDenied", "not authorized to perform DeleteChangeSet")
    with pytest.raises(AwsError, match="DeleteChangeSet"):
        aws.run(check=True, template_body=WANTED)


# --- orphans


def gone_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def name_of(process: int, machine: str | None = None) -> str:
    ours = new_name().split("-")
    return "-".join([ours[0], machine or ours[1], str(process), ours[3]])


def test_a_change_set_whose_process_on_this_machine_is_gone_is_an_orphan() -> None:
    assert is_orphan(name_of(gone_process()), datetime.now(UTC))


def test_a_change_set_of_a_process_that_is_running_is_none() -> None:
    assert not is_orphan(name_of(os.getppid()), datetime.now(UTC))


def test_a_change_set_of_another_machine_is_an_orphan_only_once_it_is_old() -> None:
    elsewhere = name_of(4711, machine="0123abcd")
    assert not is_orphan(elsewhere, datetime.now(UTC))
    assert is_orphan(elsewhere, long_ago())


@pytest.mark.parametrize("name", ["theirs", "clarivum-by-hand", "my-clarivum-0123abcd-1-ff"])
def test_change_sets_that_other_people_made_are_never_touched(name: str) -> None:
    assert not is_orphan(name, long_ago())


@pytest.mark.parametrize("check", [True, False])
def test_the_next_run_removes_what_a_killed_one_left(aws: ScriptedCloudFormation, check: bool) -> None:
    orphan = name_of(gone_process())
    for name in (orphan, "theirs"):
        aws.change_sets[name] = {"ChangeSetName": name, "CreationTime": long_ago(), "ExecutionStatus": "AVAILABLE"}
    assert not aws.run(check=check, template_body=TEMPLATE)["changed"]
    assert list(aws.change_sets) == ["theirs"]


def test_an_executed_change_set_is_history_and_no_orphan(aws: ScriptedCloudFormation) -> None:
    name = name_of(gone_process())
    aws.change_sets[name] = {"ChangeSetName": name, "CreationTime": long_ago(), "ExecutionStatus": "EXECUTE_COMPLETE"}
    aws.run(template_body=TEMPLATE)
    assert name in aws.change_sets


def test_a_name_of_ours_is_one_that_aws_takes() -> None:
    assert change_set._NAME.fullmatch(new_name())
    assert len(new_name()) <= 128 and new_name() != new_name()


def test_a_failure_after_the_execution_does_not_remove_what_aws_works_with(aws: ScriptedCloudFormation) -> None:
    aws.operation = [("Group", "UPDATE_FAILED", "no"), (aws.name, "UPDATE_ROLLBACK_COMPLETE", "")]
    with pytest.raises(StackFailed):
        aws.run(template_body=WANTED)
    assert "delete_change_set" not in names_in(aws)
