# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks that stand on each other's outputs: a whole chain is foretold before anything of it exists, and when its foundation moves."""

from __future__ import annotations

from typing import Any

from tests.stacks.stack_tasks import StackTasks

NETWORK = """
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
Outputs:
  VpcId: {Value: !Ref Vpc}
  Cidr: {Value: !Ref Cidr}
"""
SERVICE = """
Parameters:
  VpcId: {Type: String}
  Cidr: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: The service
      VpcId: !Ref VpcId
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9000, ToPort: 9000, CidrIp: !Ref Cidr}]
  Logs: {Type: AWS::Logs::LogGroup}
Outputs:
  GroupId: {Value: !GetAtt Group.GroupId}
  Logs: {Value: !Ref Logs}
"""


def chain(stacks: StackTasks, *, check: bool, **network: Any) -> list[Any]:
    """The two stacks as a playbook applies them."""
    first = stacks.run(name="net", template_body=NETWORK, parameters=network, check=check)
    assert not first.failed, first.msg
    assert not (check and stacks.writes)
    second = stacks.run(
        name="srv", template_body=SERVICE, parameters={key: first["outputs"][key] for key in ("VpcId", "Cidr")}, check=check
    )
    assert not second.failed, second.msg
    assert not (check and stacks.writes)
    return [first, second]


def test_a_chain_is_foretold_applied_and_then_the_same(stacks: StackTasks) -> None:
    first, second = chain(stacks, check=True)
    assert stacks.trace() == {}
    assert first["outputs"] == {"VpcId": "known after apply (net.VpcId)", "Cidr": "10.0.0.0/16"}
    assert "  VpcId: known after apply (net.VpcId)" in second["diff"]["after"] and '"CidrIp": "10.0.0.0/16"' in second["diff"]["after"]

    for result in chain(stacks, check=False):
        assert result["action"] == "create"
    for check in (True, False):
        assert [result.changed for result in chain(stacks, check=check)] == [False, False]


def test_a_foundation_that_is_replaced_shows_what_it_possibly_changes_above(stacks: StackTasks) -> None:
    before = [result["outputs"] for result in chain(stacks, check=False)]
    trace = stacks.trace()

    first, second = chain(stacks, check=True, Cidr="10.9.0.0/16")
    assert stacks.trace() == trace
    assert [(each["logical_id"], each["replacement"]) for each in first["changes"]] == [("Vpc", "always")]
    assert first["outputs"] == {"VpcId": "known after apply (net.VpcId)", "Cidr": "10.9.0.0/16"}
    # The known change of the rule is certain, the group's move to another network possible; the logs have nothing to do with either.
    assert "Logs" not in {each["logical_id"] for each in second["changes"]}
    assert second["changed"] and second["outputs"]["Logs"] == before[1]["Logs"]
    assert second["outputs"]["GroupId"] == "known after apply (srv.GroupId)"

    real = chain(stacks, check=False, Cidr="10.9.0.0/16")
    assert real[0]["outputs"]["VpcId"] != before[0]["VpcId"] and real[1]["outputs"]["GroupId"] != before[1]["GroupId"]
    assert real[1]["outputs"]["Logs"] == before[1]["Logs"]
    assert [result.changed for result in chain(stacks, check=True, Cidr="10.9.0.0/16")] == [False, False]
