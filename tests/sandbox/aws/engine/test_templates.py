# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What templates can say, and what is refused before anything is made."""

from __future__ import annotations

import re

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

GROUP = "Type: AWS::Logs::LogGroup"


def value_of(stacks: Stacks, expression: str, rest: str = "", **call: object) -> str:
    """What an expression gives as an output."""
    template = f"{rest}\nResources:\n  Group: {{{GROUP}, Properties: {{LogGroupName: /news}}}}\nOutputs:\n  Out: {{Value: {expression}}}\n"
    stack = stacks.create("s", template, **call)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.events("s")
    found: str = stack["Outputs"][0]["OutputValue"]
    return found


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref AWS::Region", "eu-central-1"),
        ("!Ref Group", "/news"),
        ("!GetAtt Group.Arn", "arn:aws:logs:eu-central-1:123456789012:log-group:/news:*"),
        ('!Sub "${Group} in ${AWS::Region}, ${!literally}"', "/news in eu-central-1, ${literally}"),
        ('!Sub ["${Word} ${Group.Arn}", {Word: at}]', "at arn:aws:logs:eu-central-1:123456789012:log-group:/news:*"),
        ('!Join ["-", [a, !Ref "AWS::NoValue", b]]', "a-b"),
        ('!Select [1, !Split [",", "a,b,c"]]', "b"),
        ("!Select [2, !Cidr [10.0.0.0/16, 4, 8]]", "10.0.2.0/24"),
        ('!Select [0, !GetAZs ""]', "eu-central-1a"),
        ("!Base64 listmonk", "bGlzdG1vbms="),
        ("!If [Always, yes-really, no]", "yes-really"),
        ("!FindInMap [Sizes, !Ref AWS::Region, small]", "256"),
    ],
)
def test_a_function_gives_what_aws_gives(stacks: Stacks, expression: str, value: str) -> None:
    rest = "Mappings: {Sizes: {eu-central-1: {small: 256}}}\nConditions: {Always: !Not [!Equals [a, b]]}\n"
    assert value_of(stacks, expression, rest) == value


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("- a list", "unsupported structure"),
        ("Resources: {}", "At least one Resources member"),
        ("Resources: [", "YAML not well-formed. (line "),
        (f"Resources: {{A: &a {{{GROUP}}}, B: *a}}", "YAML aliases are not allowed"),
        (f"Resources: {{A: {{{GROUP}}}}}\nSurprise: 1", "Invalid template property or properties [Surprise]"),
        (f"Resources: {{A: {{{GROUP}, Surprise: 1}}}}", "Invalid template resource property 'Surprise'"),
        (f"Resources: {{a-b: {{{GROUP}}}}}", "Resource name a-b is non alphanumeric"),
        ("Resources: {A: {Type: AWS::Nope::Thing}}", "Unrecognized resource types: [AWS::Nope::Thing]"),
        (f"Parameters: {{A: {{Type: String}}}}\nResources: {{A: {{{GROUP}}}}}", "Duplicate name(s) [A]"),
        (f"Resources: {{A: {{{GROUP}, Properties: {{LogGroupName: !Ref B}}}}}}", "Unresolved resource dependencies [B]"),
        (f"Resources: {{A: {{{GROUP}, DependsOn: B}}, B: {{{GROUP}, DependsOn: A}}}}", "Circular dependency between resources: [A, B]"),
        (f"Resources: {{A: {{{GROUP}, Properties: {{LogGroupName: !GetAtt B.Arn}}}}}}", "Unresolved resource dependencies [B]"),
        (f"Resources: {{A: {{{GROUP}, Condition: Gone}}}}", "Unresolved condition dependency Gone"),
        (f"Resources: {{A: {{{GROUP}, DeletionPolicy: Keep}}}}", "DeletionPolicy of A must be one of"),
    ],
)
def test_a_wrong_template_is_refused_with_a_sentence(stacks: Stacks, template: str, sentence: str) -> None:
    with pytest.raises(ClientError, match=re.escape(sentence)) as refused:
        stacks.api.create_stack(StackName="s", TemplateBody=template)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert stacks.api.list_stacks()["StackSummaries"] == []


@pytest.mark.parametrize(
    ("template", "what"),
    [
        (f"Transform: AWS::Serverless-2016-10-31\nResources: {{A: {{{GROUP}}}}}", "the template section Transform"),
        (f"Resources: {{A: {{{GROUP}, CreationPolicy: {{}}}}}}", "the attribute CreationPolicy"),
        ("Resources: {A: {Type: AWS::DynamoDB::Table}}", "resources of type AWS::DynamoDB::Table (A)"),
        (f"Resources: {{A: {{{GROUP}, Properties: {{LogGroupClass: STANDARD}}}}}}", "the properties [LogGroupClass]"),
        (f"Resources: {{A: {{{GROUP}, Properties: {{LogGroupName: !ToJsonString {{a: 1}}}}}}}}", "the function Fn::ToJsonString"),
    ],
)
def test_what_aws_can_and_the_sandbox_cannot_is_said(stacks: Stacks, template: str, what: str) -> None:
    with pytest.raises(ClientError, match=re.escape(f"The sandbox's CloudFormation cannot do this: {what}")):
        stacks.api.create_stack(StackName="s", TemplateBody=template)


PARAMETERS = """
Parameters:
  Mode: {Type: String, Default: none, AllowedValues: [none, single]}
  Prefix: {Type: String, Default: abc, AllowedPattern: "[a-z]+", MaxLength: 5}
  Days: {Type: Number, Default: 30, MinValue: 1, MaxValue: 90}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1, subnet-2"}
  Said: {Type: String, Default: ok, AllowedValues: [ok], ConstraintDescription: is ok or nothing}
  Must: {Type: String}
Resources: {Group: {Type: AWS::Logs::LogGroup}}
Outputs: {Out: {Value: !Join ["|", !Ref Subnets]}}
"""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"Other": "x"}, "Parameters: [Other] do not exist in the template"),
        ({"Must": None}, "Parameters: [Must] must have values"),
        ({"Mode": "double"}, "Parameter 'Mode' must be one of AllowedValues ['none', 'single']"),
        ({"Prefix": "abc1"}, "Parameter 'Prefix' must match pattern [a-z]+"),
        ({"Prefix": "abcdef"}, "Parameter 'Prefix' must contain at most 5 characters"),
        ({"Days": "many"}, "Parameter 'Days' must be a number"),
        ({"Days": "91"}, "Parameter 'Days' must be a number not greater than 90"),
        ({"Subnets": "subnet-1,other"}, "is not a valid List<AWS::EC2::Subnet::Id>: other"),
        ({"Said": "no"}, "Parameter 'Said' is ok or nothing"),
    ],
)
def test_a_parameter_against_its_declaration_is_refused(stacks: Stacks, given: dict[str, str | None], sentence: str) -> None:
    values = {"Must": "be", **given}
    call = [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items() if value is not None]
    with pytest.raises(ClientError, match=re.escape(sentence)):
        stacks.api.create_stack(StackName="s", TemplateBody=PARAMETERS, Parameters=call)


def test_a_list_is_split_and_its_blanks_are_gone(stacks: Stacks) -> None:
    stack = stacks.create("s", PARAMETERS, Parameters=[{"ParameterKey": "Must", "ParameterValue": "be"}])
    assert stack["Outputs"][0]["OutputValue"] == "subnet-1|subnet-2"


def test_a_hidden_parameter_is_shown_nowhere(stacks: Stacks) -> None:
    template = """
Parameters: {Word: {Type: String, NoEcho: true}}
Resources: {Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref Word}}}
"""
    stacks.create("s", template, Parameters=[{"ParameterKey": "Word", "ParameterValue": "correct-horse"}])
    next_set = stacks.change_set("s", template, Parameters=[{"ParameterKey": "Word", "ParameterValue": "battery-staple"}])
    assert stacks.stack("s")["Parameters"] == [{"ParameterKey": "Word", "ParameterValue": "****"}]
    assert [change["ResourceChange"]["Action"] for change in next_set["Changes"]] == ["Modify"]
    assert "correct-horse" not in str(next_set) and "battery-staple" not in str(next_set)
    assert "correct-horse" not in str(stacks.api.describe_stack_events(StackName="s"))


def test_a_role_needs_to_be_acknowledged(stacks: Stacks) -> None:
    role = "Resources: {Role: {Type: AWS::IAM::Role, Properties: {%s AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}}"
    for name, needed in (("", "CAPABILITY_IAM"), ("RoleName: r,", "CAPABILITY_NAMED_IAM")):
        with pytest.raises(ClientError, match=re.escape(f"Requires capabilities : [{needed}]")) as refused:
            stacks.api.create_stack(StackName="s", TemplateBody=role % name)
        assert refused.value.response["Error"]["Code"] == "InsufficientCapabilitiesException"
    assert stacks.create("s", role % "", Capabilities=["CAPABILITY_IAM"])["StackStatus"] == "CREATE_COMPLETE"


def test_dynamic_references_are_resolved_for_the_service_alone(stacks: Stacks, aws: FreshAws) -> None:
    aws.client("ssm").put_parameter(Name="days", Value="14", Type="String")
    aws.client("secretsmanager").create_secret(Name="names", SecretString='{"group": "/from/a/secret"}')
    template = """
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: "{{resolve:secretsmanager:names:SecretString:group}}"
      RetentionInDays: "{{resolve:ssm:days}}"
"""
    assert stacks.create("s", template)["StackStatus"] == "CREATE_COMPLETE"
    (group,) = aws.client("logs").describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/from/a/secret", 14)
    assert "/from/a/secret" not in str(stacks.api.get_template(StackName="s"))


def test_a_template_may_come_from_a_bucket_when_it_is_too_long(stacks: Stacks, aws: FreshAws) -> None:
    long = f"Resources: {{Group: {{{GROUP}}}}}\n" + "# " * 30_000
    with pytest.raises(ClientError, match="less than or equal to 51200"):
        stacks.api.create_stack(StackName="s", TemplateBody=long)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="templates", Key="a/b.yml", Body=long)
    stacks.api.create_stack(StackName="s", TemplateURL="https://templates.s3.eu-central-1.amazonaws.com/a/b.yml")
    assert stacks.ended("s")["StackStatus"] == "CREATE_COMPLETE"
