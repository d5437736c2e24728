# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is foretold from a template alone, and what is made of values that nobody knows yet."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from tests.scripted_cloudformation import ScriptedCloudFormation, change, detail

NETWORK = """
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16, AllowedPattern: '[0-9./]+', ConstraintDescription: A network.}
  Nat: {Type: String, Default: none, AllowedValues: [none, single]}
  Zones: {Type: CommaDelimitedList, Default: ''}
  Peer: {Type: String, Default: ''}
Conditions:
  HasNat: !Not [!Equals [!Ref Nat, none]]
  HasPeer: !Not [!Equals [!Ref Peer, '']]
  HasBoth: !And [!Condition HasNat, !Condition HasPeer]
  HasAny: !Or [!Condition HasNat, !Condition HasPeer]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr, Tags: [{Key: Name, Value: !Sub '${AWS::StackName}-vpc'}]}}
  Nat1: {Type: AWS::EC2::NatGateway, Condition: HasNat, Properties: {SubnetId: !Ref Subnet}}
  Peering: {Type: AWS::EC2::VPCPeeringConnection, Condition: HasPeer, Properties: {VpcId: !Ref Vpc, PeerVpcId: !Ref Peer}}
  Both: {Type: AWS::Test::Both, Condition: HasBoth}
  Any: {Type: AWS::Test::Any, Condition: HasAny}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      MapPublicIpOnLaunch: !If [HasNat, true, !Ref AWS::NoValue]
Outputs:
  VpcId: {Value: !Ref Vpc}
  Cidr: {Value: !Ref Cidr}
  Name: {Value: !Join ['-', [!Ref AWS::StackName, !Ref AWS::Region]]}
  NatId: {Value: !Ref Nat1, Condition: HasNat}
  PeerId: {Value: !Ref Peer, Condition: HasPeer}
"""
UNKNOWN = "known after apply (other-stack.VpcId)"


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    return ScriptedCloudFormation()


def resources(result: dict[str, Any]) -> dict[str, bool]:
    """Logical ids, and whether they are only possible."""
    return {each["logical_id"]: each["possible"] for each in result["changes"]}


def test_a_stack_that_does_not_exist_is_foretold_without_a_writing_call(aws: ScriptedCloudFormation) -> None:
    result = aws.run(check=True, template_body=NETWORK, termination_protection=True)
    assert result["changed"] and result["action"] == "create"
    assert resources(result) == {"Vpc": False, "Subnet": False}
    assert {name for name, _ in aws.calls} == {"describe_stacks", "validate_template"}
    assert result["outputs"] == {
        "VpcId": "known after apply (paperboat-test.VpcId)",
        "Cidr": "10.0.0.0/16",
        "Name": "paperboat-test-eu-central-1",
    }


def test_its_properties_are_those_that_the_template_will_give(aws: ScriptedCloudFormation) -> None:
    after = aws.run(check=True, template_body=NETWORK, parameters={"Cidr": "10.9.0.0/16"})["diff"]["after"]
    assert "  CidrBlock: 10.9.0.0/16\n" in after and '"Value": "paperboat-test-vpc"' in after
    assert "  VpcId: known after apply (Vpc)\n" in after
    assert "MapPublicIpOnLaunch" not in after


def test_conditions_decide_which_resources_and_outputs_there_will_be(aws: ScriptedCloudFormation) -> None:
    result = aws.run(check=True, template_body=NETWORK, parameters={"Nat": "single"})
    assert resources(result) == {"Vpc": False, "Nat1": False, "Any": False, "Subnet": False}
    assert result["outputs"]["NatId"] == "known after apply (paperboat-test.NatId)"


def test_a_condition_on_a_value_that_nobody_knows_makes_resources_possible(aws: ScriptedCloudFormation) -> None:
    result = aws.run(check=True, template_body=NETWORK, parameters={"Peer": UNKNOWN})
    assert resources(result) == {"Vpc": False, "Peering": True, "Any": True, "Subnet": False}
    assert result["outputs"]["PeerId"] == "known after apply (paperboat-test.PeerId)"
    assert "possibly added" in result["diff"]["after"]


def test_a_stack_may_depend_on_another_that_does_not_exist_either(aws: ScriptedCloudFormation) -> None:
    first = aws.run(check=True, template_body=NETWORK)
    second = aws.run(check=True, template_body=NETWORK, parameters={"Peer": first["outputs"]["VpcId"], "Cidr": first["outputs"]["Cidr"]})
    assert "PeerVpcId: known after apply (paperboat-test.VpcId)" in second["diff"]["after"]


def test_text_that_stands_for_a_value_is_refused_when_a_stack_is_really_applied(aws: ScriptedCloudFormation) -> None:
    with pytest.raises(Refusal, match="Peer is 'known after apply"):
        aws.run(template_body=NETWORK, parameters={"Peer": UNKNOWN})
    assert not aws.calls


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Cdir": "x"}, r"has no parameter Cdir\. Its parameters: Cidr, Nat, Peer, Zones"),
        ({"Cidr": "ten"}, r"Cidr does not take 'ten': it must match \[0-9./\]\+\. A network\."),
        ({"Nat": "both"}, "allowed are none, single"),
        ({"Zones": ["a", "b,c"]}, "cannot be one of them"),
        ({"Cidr": {"a": 1}}, "is a dict"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_parameters_that_the_template_does_not_take_are_refused_before_aws_is_asked(
    aws: ScriptedCloudFormation, parameters: dict[str, Any], message: str, check: bool
) -> None:
    with pytest.raises(Refusal, match=message):
        aws.run(check=check, template_body=NETWORK, parameters=parameters)
    assert not aws.calls


def test_a_parameter_without_default_and_value_is_named(aws: ScriptedCloudFormation) -> None:
    with pytest.raises(Refusal, match="needs a value for Size"):
        aws.run(template_body="Parameters: {Size: {Type: Number}}\n" + "Resources: {A: {Type: AWS::Test::A}}", parameters={"Size": None})


def test_values_arrive_as_cloudformation_takes_them(aws: ScriptedCloudFormation) -> None:
    template = (
        "Parameters:\n" + "".join(f"  {name}: {{Type: String, Default: x}}\n" for name in "ABCDE") + "Resources: {A1: {Type: AWS::Test::A}}"
    )
    aws.operation = [(aws.name, "CREATE_COMPLETE", "")]
    aws.run(template_body=template, parameters={"A": True, "B": 3, "C": ["a", 1, False], "D": None, "E": ""})
    sent = {each["ParameterKey"]: each["ParameterValue"] for each in dict(aws.calls)["create_change_set"]["Parameters"]}
    assert sent == {"A": "true", "B": "3", "C": "a,1,false", "E": ""}


# --- stacks that exist


@pytest.fixture
def there(aws: ScriptedCloudFormation) -> ScriptedCloudFormation:
    parameters = {"Cidr": "10.0.0.0/16", "Nat": "single", "Zones": "", "Peer": "vpc-old"}
    return aws.given(
        "CREATE_COMPLETE",
        template=NETWORK,
        outputs={"VpcId": "vpc-1", "Cidr": "10.0.0.0/16", "Name": "paperboat-test-eu-central-1", "NatId": "nat-1", "PeerId": "vpc-old"},
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )


def test_outputs_of_what_is_replaced_are_not_known_and_all_others_stay(there: ScriptedCloudFormation) -> None:
    there.will_change(change("Vpc", replacement="True", Details=[detail("CidrBlock", "10.0.0.0/16", "10.9.0.0/16", "Always")]))
    outputs = there.run(check=True, template_body=NETWORK, parameters={"Cidr": "10.9.0.0/16", "Nat": "single", "Peer": "vpc-old"})[
        "outputs"
    ]
    assert outputs["VpcId"] == "known after apply (paperboat-test.VpcId)"
    assert outputs["Cidr"] == "10.9.0.0/16"
    assert outputs["NatId"] == "nat-1" and outputs["PeerId"] == "vpc-old"


def test_a_conditional_replacement_stays_conditional_and_its_outputs_unknown(there: ScriptedCloudFormation) -> None:
    there.will_change(change("Vpc", replacement="Conditional", Details=[detail("Tenancy", "a", "b", "Conditionally")]))
    result = there.run(check=True, template_body=NETWORK + "# changed\n", parameters={"Nat": "single", "Peer": "vpc-old"})
    assert result["changes"][0]["replacement"] == "conditional"
    assert "may be replaced; AWS decides when it is applied" in result["diff"]["after"]
    assert result["outputs"]["VpcId"].startswith("known after apply")


def test_a_value_that_nobody_knows_shows_what_it_possibly_changes(there: ScriptedCloudFormation) -> None:
    result = there.run(check=True, template_body=NETWORK, parameters={"Nat": "single", "Peer": UNKNOWN})
    assert result["changed"] and resources(result) == {"Peering": True, "Both": True, "Any": True}
    assert result["summary"].startswith("stack paperboat-test possibly updated")
    assert "possibly changed; it depends on a value known after apply" in result["diff"]["after"]
    assert "  PeerVpcId: vpc-old\n" in result["diff"]["before"] and f"  PeerVpcId: {UNKNOWN}\n" in result["diff"]["after"]
    assert "create_change_set" not in dict(there.calls), "everything else is certainly the same"
    assert result["outputs"]["VpcId"] == "vpc-1" and result["outputs"]["PeerId"].startswith("known after apply")


def test_what_else_differs_is_asked_with_the_value_as_it_is(there: ScriptedCloudFormation) -> None:
    there.will_change(change("Nat1", "Remove"))
    result = there.run(check=True, template_body=NETWORK, parameters={"Peer": UNKNOWN})
    assert resources(result) == {"Nat1": False, "Peering": True, "Any": True}
    sent = {each["ParameterKey"]: each for each in dict(there.calls)["create_change_set"]["Parameters"]}
    assert sent["Peer"] == {"ParameterKey": "Peer", "UsePreviousValue": True}


def test_a_new_parameter_that_nobody_knows_is_foretold_from_the_two_templates(there: ScriptedCloudFormation) -> None:
    with_parameter = NETWORK.replace("Parameters:", "Parameters:\n  Key: {Type: String}")
    wanted = with_parameter.replace("AWS::EC2::VPC, Properties: {", "AWS::EC2::VPC, Properties: {KeyId: !Ref Key, ")
    result = there.run(
        check=True, template_body=wanted, parameters={"Nat": "single", "Peer": "vpc-old", "Key": "known after apply (a.Key)"}
    )
    assert [each["logical_id"] for each in result["changes"]] == ["Vpc"]
    assert "create_change_set" not in dict(there.calls)
    assert "replacements are not foreseen" in " ".join(result["warnings"])


def test_secrets_are_in_no_diff_and_no_result(aws: ScriptedCloudFormation) -> None:
    template = """
Parameters: {Hidden: {Type: String, NoEcho: true}}
Resources:
  A: {Type: AWS::Test::A, Properties: {Text: !Ref Hidden, MasterUserPassword: hunter2, Where: !Sub 'x-${Hidden}'}}
Outputs: {Out: {Value: !Ref Hidden}}
"""
    result = aws.run(check=True, template_body=template, parameters={"Hidden": "tops3cret"})
    assert "tops3cret" not in str(result) and "hunter2" not in str(result)
    aws.given("UPDATE_COMPLETE", template=template, Parameters=[{"ParameterKey": "Hidden", "ParameterValue": "****"}])
    aws.will_change(
        change("A", Details=[detail("MasterUserPassword", "hunter1", "hunter2"), detail("SecretString", "a1b2", "{{resolve:ssm:x}}")])
    )
    result = aws.run(check=True, template_body=template + "# changed\n", parameters={"Hidden": "tops3cret"})
    assert not [secret for secret in ("hunter1", "hunter2", "a1b2") if secret in str(result)]
    assert "{{resolve:ssm:x}}" in str(result)
