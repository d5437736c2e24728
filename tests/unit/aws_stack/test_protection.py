# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds data is neither replaced nor removed unless the task says so."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_protection import Protected
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from tests.scripted_cloudformation import ScriptedCloudFormation, change, detail

DEPLOYED = """
Resources:
  Instance: {Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot}
  Key: {Type: AWS::KMS::Key}
  Group: {Type: AWS::Logs::LogGroup}
"""
WANTED = DEPLOYED + "# changed\n"
WITHOUT_INSTANCE = "Resources:\n  Group: {Type: AWS::Logs::LogGroup}\n"


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    aws = ScriptedCloudFormation().given("UPDATE_COMPLETE", template=DEPLOYED)
    aws.operation = [(aws.name, "UPDATE_IN_PROGRESS", ""), (aws.name, "UPDATE_COMPLETE", "")]
    return aws


def refused(aws: ScriptedCloudFormation, *changes: dict[str, Any], template: str = WANTED, **options: Any) -> str:
    """The message, the same in check mode and for real, without anything written."""
    aws.will_change(*changes)
    messages = set()
    for check in (True, False):
        with pytest.raises(Protected) as failure:
            aws.run(check=check, template_body=template, **options)
        messages.add(str(failure.value))
        assert not aws.writes and not aws.change_sets
        assert failure.value.facts["changes"]
    (message,) = messages
    return message


def test_a_database_is_not_replaced_and_the_message_says_why_it_would_be(aws: ScriptedCloudFormation) -> None:
    lost = change("Instance", replacement="True", Details=[detail("KmsKeyId", "old-key", "new-key", "Always"), detail("Tags", "a", "b")])
    message = refused(aws, lost, change("Group"))
    assert "Instance (AWS::Test::Instance) would be replaced by a new, empty one, because of KmsKeyId (old-key → new-key)" in message
    assert "its deletion policy is Snapshot, so it holds data" in message and "allow_replacement" in message
    assert "Group" not in message


def test_a_snapshot_id_that_is_emptied_is_refused_although_aws_only_calls_it_conditional(aws: ScriptedCloudFormation) -> None:
    lost = change("Instance", replacement="Conditional", Details=[detail("DBSnapshotIdentifier", "before-the-fire", None, "Conditionally")])
    assert "could be replaced by a new, empty one, because of DBSnapshotIdentifier (before-the-fire → nothing)" in refused(aws, lost)


def test_a_database_is_not_removed_from_the_template_either(aws: ScriptedCloudFormation) -> None:
    assert "Instance (AWS::Test::Instance) would be removed" in refused(aws, change("Instance", "Remove"), template=WITHOUT_INSTANCE)


def test_what_the_task_allows_is_done(aws: ScriptedCloudFormation) -> None:
    aws.will_change(change("Instance", replacement="True"))
    assert aws.run(template_body=WANTED, allow_replacement=["Instance"])["changes"][0]["replacement"] == "always"
    assert aws.writes == ["execute_change_set"]


def test_what_holds_no_data_is_replaced_without_a_question(aws: ScriptedCloudFormation) -> None:
    aws.will_change(change("Group", replacement="True"))
    assert aws.run(template_body=WANTED)["changed"]


def test_the_task_can_protect_other_resources_than_the_template(aws: ScriptedCloudFormation) -> None:
    assert "the task protects it" in refused(aws, change("Group", replacement="True"), protected=["Group"])
    aws.will_change(change("Instance", replacement="True"))
    assert aws.run(template_body=WANTED, protected=[])["changed"]


def test_a_conditional_replacement_only_because_its_key_changes_in_place_is_no_danger(aws: ScriptedCloudFormation) -> None:
    """AWS says so of every resource that refers to a key whose policy changes; the key's ARN stays."""
    by_the_key = detail("KmsKeyId", None, None, "Always", Evaluation="Dynamic", ChangeSource="ResourceAttribute", CausingEntity="Key.Arn")
    aws.will_change(change("Key"), change("Instance", replacement="Conditional", Details=[by_the_key]))
    result = aws.run(template_body=WANTED)
    assert {each["logical_id"]: each["replacement"] for each in result["changes"]} == {"Key": "never", "Instance": "conditional"}


@pytest.mark.parametrize("fate", ["True", "Conditional"])
def test_it_is_a_danger_if_the_key_itself_may_be_replaced(aws: ScriptedCloudFormation, fate: str) -> None:
    by_the_key = detail("KmsKeyId", None, None, "Always", Evaluation="Dynamic", ChangeSource="ResourceAttribute", CausingEntity="Key.Arn")
    assert "could be replaced" in refused(
        aws, change("Key", replacement=fate), change("Instance", replacement="Conditional", Details=[by_the_key])
    )


def test_a_protected_name_that_is_no_logical_id_is_refused(aws: ScriptedCloudFormation) -> None:
    with pytest.raises(Refusal, match="'my-instance' is no logical id"):
        aws.run(template_body=WANTED, protected=["my-instance"])


@pytest.mark.parametrize("check", [True, False])
def test_a_protected_name_that_neither_template_has_is_refused(aws: ScriptedCloudFormation, check: bool) -> None:
    with pytest.raises(Refusal, match="Instanz"):
        aws.run(check=check, template_body=WANTED, protected=["Instanz"])
    assert not aws.writes
