# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A property that a template no longer gives goes back to what the service has by itself."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

NETWORK = """
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
      # more EnableDnsHostnames: true
      # more EnableDnsSupport: false
      # more Tags: [{Key: Name, Value: news}]
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: news
      VpcId: !Ref Net
      # more SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
      # more SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      VpcId: !Ref Net
      Port: 9000
      Protocol: HTTP
      TargetType: ip
      # more HealthCheckPath: /health
      # more HealthyThresholdCount: 2
      # more TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: "10"}]
Outputs:
  Net: {Value: !Ref Net}
  Firewall: {Value: !GetAtt Firewall.GroupId}
  Targets: {Value: !Ref Targets}
"""
DATA = """
Resources:
  Logs: {Type: AWS::S3::Bucket}
  LogsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: logging.s3.amazonaws.com}, Action: s3:PutObject, Resource: !Sub "${Logs.Arn}/*"}
  Bucket:
    Type: AWS::S3::Bucket
    DependsOn: LogsPolicy
    Properties:
      # more VersioningConfiguration: {Status: Enabled}
      # more LoggingConfiguration: {DestinationBucketName: !Ref Logs, LogFilePrefix: a/}
      # more PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      # more OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      # more LifecycleConfiguration: {Rules: [{Id: expire, Status: Enabled, ExpirationInDays: 30}]}
      # more Tags: [{Key: Name, Value: news}]
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Version: "2012-10-17", Statement: []}
      # more EnableKeyRotation: true
      # more Description: news
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      # more ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      # more Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}}]
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      Encrypted: true
      # more BackupPolicy: {Status: ENABLED}
      # more ThroughputMode: elastic
  Parameters:
    Type: AWS::RDS::DBParameterGroup
    Properties:
      Family: postgres17
      Description: news
      Parameters:
        log_connections: "1"
        # more rds.force_ssl: "1"
Outputs:
  Bucket: {Value: !Ref Bucket}
  Key: {Value: !Ref Key}
  Role: {Value: !Ref Role}
  Files: {Value: !Ref Files}
  Parameters: {Value: !Ref Parameters}
"""


def outputs_after_all_went(stacks: Stacks, template: str) -> dict[str, str]:
    """Make the stack with everything, then without what stands behind "more"."""
    stacks.create("s", template.replace("# more ", ""), Capabilities=["CAPABILITY_IAM"])
    stack = stacks.update("s", template, Capabilities=["CAPABILITY_IAM"])
    assert stack["StackStatus"] == "UPDATE_COMPLETE", stacks.events("s")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_of_the_network(stacks: Stacks, aws: FreshAws) -> None:
    outputs = outputs_after_all_went(stacks, NETWORK)
    ec2, elb = aws.client("ec2"), aws.client("elbv2")
    assert ec2.describe_vpc_attribute(VpcId=outputs["Net"], Attribute="enableDnsHostnames")["EnableDnsHostnames"] == {"Value": False}
    assert ec2.describe_vpc_attribute(VpcId=outputs["Net"], Attribute="enableDnsSupport")["EnableDnsSupport"] == {"Value": True}
    assert ec2.describe_vpcs(VpcIds=[outputs["Net"]])["Vpcs"][0].get("Tags", []) == []
    group = ec2.describe_security_groups(GroupIds=[outputs["Firewall"]])["SecurityGroups"][0]
    assert group["IpPermissions"] == []
    assert [permission["IpProtocol"] for permission in group["IpPermissionsEgress"]] == ["-1"]
    targets = elb.describe_target_groups(TargetGroupArns=[outputs["Targets"]])["TargetGroups"][0]
    assert (targets["HealthCheckPath"], targets["HealthyThresholdCount"]) == ("/", 5)
    attributes = elb.describe_target_group_attributes(TargetGroupArn=outputs["Targets"])["Attributes"]
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "300"} in attributes


def test_of_what_holds_data(stacks: Stacks, aws: FreshAws) -> None:
    outputs = outputs_after_all_went(stacks, DATA)
    s3, bucket = aws.client("s3"), outputs["Bucket"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    for operation in (
        "get_public_access_block",
        "get_bucket_ownership_controls",
        "get_bucket_lifecycle_configuration",
        "get_bucket_tagging",
    ):
        with pytest.raises(ClientError, match=r"NoSuch|NotFound"):
            getattr(s3, operation)(Bucket=bucket)
    assert aws.client("kms").get_key_rotation_status(KeyId=outputs["Key"])["KeyRotationEnabled"] is False
    assert aws.client("kms").describe_key(KeyId=outputs["Key"])["KeyMetadata"]["Description"] == ""
    iam = aws.client("iam")
    assert iam.list_attached_role_policies(RoleName=outputs["Role"])["AttachedPolicies"] == []
    assert iam.list_role_policies(RoleName=outputs["Role"])["PolicyNames"] == []
    (files,) = aws.client("efs").describe_file_systems(FileSystemId=outputs["Files"])["FileSystems"]
    assert files["ThroughputMode"] == "bursting"
    parameters = aws.client("rds").describe_db_parameters(DBParameterGroupName=outputs["Parameters"])["Parameters"]
    assert {parameter["ParameterName"] for parameter in parameters} == {"log_connections"}
