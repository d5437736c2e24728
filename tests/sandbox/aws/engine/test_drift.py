# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: what somebody changed by another way than the stack."""

from __future__ import annotations

import time
from typing import Any

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

TEMPLATE = """
Parameters: {Days: {Type: Number, Default: 30}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g, RetentionInDays: !Ref Days}}
  Firm: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: "true", Tags: [{Key: b, Value: "1"}, {Key: a, Value: "2"}]}}
"""


def detected(stacks: Stacks, name: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """The stack's status, and the drift of each of its resources."""
    detection = stacks.api.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    for _ in range(1000):
        status = stacks.api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        if status["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            drifts = stacks.api.describe_stack_resource_drifts(StackName=name)["StackResourceDrifts"]
            return status["StackDriftStatus"], {drift["LogicalResourceId"]: drift for drift in drifts}
        time.sleep(0.02)
    raise AssertionError("drift detection hangs")


def test_what_nobody_touched_is_in_sync(stacks: Stacks) -> None:
    stacks.create("s", TEMPLATE)
    status, drifts = detected(stacks, "s")
    assert (status, {name: drift["StackResourceDriftStatus"] for name, drift in drifts.items()}) == (
        "IN_SYNC",
        {"Group": "IN_SYNC", "Firm": "IN_SYNC"},
    )


def test_a_changed_property_is_found_with_both_values(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TEMPLATE)
    aws.client("logs").put_retention_policy(logGroupName="/g", retentionInDays=7)
    status, drifts = detected(stacks, "s")
    assert status == "DRIFTED"
    assert drifts["Group"]["PropertyDifferences"] == [
        {"PropertyPath": "/RetentionInDays", "ExpectedValue": "30", "ActualValue": "7", "DifferenceType": "NOT_EQUAL"}
    ]
    assert stacks.stack("s")["DriftInformation"]["StackDriftStatus"] == "DRIFTED"


def test_a_resource_that_is_gone_is_found(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TEMPLATE)
    aws.client("logs").delete_log_group(logGroupName="/g")
    assert detected(stacks, "s")[1]["Group"]["StackResourceDriftStatus"] == "DELETED"


def test_an_ordinary_change_set_does_not_see_drift(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TEMPLATE)
    aws.client("logs").put_retention_policy(logGroupName="/g", retentionInDays=7)
    assert stacks.change_set("s", TEMPLATE)["Status"] == "FAILED"


def test_a_change_set_that_reverts_drift_shows_all_three_values_and_puts_it_back(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TEMPLATE)
    logs = aws.client("logs")
    logs.put_retention_policy(logGroupName="/g", retentionInDays=7)
    made = stacks.change_set("s", TEMPLATE, DeploymentMode="REVERT_DRIFT")
    change = stacks.changes(made)["Group"]
    target = change["Details"][0]["Target"]
    assert change["ResourceDriftStatus"] == "MODIFIED"
    assert (target["BeforeValue"], target["AfterValue"], target["BeforeValueFrom"]) == ("7", "30", "ACTUAL_STATE")
    assert target["Drift"] == {"PreviousValue": "30", "ActualValue": "7"}
    assert stacks.execute(made)["StackStatus"] == "UPDATE_COMPLETE"
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
    assert detected(stacks, "s")[0] == "IN_SYNC"


def test_what_is_gone_is_made_again(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", TEMPLATE)
    logs = aws.client("logs")
    logs.delete_log_group(logGroupName="/g")
    made = stacks.change_set("s", TEMPLATE, DeploymentMode="REVERT_DRIFT", DisableValidation=True)
    assert {name: (change["Action"], change["ResourceDriftStatus"]) for name, change in stacks.changes(made).items()} == {
        "Group": ("Add", "DELETED")
    }
    assert stacks.execute(made)["StackStatus"] == "UPDATE_COMPLETE"
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["/g"]


def test_an_address_that_somebody_let_in_is_drift_and_is_shut_out_again(stacks: Stacks, aws: FreshAws) -> None:
    template = """
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: news
      VpcId: !Ref Net
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
Outputs: {Group: {Value: !GetAtt Firewall.GroupId}}
"""
    group = stacks.create("s", template)["Outputs"][0]["OutputValue"]
    ec2 = aws.client("ec2")
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")
    (difference,) = detected(stacks, "s")[1]["Firewall"]["PropertyDifferences"]
    assert difference["DifferenceType"] == "ADD" and '"FromPort": "22"' in difference["ActualValue"]
    assert stacks.execute(stacks.change_set("s", template, DeploymentMode="REVERT_DRIFT"))["StackStatus"] == "UPDATE_COMPLETE"
    permissions = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert [permission["FromPort"] for permission in permissions] == [443]
