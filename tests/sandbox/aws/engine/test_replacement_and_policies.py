# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacement, deletion policies, stack policies, protection, and values shared between stacks."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

GROUP = """
Parameters:
  Name: {Type: String, Default: /first}
  Days: {Type: Number, Default: 30}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: %s
    UpdateReplacePolicy: %s
    Properties: {LogGroupName: !Ref Name, RetentionInDays: !Ref Days}
  Other: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /other}}
"""
PLAIN = GROUP % ("Delete", "Delete")


def parameter(name: str, value: str) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value}]


def names(aws: FreshAws) -> set[str]:
    return {group["logGroupName"] for group in aws.client("logs").describe_log_groups()["logGroups"]}


def test_a_replacement_makes_the_new_one_before_the_old_one_goes(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    stacks.update("s", PLAIN, Parameters=parameter("Name", "/second"))
    assert names(aws) == {"/second", "/other"}
    statuses = [(name, status) for name, status, _reason in stacks.events("s") if name in ("Group", "s")]
    assert statuses[-6:] == [
        ("Group", "UPDATE_IN_PROGRESS"),
        ("Group", "UPDATE_COMPLETE"),
        ("s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Group", "DELETE_IN_PROGRESS"),
        ("Group", "DELETE_COMPLETE"),
        ("s", "UPDATE_COMPLETE"),
    ]


def test_a_replaced_resource_may_be_kept(stacks: Stacks, aws: FreshAws) -> None:
    template = GROUP % ("Delete", "Retain")
    stacks.create("s", template)
    stacks.update("s", template, Parameters=parameter("Name", "/second"))
    assert names(aws) == {"/first", "/second", "/other"}


def test_a_removed_or_deleted_resource_may_be_kept(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", GROUP % ("Retain", "Delete"))
    stacks.update("s", "Resources: {Other: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /other}}}")
    assert names(aws) == {"/first", "/other"}
    stacks.create("t", (GROUP % ("RetainExceptOnCreate", "Delete")).replace("/other", "/t"), Parameters=parameter("Name", "/t1"))
    assert stacks.delete("t")["StackStatus"] == "DELETE_COMPLETE"
    assert names(aws) == {"/first", "/other", "/t1"}


def test_a_resource_with_a_name_of_its_own_cannot_be_replaced(stacks: Stacks, aws: FreshAws) -> None:
    template = """
Resources:
  Group:
    Type: AWS::RDS::DBParameterGroup
    Properties: {DBParameterGroupName: mine, Family: %s, Description: d}
"""
    stacks.create("s", template % "postgres16")
    stack = stacks.update("s", template % "postgres17")
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason for name, status, reason in stacks.events("s") if (name, status) == ("Group", "UPDATE_FAILED")]
    assert reasons == [
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again."
    ]


def test_a_database_leaves_a_snapshot(stacks: Stacks, aws: FreshAws) -> None:
    template = """
Resources:
  Instance:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, AllocatedStorage: "20", MasterUsername: postgres, ManageMasterUserPassword: true}
Outputs: {Secret: {Value: !GetAtt Instance.MasterUserSecret.SecretArn}}
"""
    assert stacks.create("s", template)["Outputs"][0]["OutputValue"].startswith("arn:aws:secretsmanager:")
    stacks.delete("s")
    rds = aws.client("rds")
    assert rds.describe_db_instances()["DBInstances"] == []
    (snapshot,) = rds.describe_db_snapshots()["DBSnapshots"]
    assert snapshot["DBSnapshotIdentifier"].startswith("s-snapshot-instance-")


def test_a_resource_that_somebody_deleted_by_hand_is_no_obstacle(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    aws.client("logs").delete_log_group(logGroupName="/first")
    assert stacks.delete("s")["StackStatus"] == "DELETE_COMPLETE"


# --- protection

ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("denied", "call", "why"),
    [
        ("Update:Modify", {"Parameters": parameter("Days", "60")}, "[Update:Modify]"),
        ("Update:Replace", {"Parameters": parameter("Name", "/second")}, "[Update:Replace]"),
    ],
)
def test_a_stack_policy_denies_and_the_update_is_undone(
    stacks: Stacks, aws: FreshAws, denied: str, call: dict[str, object], why: str
) -> None:
    stacks.create("s", PLAIN)
    deny = {"Effect": "Deny", "Action": denied, "Principal": "*", "Resource": "LogicalResourceId/Group"}
    stacks.api.set_stack_policy(StackName="s", StackPolicyBody=json.dumps({"Statement": [ALLOW, deny]}))
    stack = stacks.update("s", PLAIN, **call)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert names(aws) == {"/first", "/other"}
    reasons = [reason or "" for name, status, reason in stacks.events("s") if (name, status) == ("Group", "UPDATE_FAILED")]
    assert len(reasons) == 1
    assert reasons[0].startswith("Action denied by stack policy: Statement [#2]") and why in reasons[0]


def test_a_stack_policy_denies_removal_by_type(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    condition = {"StringEquals": {"ResourceType": ["AWS::Logs::LogGroup"]}}
    deny = {"Effect": "Deny", "Action": "Update:Delete", "Principal": "*", "Resource": "*", "Condition": condition}
    stacks.api.set_stack_policy(StackName="s", StackPolicyBody=json.dumps({"Statement": [ALLOW, deny]}))
    stack = stacks.update("s", "Resources: {Other: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /other}}}")
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert names(aws) == {"/first", "/other"}


def test_a_policy_for_one_update_overrides_the_stacks_own(stacks: Stacks) -> None:
    deny = {"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}
    stacks.create("s", PLAIN, StackPolicyBody=json.dumps({"Statement": [deny]}))
    during = json.dumps({"Statement": [ALLOW]})
    assert (
        stacks.update("s", PLAIN, Parameters=parameter("Days", "60"), StackPolicyDuringUpdateBody=during)["StackStatus"]
        == "UPDATE_COMPLETE"
    )
    assert stacks.update("s", PLAIN, Parameters=parameter("Days", "90"))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_termination_protection_stops_the_deletion(stacks: Stacks) -> None:
    stacks.create("s", PLAIN, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        stacks.api.delete_stack(StackName="s")
    stacks.api.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    assert stacks.delete("s")["StackStatus"] == "DELETE_COMPLETE"


# --- exports

EXPORTER = "Resources: {Group: {Type: AWS::Logs::LogGroup}}\nOutputs: {Out: {Value: %s, Export: {Name: shared}}}"
IMPORTER = "Resources: {Group: {Type: AWS::Logs::LogGroup}}\nOutputs: {Seen: {Value: !ImportValue shared}}"


def test_an_exported_value_that_is_in_use_can_neither_change_nor_go(stacks: Stacks) -> None:
    stacks.create("out", EXPORTER % "one")
    assert stacks.create("in", IMPORTER)["Outputs"][0]["OutputValue"] == "one"
    assert stacks.api.list_imports(ExportName="shared")["Imports"] == ["in"]
    changed = stacks.update("out", EXPORTER % "two")
    assert changed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert ("out", "UPDATE_ROLLBACK_IN_PROGRESS", "Export shared cannot be updated as it is in use by in") in stacks.events("out")
    deleted = stacks.delete("out")
    assert (deleted["StackStatus"], deleted["StackStatusReason"]) == (
        "DELETE_FAILED",
        "Export shared cannot be deleted as it is in use by in",
    )


def test_what_nobody_exports_cannot_be_imported(stacks: Stacks) -> None:
    with pytest.raises(ClientError, match="No export named shared found"):
        stacks.api.create_stack(StackName="in", TemplateBody=IMPORTER)


def test_a_changed_deletion_policy_alone_is_a_change_that_takes_effect(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", PLAIN)
    made = stacks.change_set("s", GROUP % ("Retain", "Delete"))
    change = stacks.changes(made)["Group"]
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", "False", ["DeletionPolicy"])
    assert stacks.execute(made)["StackStatus"] == "UPDATE_COMPLETE"
    stacks.delete("s")
    assert names(aws) == {"/first"}


def test_a_condition_that_turns_removes_and_adds_resources(stacks: Stacks, aws: FreshAws) -> None:
    template = """
Parameters: {More: {Type: String, Default: "false"}}
Conditions:
  More: !Equals [!Ref More, "true"]
  Less: !Not [!Condition More]
Resources:
  One: {Type: AWS::Logs::LogGroup, Condition: Less, Properties: {LogGroupName: /one}}
  Two: {Type: AWS::Logs::LogGroup, Condition: More, Properties: {LogGroupName: /two, RetentionInDays: !If [More, 7, !Ref "AWS::NoValue"]}}
  Three: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /three}}
Outputs:
  Two: {Condition: More, Value: !Ref Two}
"""
    assert stacks.create("s", template).get("Outputs", []) == []
    stack = stacks.update("s", template, Parameters=parameter("More", "true"))
    assert [output["OutputValue"] for output in stack["Outputs"]] == ["/two"]
    assert names(aws) == {"/two", "/three"}
