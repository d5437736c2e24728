# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags that an update adds, changes and takes away, where AWS has a call for each."""

from __future__ import annotations

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

TAGGED = """
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties:
      Tags: [{Key: Name, Value: old}, {Key: Gone, Value: soon}]
  Parameters:
    Type: AWS::RDS::DBParameterGroup
    Properties: {Family: postgres17, Description: of the test, Tags: [{Key: Name, Value: old}, {Key: Gone, Value: soon}]}
Outputs:
  Cluster: {Value: !GetAtt Cluster.Arn}
  Parameters: {Value: !Ref Parameters}
"""


def test_tags_of_ecs_and_rds_become_what_the_template_says(stacks: Stacks, aws: FreshAws) -> None:
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks.create("s", TAGGED)["Outputs"]}
    ecs, rds = aws.client("ecs"), aws.client("rds")
    (group,) = rds.describe_db_parameter_groups(DBParameterGroupName=outputs["Parameters"])["DBParameterGroups"]

    def tags() -> list[dict[str, str]]:
        of_cluster = {tag["key"]: tag["value"] for tag in ecs.list_tags_for_resource(resourceArn=outputs["Cluster"])["tags"]}
        listed = rds.list_tags_for_resource(ResourceName=group["DBParameterGroupArn"])["TagList"]
        of_group = {tag["Key"]: tag["Value"] for tag in listed}
        ours = ("Name", "Gone", "New")
        return [{key: value for key, value in found.items() if key in ours} for found in (of_cluster, of_group)]

    assert tags() == [{"Name": "old", "Gone": "soon"}] * 2
    wanted = TAGGED.replace("Value: old}, {Key: Gone, Value: soon}", "Value: new}, {Key: New, Value: here}")
    assert stacks.update("s", wanted)["StackStatus"] == "UPDATE_COMPLETE"
    assert tags() == [{"Name": "new", "New": "here"}] * 2
