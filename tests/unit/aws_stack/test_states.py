# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task does with a stack in each of the states that AWS knows."""

from __future__ import annotations

import pytest
from botocore.session import Session

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_failure import StackFailed
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_status import MEANINGS, Meaning, meaning_of
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from tests.scripted_cloudformation import ScriptedCloudFormation

TEMPLATE = "Resources:\n  Group:\n    Type: AWS::Test::Group\n"
WANTED = TEMPLATE + "# changed\n"


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    return ScriptedCloudFormation()


def ends_with(aws: ScriptedCloudFormation, *statuses: str) -> None:
    aws.operation = [(aws.name, status, "") for status in statuses]


def test_every_state_that_aws_knows_has_a_meaning_here() -> None:
    known = Session().get_service_model("cloudformation").shape_for("StackStatus").enum
    assert set(MEANINGS) == set(known)


def test_a_state_that_aws_adds_some_day_is_waited_for_or_left_to_aws() -> None:
    assert meaning_of("POLISHING_IN_PROGRESS") is Meaning.BUSY
    assert meaning_of("POLISHED") is Meaning.READY


def test_a_stack_that_is_not_there_is_created_through_a_change_set(aws: ScriptedCloudFormation) -> None:
    ends_with(aws, "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    aws.outputs_after = {"Name": "g"}
    result = aws.run(template_body=TEMPLATE, termination_protection=True)
    assert result["changed"] and result["action"] == "create" and result["outputs"] == {"Name": "g"}
    assert aws.writes == ["execute_change_set", "update_termination_protection"]
    created = dict(aws.calls)["create_change_set"]
    assert created["ChangeSetType"] == "CREATE" and created["OnStackFailure"] == "ROLLBACK"
    assert dict(aws.calls)["execute_change_set"]["RetainExceptOnCreate"] is True


def test_an_empty_shell_of_a_preview_is_created(aws: ScriptedCloudFormation) -> None:
    aws.given("REVIEW_IN_PROGRESS")
    ends_with(aws, "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    assert aws.run(template_body=TEMPLATE)["action"] == "create"


def test_a_stack_that_is_being_deleted_is_waited_for_and_created_again(aws: ScriptedCloudFormation) -> None:
    aws.given("DELETE_COMPLETE")
    ends_with(aws, "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    assert aws.run(template_body=TEMPLATE)["action"] == "create"


@pytest.mark.parametrize("status", [name for name, meaning in MEANINGS.items() if meaning is Meaning.READY])
def test_a_stack_that_works_is_updated(aws: ScriptedCloudFormation, status: str) -> None:
    aws.given(status, template=TEMPLATE)
    ends_with(aws, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE")
    assert aws.run(template_body=WANTED)["action"] == "update"
    assert dict(aws.calls)["create_change_set"]["ChangeSetType"] == "UPDATE"


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_a_half_done_stack_goes_on_only_as_it_was_begun(aws: ScriptedCloudFormation, status: str, check: bool) -> None:
    aws.given(status, template=TEMPLATE)
    aws.events = [aws.event(aws.name, status), aws.event("Group", status, "Quota exceeded"), aws.event(aws.name, "UPDATE_IN_PROGRESS")][::1]
    with pytest.raises(StackFailed, match=r"^Group .*Quota exceeded\..*on_failure=do_nothing"):
        aws.run(check=check, template_body=WANTED)
    assert not aws.writes
    ends_with(aws, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    assert aws.run(template_body=WANTED, on_failure="do_nothing")["changed"]


def test_a_rollback_that_failed_is_explained_with_both_causes_and_left_alone(aws: ScriptedCloudFormation) -> None:
    aws.given("UPDATE_ROLLBACK_FAILED", template=TEMPLATE)
    story = [
        (aws.name, "UPDATE_COMPLETE", ""),
        (aws.name, "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Service", "UPDATE_IN_PROGRESS", ""),
        ("Service", "UPDATE_FAILED", "The image cannot be pulled"),
        ("Group", "UPDATE_FAILED", "Resource update cancelled"),
        (aws.name, "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [Service]."),
        ("Instance", "UPDATE_FAILED", "Cannot downgrade postgres from 17.9 to 17.6"),
        (aws.name, "UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: [Instance]."),
    ]
    aws.events = [aws.event(*each) for each in story][::-1]
    for check in (True, False):
        with pytest.raises(StackFailed) as failure:
            aws.run(check=check, template_body=WANTED)
        message = str(failure.value)
        assert message.startswith("Service (AWS::Test::Service) could not be updated: The image cannot be pulled.")
        assert "While that was undone, Instance" in message and "Cannot downgrade" in message
        assert "continue-update-rollback" in message and "--resources-to-skip Instance" in message
        assert not aws.writes


@pytest.mark.parametrize("status", ["ROLLBACK_FAILED", "DELETE_FAILED"])
def test_a_stack_that_could_not_be_removed_says_what_remains(aws: ScriptedCloudFormation, status: str) -> None:
    aws.given(status, template=TEMPLATE)
    aws.resources = [
        {"LogicalResourceId": "Logs", "ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": "logs-1", "ResourceStatus": "DELETE_FAILED"},
        {"LogicalResourceId": "Group", "ResourceType": "AWS::Test::Group", "PhysicalResourceId": "g", "ResourceStatus": "DELETE_COMPLETE"},
    ]
    story = [
        (aws.name, "DELETE_IN_PROGRESS", "User Initiated"),
        ("Logs", "DELETE_FAILED", "The bucket is not empty"),
        (aws.name, status, ""),
    ]
    aws.events = [aws.event(*each) for each in story][::-1]
    with pytest.raises(StackFailed) as failure:
        aws.run(template_body=WANTED)
    message = str(failure.value)
    assert message.startswith("Logs (AWS::Test::Logs) could not be removed: The bucket is not empty.")
    assert "logs-1" in message and "AWS::Test::Group, g" not in message and "state=absent" in message
    assert not aws.writes


def test_an_update_that_is_rolled_back_fails_with_its_first_cause(aws: ScriptedCloudFormation) -> None:
    aws.given("UPDATE_COMPLETE", template=TEMPLATE)
    aws.operation = [
        (aws.name, "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Service", "UPDATE_FAILED", "Circuit breaker: tasks failed to start"),
        ("Group", "UPDATE_FAILED", "Resource update cancelled"),
        (aws.name, "UPDATE_ROLLBACK_IN_PROGRESS", ""),
        (aws.name, "UPDATE_ROLLBACK_COMPLETE", ""),
    ]
    with pytest.raises(StackFailed) as failure:
        aws.run(template_body=WANTED)
    assert str(failure.value).startswith("Service (AWS::Test::Service) could not be updated: Circuit breaker")
    assert "The stack is as it was before" in str(failure.value)


def test_an_operation_that_never_ends_is_given_up_with_its_state_and_what_it_works_on(aws: ScriptedCloudFormation) -> None:
    aws.operation = [(aws.name, "CREATE_IN_PROGRESS", ""), ("Certificate", "CREATE_IN_PROGRESS", "")]
    with pytest.raises(StackFailed, match=r"hung in CREATE_IN_PROGRESS .*\(120 seconds\), working on Certificate \d+ s"):
        aws.run(template_body=TEMPLATE, timeout=120.0)


def test_a_state_that_aws_shows_late_is_not_taken_for_the_end(aws: ScriptedCloudFormation) -> None:
    aws.given("UPDATE_COMPLETE", template=TEMPLATE)
    ends_with(aws, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    happens = aws._happens

    def later(operation: list[tuple[str, str, str]] | None = None) -> None:
        happens(operation)
        hidden, aws.events = aws.events, []
        aws.statuses = ["UPDATE_COMPLETE", "UPDATE_COMPLETE"]
        aws.clock.on_sleep = lambda: aws.events.extend(hidden) if not aws.statuses else None

    aws._happens = later  # type: ignore[method-assign]
    assert aws.run(template_body=WANTED)["changed"]
    assert [name for name, _ in aws.calls].count("describe_stacks") >= 4


def test_removing_what_is_not_there_changes_nothing(aws: ScriptedCloudFormation) -> None:
    assert not aws.run(state="absent")["changed"]


RETAINING = """
Resources:
  Backups: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
  Instance: {Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot}
  Group: {Type: AWS::Test::Group}
"""


@pytest.fixture
def full(aws: ScriptedCloudFormation) -> ScriptedCloudFormation:
    aws.given("CREATE_COMPLETE", template=RETAINING)
    aws.resources = [
        {
            "LogicalResourceId": name,
            "ResourceType": f"AWS::Test::{name}",
            "PhysicalResourceId": f"{name}-1",
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for name in ("Backups", "Instance", "Group")
    ]
    return aws


def test_what_the_deletion_policies_keep_is_listed_when_a_stack_is_removed(full: ScriptedCloudFormation) -> None:
    predicted = full.run(check=True, state="absent")
    assert not full.writes
    real = full.run(state="absent")
    assert full.writes == ["delete_stack"]
    assert predicted["kept"] == real["kept"] == [{"logical_id": "Backups", "type": "AWS::Test::Backups", "physical_id": "Backups-1"}]
    assert {each["logical_id"]: each["policy"] for each in real["changes"]} == {
        "Backups": "retain",
        "Instance": "snapshot",
        "Group": "delete",
    }
    assert predicted["changes"] == real["changes"]
    assert "Backups (AWS::Test::Backups) leaves the stack, and stays: retain" in real["diff"]["after"]


def test_a_stack_protected_from_termination_is_removed_only_if_the_task_says_so(full: ScriptedCloudFormation) -> None:
    assert full.stack is not None
    full.stack["EnableTerminationProtection"] = True
    for check in (True, False):
        with pytest.raises(MailingError, match="termination_protection: false"):
            full.run(check=check, state="absent")
        assert not full.writes
    full.run(state="absent", termination_protection=False)
    assert full.writes == ["update_termination_protection", "delete_stack"]


def test_a_resource_that_the_task_protects_keeps_the_stack_from_being_removed(full: ScriptedCloudFormation) -> None:
    with pytest.raises(MailingError, match=r"Group .* is protected by the task"):
        full.run(state="absent", protected=["Group"])
    assert not full.writes


def test_a_removal_that_fails_names_the_resource(full: ScriptedCloudFormation) -> None:
    full.operation = [
        (full.name, "DELETE_IN_PROGRESS", "User Initiated"),
        ("Group", "DELETE_FAILED", "it is in use"),
        (full.name, "DELETE_FAILED", "The following resource(s) failed to delete: [Group]."),
    ]
    with pytest.raises(StackFailed, match=r"^Group \(AWS::Test::Group\) could not be removed: it is in use\."):
        full.run(state="absent")


def test_termination_protection_alone_is_a_change(aws: ScriptedCloudFormation) -> None:
    aws.given("CREATE_COMPLETE", template=TEMPLATE)
    predicted = aws.run(check=True, template_body=TEMPLATE, termination_protection=True)
    assert predicted["changed"] and not aws.writes
    assert aws.run(template_body=TEMPLATE, termination_protection=True)["diff"] == predicted["diff"]
    assert predicted["diff"]["before"] == "termination_protection: false\n"
    assert not aws.run(template_body=TEMPLATE, termination_protection=True)["changed"]
