# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener of roles/aws_ingress for given parameters, decided by the rules of the sandbox's load balancer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.aws.cloudformation.functions import evaluate
from sandbox.aws.cloudformation.parameters import Given, settle, typed
from sandbox.aws.cloudformation.scope import NO_VALUE, Known, Scope
from sandbox.aws.cloudformation.template import Template, parse
from sandbox.aws.data_plane.listener_rules import Request, first_match
from tests.fresh_listmonk import ROOT

TEMPLATE = ROOT / "roles/aws_ingress/files/stack.template"
TARGETS = {"CoreTargetGroup": "core", "PublicTargetGroup": "public"}
REQUIRED = {
    "NamePrefix": "paperboat-test",
    "VpcId": "vpc-0123456789abcdef0",
    "SubnetIds": "subnet-0aaaaaaaaaaaaaaaa,subnet-0bbbbbbbbbbbbbbbb",
    "SecurityGroupId": "sg-0123456789abcdef0",
    "HostName": "lists.example.com",
    "HostedZoneId": "Z0123456789ABC",
    "LogsBucket": "paperboat-logs",
}


@dataclass
class Rule:
    priority: int
    conditions: list[dict[str, Any]]
    actions: list[Any]

    @property
    def target(self) -> str:
        (action,) = self.actions
        assert action["Type"] == "forward"
        return TARGETS[action["TargetGroupArn"]]

    def values(self) -> list[str]:
        """All values of all conditions, which AWS counts together."""
        configurations = [config for condition in self.conditions for name, config in condition.items() if name != "Field"]
        return [value for config in configurations for value in config["Values"]]


@dataclass(frozen=True)
class Listener:
    rules: tuple[Rule, ...]
    default: str

    def target(self, method: str, path: str, source: str) -> str:
        """core, public, or the status that the load balancer answers by itself."""
        rule = first_match(self.rules, Request(method, path, REQUIRED["HostName"], (), {}, source))
        return self.default if rule is None else rule.target


@cache
def template() -> Template:
    return parse(TEMPLATE.read_text())


def resources(kind: str, **parameters: str) -> list[Mapping[str, Any]]:
    """The properties of the template's resources of one type, for these parameters."""
    scope = _scope({**REQUIRED, **parameters})
    return [
        evaluate(declaration.properties, scope)
        for declaration in template().resources.values()
        if declaration.type == kind and (declaration.condition is None or scope.condition(declaration.condition))
    ]


def https_listener(**parameters: str) -> Listener:
    (default,) = (
        properties["DefaultActions"]
        for properties in resources("AWS::ElasticLoadBalancingV2::Listener", **parameters)
        if properties["Protocol"] == "HTTPS"
    )
    rules = []
    for properties in resources("AWS::ElasticLoadBalancingV2::ListenerRule", **parameters):
        assert properties["ListenerArn"] == "HttpsListener"
        rules.append(Rule(int(properties["Priority"]), properties["Conditions"], properties["Actions"]))
    return Listener(tuple(rules), str(default[0]["FixedResponseConfig"]["StatusCode"]))


def _scope(values: Mapping[str, str]) -> Scope:
    settled = settle(template(), {name: Given(value) for name, value in values.items()}, {})
    pseudo = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012", "AWS::NoValue": NO_VALUE}
    # Each resource is known by its logical id, and so is each of its attributes.
    return Scope(template(), typed(template(), settled, str), pseudo, find=lambda name: Known(name, _AnyAttribute(name)), exports={})


class _AnyAttribute(dict[str, str]):
    def __init__(self, name: str) -> None:
        self.name = name

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> str:
        return f"{self.name}.{key}"
