# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener of roles/aws_ingress as an application load balancer obeys it: rules in order of priority, all conditions of a rule at once.

How AWS compares is from the API reference of ELBv2 (RuleCondition, PathPatternConditionConfig, SourceIpConditionConfig): paths are
case-sensitive, * stands for anything and ? for one character, the query string does not count, and the address is the connecting one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from sandbox.aws.cloudformation.functions import evaluate
from sandbox.aws.cloudformation.parameters import Given, settle, typed
from sandbox.aws.cloudformation.scope import NO_VALUE, Known, Scope
from sandbox.aws.cloudformation.template import Template, parse
from tests.fresh_listmonk import ROOT

TEMPLATE = ROOT / "roles/aws_ingress/files/stack.yml"
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


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    source: str


@dataclass(frozen=True)
class Rule:
    priority: int
    conditions: tuple[Mapping[str, Any], ...]
    target: str

    def matches(self, request: Request) -> bool:
        return all(_holds(condition, request) for condition in self.conditions)

    def values(self) -> list[str]:
        """All values of all conditions, which AWS counts together."""
        return [value for condition in self.conditions for value in _values(condition)]


@dataclass(frozen=True)
class Listener:
    rules: tuple[Rule, ...]
    default: str

    def target(self, method: str, path: str, source: str) -> str:
        """core, public, or the status that the load balancer answers by itself."""
        request = Request(method, path, source)
        return next((rule.target for rule in self.rules if rule.matches(request)), self.default)


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
    rules = sorted(map(_rule, resources("AWS::ElasticLoadBalancingV2::ListenerRule", **parameters)), key=lambda rule: rule.priority)
    return Listener(tuple(rules), str(default[0]["FixedResponseConfig"]["StatusCode"]))


def _rule(properties: Mapping[str, Any]) -> Rule:
    assert properties["ListenerArn"] == "HttpsListener"
    (action,) = properties["Actions"]
    assert action["Type"] == "forward"
    return Rule(int(properties["Priority"]), tuple(properties["Conditions"]), TARGETS[action["TargetGroupArn"]])


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


def _values(condition: Mapping[str, Any]) -> list[str]:
    ((_name, config),) = ((name, value) for name, value in condition.items() if name != "Field")
    return list(config["Values"])


def _holds(condition: Mapping[str, Any], request: Request) -> bool:
    return any(_COMPARISONS[condition["Field"]](value, request) for value in _values(condition))


def _path_is_like(pattern: str, request: Request) -> bool:
    wildcards: Iterable[str] = ({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch("".join(wildcards), request.path, re.DOTALL) is not None


def _comes_from(network: str, request: Request) -> bool:
    return ip_address(request.source) in ip_network(network)


_COMPARISONS: Mapping[str, Callable[[str, Request], bool]] = {
    "path-pattern": _path_is_like,
    "source-ip": _comes_from,
    "http-request-method": lambda method, request: method == request.method,
}
