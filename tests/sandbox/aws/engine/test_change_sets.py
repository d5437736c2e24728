# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What change sets tell before anything happens, and what happens when they are executed."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

TWO = """
Parameters:
  Days: {Type: Number, Default: 30}
  Name: {Type: String, Default: /first}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Ref Name, RetentionInDays: !Ref Days}
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: {Description: !Sub "${Group} and ${Group.Arn}"}
Outputs:
  Group: {Value: !Ref Group}
"""


def parameter(name: str, value: str) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value}]


def test_a_change_set_for_a_new_stack_makes_nothing_but_an_empty_stack(stacks: Stacks, aws: FreshAws) -> None:
    made = stacks.change_set("s", TWO, type="CREATE")
    assert made["ExecutionStatus"] == "AVAILABLE"
    assert {name: change["Action"] for name, change in stacks.changes(made).items()} == {"Group": "Add", "Secret": "Add"}
    assert json.loads(stacks.changes(made)["Group"]["AfterContext"]) == {"Properties": {"LogGroupName": "/first", "RetentionInDays": "30"}}
    assert stacks.stack("s")["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_the_kind_of_change_set_must_fit_the_stack(stacks: Stacks) -> None:
    with pytest.raises(ClientError, match=r"Stack with id s does not exist|does not exist"):
        stacks.change_set("s", TWO)
    stacks.create("s", TWO)
    with pytest.raises(ClientError, match="already exists and cannot be created again"):
        stacks.change_set("s", TWO, type="CREATE")


def test_a_changed_property_is_shown_before_and_after_with_its_cause(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    change = stacks.changes(stacks.change_set("s", TWO, Parameters=parameter("Days", "60")))["Group"]
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", "False", ["Properties"])
    (detail,) = change["Details"]
    assert detail["Target"] == {
        "Attribute": "Properties",
        "Name": "RetentionInDays",
        "RequiresRecreation": "Never",
        "Path": "/Properties/RetentionInDays",
        "BeforeValue": "30",
        "AfterValue": "60",
        "AttributeChangeType": "Modify",
    }
    assert (detail["ChangeSource"], detail["CausingEntity"], detail["Evaluation"]) == ("ParameterReference", "Days", "Static")


def test_a_replacement_makes_what_hangs_on_it_known_only_afterwards(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    changes = stacks.changes(stacks.change_set("s", TWO, Parameters=parameter("Name", "/second")))
    assert (changes["Group"]["Replacement"], changes["Group"]["PolicyAction"]) == ("True", "ReplaceAndDelete")
    (detail,) = changes["Secret"]["Details"]
    assert detail["Evaluation"] == "Dynamic"
    assert "{{changeSet:KNOWN_AFTER_APPLY}}" in detail["Target"]["AfterValue"]
    assert changes["Secret"]["Replacement"] == "False"


def test_a_property_that_may_force_a_replacement_is_conditional(stacks: Stacks) -> None:
    vpc = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16%s}}}"
    stacks.create("s", vpc % "")
    change = stacks.changes(stacks.change_set("s", vpc % ", InstanceTenancy: dedicated"))["Vpc"]
    assert change["Replacement"] == "Conditional"
    assert [detail["Target"]["RequiresRecreation"] for detail in change["Details"]] == ["Conditionally"]


def test_a_reference_to_something_replaced_in_a_create_only_property_is_conditional(stacks: Stacks) -> None:
    template = """
Parameters: {Block: {Type: String, Default: 10.0.0.0/16}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Block}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
"""
    stacks.create("s", template)
    changes = stacks.changes(stacks.change_set("s", template, Parameters=parameter("Block", "10.1.0.0/16")))
    assert (changes["Vpc"]["Replacement"], changes["Table"]["Replacement"]) == ("True", "Conditional")
    (detail,) = changes["Table"]["Details"]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ResourceReference", "Vpc")


def test_a_removed_resource_says_what_its_policy_makes_of_it(stacks: Stacks) -> None:
    both = "Resources:\n  Kept: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}\n  Gone: {Type: AWS::Logs::LogGroup}\n"
    stacks.create("s", both + "  Other: {Type: AWS::Logs::LogGroup}\n")
    changes = stacks.changes(stacks.change_set("s", "Resources: {Other: {Type: AWS::Logs::LogGroup}}"))
    assert {name: change["PolicyAction"] for name, change in changes.items()} == {"Kept": "Retain", "Gone": "Delete"}


def test_a_changed_output_alone_is_a_change_without_resources(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    made = stacks.change_set("s", TWO + "  More: {Value: new}\n")
    assert (made["Status"], made["Changes"]) == ("CREATE_COMPLETE", [])
    assert {output["OutputKey"] for output in stacks.execute(made)["Outputs"]} == {"Group", "More"}


def test_tags_of_the_stack_go_to_its_resources(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TWO, Tags=[{"Key": "team", "Value": "news"}])
    made = stacks.change_set("s", TWO, Tags=[{"Key": "team", "Value": "mail"}])
    assert {name: change["Scope"] for name, change in stacks.changes(made).items()} == {"Group": ["Tags"], "Secret": ["Tags"]}
    stacks.execute(made)
    assert aws.client("logs").list_tags_log_group(logGroupName="/first")["tags"] == {"team": "mail"}


def test_executing_one_change_set_takes_the_others_away(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    for name in ("one", "two"):
        stacks.api.create_change_set(StackName="s", ChangeSetName=name, TemplateBody=TWO, Parameters=parameter("Days", "60"))
    assert len(stacks.api.list_change_sets(StackName="s")["Summaries"]) == 2
    stacks.api.execute_change_set(StackName="s", ChangeSetName="one")
    assert stacks.api.list_change_sets(StackName="s")["Summaries"] == []
    with pytest.raises(ClientError) as missing:
        stacks.api.describe_change_set(StackName="s", ChangeSetName="two")
    assert missing.value.response["Error"]["Code"] == "ChangeSetNotFound"


def test_a_failed_change_set_cannot_be_executed(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    empty = stacks.change_set("s", TWO)
    with pytest.raises(ClientError) as refused:
        stacks.api.execute_change_set(ChangeSetName=empty["ChangeSetId"])
    assert refused.value.response["Error"]["Code"] == "InvalidChangeSetStatus"


def test_a_repeated_request_with_the_same_token_is_answered_once_more(stacks: Stacks) -> None:
    stacks.create("s", TWO)
    call = {"StackName": "s", "ChangeSetName": "next", "TemplateBody": TWO, "Parameters": parameter("Days", "60"), "ClientToken": "t1"}
    first, again = stacks.api.create_change_set(**call), stacks.api.create_change_set(**call)
    assert first["Id"] == again["Id"]
    with pytest.raises(ClientError) as refused:
        stacks.api.create_change_set(**{**call, "ClientToken": "t2"})
    assert refused.value.response["Error"]["Code"] == "AlreadyExistsException"
    for _ in range(2):
        stacks.api.execute_change_set(ChangeSetName=first["Id"], ClientRequestToken="run")
    assert stacks.ended("s")["StackStatus"] == "UPDATE_COMPLETE"


def test_early_validation_names_what_is_wrong_and_where(stacks: Stacks) -> None:
    template = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: perhaps}}}"
    made = stacks.change_set("s", template, type="CREATE")
    assert made["Status"] == "FAILED"
    assert "AWS::EarlyValidation::PropertyValidation" in made["StatusReason"]
    events = stacks.api.describe_events(ChangeSetName=made["ChangeSetId"], Filters={"FailedEvents": True})["OperationEvents"]
    (error,) = [event for event in events if event["EventType"] == "VALIDATION_ERROR"]
    assert (error["LogicalResourceId"], error["ValidationPath"]) == ("Vpc", "/Resources/Vpc/Properties/EnableDnsSupport")
    assert error["ValidationStatusReason"] == "expected type: Boolean, found: str"


def test_a_name_that_is_taken_is_found_before_anything_is_made(stacks: Stacks, aws: FreshAws) -> None:
    aws.client("logs").create_log_group(logGroupName="/first")
    made = stacks.change_set("s", TWO, type="CREATE")
    assert (made["Status"], "ResourceExistenceCheck" in made["StatusReason"]) == ("FAILED", True)
    stacks.api.delete_change_set(ChangeSetName=made["ChangeSetId"])
    unchecked = stacks.change_set("s", TWO, type="CREATE", DisableValidation=True)
    assert stacks.execute(unchecked)["StackStatus"] == "ROLLBACK_COMPLETE"
