# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With something real behind the API the engine waits until it is ready, and fails when it never will be."""

from __future__ import annotations

import pytest

from tests.fresh_aws import start_aws
from tests.sandbox.aws.engine.stacks import Stacks

DATABASE = """
  Instance:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: "20"
      DBName: news
      MasterUsername: postgres
      ManageMasterUserPassword: true
"""
SERVICE = """
Parameters: {Image: {Type: String}, Count: {Type: Number, Default: 0}}
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
  Firewall: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: news, VpcId: !Ref Net}}
  Cluster: {Type: AWS::ECS::Cluster}
  Definition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: news
      Cpu: "256"
      Memory: "512"
      NetworkMode: awsvpc
      RequiresCompatibilities: [FARGATE]
      ContainerDefinitions: [{Name: tools, Image: !Ref Image, Essential: true, Command: [sleep, "600"]}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      LaunchType: FARGATE
      TaskDefinition: !Ref Definition
      DesiredCount: !Ref Count
      DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: 100, DeploymentCircuitBreaker: {Enable: true, Rollback: true}}
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet], SecurityGroups: [!GetAtt Firewall.GroupId]}}
Outputs: {Service: {Value: !GetAtt Service.Name}, Cluster: {Value: !Ref Cluster}}
"""
GOOD, BAD = "postgres@sha256:" + "a" * 64, "nowhere.example/absent:1"


@pytest.fixture
def real(slot: str) -> Stacks:
    """An account with a data plane, empty."""
    return Stacks(start_aws(f"{slot}-real", data_plane=True))


def given(image: str, count: int) -> list[dict[str, str]]:
    return [{"ParameterKey": "Image", "ParameterValue": image}, {"ParameterKey": "Count", "ParameterValue": str(count)}]


def test_a_database_is_there_when_its_stack_is(real: Stacks) -> None:
    template = f"Resources:{DATABASE}Outputs: {{Address: {{Value: !GetAtt Instance.Endpoint.Address}}}}"
    stack = real.create("s", template)
    assert (stack["StackStatus"], stack["Outputs"][0]["OutputValue"].startswith("127.")) == ("CREATE_COMPLETE", True)
    (instance,) = real.aws.client("rds").describe_db_instances()["DBInstances"]
    assert instance["DBInstanceStatus"] == "available"


def test_what_was_getting_ready_when_another_failed_is_cancelled(real: Stacks) -> None:
    real.aws.fail({"logical_id": "Bad", "action": "create", "seconds": 0.1, "reason": "no room"})
    stack = real.create("s", f"Resources:{DATABASE}  Bad: {{Type: AWS::Logs::LogGroup}}\n")
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = real.events("s")
    assert ("Bad", "CREATE_FAILED", "no room") in events
    assert ("Instance", "CREATE_FAILED", "Resource creation cancelled") in events
    assert real.aws.client("rds").describe_db_instances()["DBInstances"] == []


def test_a_service_is_steady_when_its_stack_is_complete(real: Stacks) -> None:
    assert real.create("s", SERVICE, Parameters=given(GOOD, 0))["StackStatus"] == "CREATE_COMPLETE", real.events("s")
    stack = real.update("s", SERVICE, Parameters=given(GOOD, 2))
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    described = real.aws.client("ecs").describe_services(cluster=outputs["Cluster"], services=[outputs["Service"]])["services"][0]
    assert (described["runningCount"], described["desiredCount"]) == (2, 2)


def test_an_image_that_never_starts_ends_in_a_rollback_to_the_old_one(real: Stacks) -> None:
    assert real.create("s", SERVICE, Parameters=given(GOOD, 1))["StackStatus"] == "CREATE_COMPLETE", real.events("s")
    stack = real.update("s", SERVICE, Parameters=given(BAD, 1))
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [reason or "" for name, status, reason in real.events("s") if (name, status) == ("Service", "UPDATE_FAILED")]
    assert len(reasons) == 1 and "Circuit Breaker was triggered" in reasons[0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    described = real.aws.client("ecs").describe_services(cluster=outputs["Cluster"], services=[outputs["Service"]])["services"][0]
    assert described["taskDefinition"].endswith("news:1")
