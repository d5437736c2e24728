# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of a template: their values as far as they can be known, and unknown where only AWS knows."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_prediction import plain, values_for
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template import parse_template

TEMPLATE = """
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  None: {Type: CommaDelimitedList, Default: ''}
  Peer: {Type: String, Default: ''}
  Flag: {Type: String, Default: 'true'}
Mappings:
  Sizes: {small: {memory: 512}}
Conditions:
  Always: !Equals [!Ref Flag, true]
  Never: !Not [!Condition Always]
  Perhaps: !Equals [!Ref Peer, '']
Resources:
  Thing: {Type: AWS::Test::Thing}
Outputs:
  Out: {Value: %s}
"""
PEER = "known after apply (net.VpcId)"


def value_of(expression: str, **parameters: str) -> Any:
    template = parse_template(TEMPLATE % expression, "t")
    values = values_for(template, parameters, "paperboat", "eu-central-1")
    values.account = "123456789012"
    return plain(values.value(template.section("Outputs")["Out"]["Value"]))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Cidr", "10.0.0.0/16"),
        ("!Ref Zones", ["a", "b"]),
        ("!Ref None", []),
        ("!Join ['-', !Ref Zones]", "a-b"),
        ("!Join ['-', ['x', !Ref AWS::NoValue, 'y']]", "x-y"),
        ("!Select [1, !Ref Zones]", "b"),
        ("!Select ['0', !Split ['/', !Ref Cidr]]", "10.0.0.0"),
        ("!Select [2, !Cidr [!Ref Cidr, 4, 8]]", "10.0.2.0/24"),
        ("!Cidr ['fd00::/56', 2, 64]", ["fd00::/64", "fd00:0:0:1::/64"]),
        ("!FindInMap [Sizes, small, memory]", 512),
        ("!If [Always, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("{A: !If [Never, a, !Ref AWS::NoValue], B: c}", {"B": "c"}),
        (
            "!Sub 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:${Cidr}-${!Literal}'",
            "arn:aws:x:eu-central-1:123456789012:10.0.0.0/16-${Literal}",
        ),
        ("!Sub ['${a}${AWS::URLSuffix}', {a: !Ref AWS::StackName}]", "paperboatamazonaws.com"),
        ("{'Fn::Base64': hello}", "aGVsbG8="),
        (
            "{Statement: [{Condition: {Bool: {x: 'false'}}, Effect: Deny}]}",
            {"Statement": [{"Condition": {"Bool": {"x": "false"}}, "Effect": "Deny"}]},
        ),
    ],
)
def test_what_can_be_known_is_known(expression: str, value: Any) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("expression", "of"),
    [
        ("!Ref Thing", "Thing"),
        ("!GetAtt Thing.Arn", "Thing.Arn"),
        ("!Sub 'x-${Thing.Arn}'", "Thing.Arn"),
        ("!Join ['', ['a', !Ref Thing]]", "Thing"),
        ("!Select [0, !Split [',', !GetAtt Thing.Names]]", "Thing.Names"),
        ("!Select [0, !GetAZs '']", "Fn::GetAZs"),
        ("!ImportValue other", "Fn::ImportValue"),
        ("!Ref AWS::StackId", "AWS::StackId"),
        ("!If [Perhaps, a, b]", "net.VpcId"),
        ("!Select [0, !Cidr [!Ref Peer, 4, 8]]", "net.VpcId"),
    ],
)
def test_what_only_aws_knows_is_unknown_and_says_whose_value_it_is(expression: str, of: str) -> None:
    assert value_of(expression, Peer=PEER) == f"known after apply ({of})"


def test_a_condition_on_an_unknown_value_does_not_matter_where_both_ways_lead_to_the_same() -> None:
    assert value_of("!If [Perhaps, a, a]", Peer=PEER) == "a"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("!And [!Condition Perhaps, !Condition Never]", False),
        ("!Or [!Condition Perhaps, !Condition Always]", True),
        ("!And [!Condition Perhaps, !Condition Always]", "unknown"),
        ("!Or [!Condition Perhaps, !Condition Never]", "unknown"),
        ("!Not [!Condition Perhaps]", "unknown"),
    ],
)
def test_conditions_know_as_much_as_logic_allows(condition: str, holds: Any) -> None:
    text = TEMPLATE.replace("  Perhaps:", f"  Asked: {condition}\n  Perhaps:") % "x"
    found = values_for(parse_template(text, "t"), {"Peer": PEER}, "paperboat", "eu-central-1").condition("Asked")
    assert (found if isinstance(found, bool) else "unknown") == holds


def test_a_template_in_long_form_means_the_same() -> None:
    short = parse_template(TEMPLATE % "!Select [1, !Ref Zones]", "t").content
    long = parse_template(yaml.safe_dump(short), "t").content
    assert long == short
