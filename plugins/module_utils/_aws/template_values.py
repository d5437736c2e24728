# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a template's expressions, as far as they can be known before AWS has made anything."""

from __future__ import annotations

import base64
import ipaddress
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import Refusal
from .known_after_apply import known_after_apply
from .template import Template
from .template_parameters import is_list_parameter, secret_parameters

HIDDEN = "****"
PLACEHOLDER = re.compile(r"\$\{([^!{}][^{}]*)\}")


@dataclass(frozen=True)
class Unknown:
    """A value that is not there yet; ``of`` says whose."""

    of: str

    def __str__(self) -> str:
        return known_after_apply(self.of)


class NoValue:
    """AWS::NoValue: the property is left out."""


NO_VALUE = NoValue()


@dataclass
class Values:
    """Expressions of one template with these parameters."""

    template: Template
    parameters: Mapping[str, Any]
    stack_name: str
    region: str
    account: str = ""
    """The account's number, empty if nobody knows it."""
    _conditions: dict[str, bool | Unknown] = field(default_factory=dict)

    def condition(self, name: str) -> bool | Unknown:
        """Whether the condition holds, as far as that can be known."""
        if name not in self._conditions:
            declared = self.template.section("Conditions")
            if name not in declared:
                raise Refusal(f"{self.template.where}: there is no condition {name}.")
            self._conditions[name] = Unknown(name)  # a circle stays unknown; AWS refuses it
            self._conditions[name] = self.truth(declared[name])
        return self._conditions[name]

    def exists(self, entry: Mapping[str, Any]) -> bool | Unknown:
        """Whether a resource or output with a condition is there at all."""
        name = entry.get("Condition")
        return self.condition(name) if isinstance(name, str) else True

    def value(self, expression: Any) -> Any:
        """Plain data, with Unknown where only AWS will know, and NO_VALUE for what is left out."""
        if isinstance(expression, list):
            found = [self.value(each) for each in expression]
            return [each for each in found if each is not NO_VALUE]
        if not isinstance(expression, Mapping):
            return expression
        if len(expression) == 1:
            (name, argument), *_rest = expression.items()
            if name in {"Ref", "Condition"} or str(name).startswith("Fn::"):
                return self._call(str(name), argument)
        found_entries = {key: self.value(inner) for key, inner in expression.items()}
        return {key: inner for key, inner in found_entries.items() if inner is not NO_VALUE}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Condition" and not isinstance(argument, str):
            return {"Condition": self.value(argument)}  # a policy statement's key of the same name
        function = _FUNCTIONS.get(name)
        return function(self, argument) if function else Unknown(name)

    def truth(self, expression: Any) -> bool | Unknown:
        found = self.value(expression)
        if isinstance(found, (bool, Unknown)):
            return found
        return str(found).lower() == "true"

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.parameters:
            if name in secret_parameters(self.template):
                return HIDDEN
            value = self.parameters[name]
            if isinstance(value, str) and is_list_parameter(self.template.section("Parameters").get(name, {})):
                return value.split(",") if value else []
            return value
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::StackName": self.stack_name,
            "AWS::Partition": _partition(self.region),
            "AWS::URLSuffix": "amazonaws.com.cn" if _partition(self.region) == "aws-cn" else "amazonaws.com",
        }
        return pseudo.get(name) or Unknown(name)


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _if(values: Values, argument: list[Any]) -> Any:
    name, yes, no = argument
    holds = values.condition(name)
    if isinstance(holds, Unknown):
        one, other = values.value(yes), values.value(no)
        return one if one == other else holds
    return values.value(yes if holds else no)


def _equals(values: Values, argument: list[Any]) -> bool | Unknown:
    left, right = (values.value(each) for each in argument)
    unknown = next((each for each in (left, right) if isinstance(each, Unknown)), None)
    return unknown if unknown is not None else _as_text(left) == _as_text(right)


def _and(values: Values, argument: list[Any]) -> bool | Unknown:
    found = [values.truth(each) for each in argument]
    return False if False in found else next((each for each in found if isinstance(each, Unknown)), True)


def _or(values: Values, argument: list[Any]) -> bool | Unknown:
    found = [values.truth(each) for each in argument]
    return True if True in found else next((each for each in found if isinstance(each, Unknown)), False)


def _not(values: Values, argument: list[Any]) -> bool | Unknown:
    found = values.truth(argument[0])
    return found if isinstance(found, Unknown) else not found


def _join(values: Values, argument: list[Any]) -> Any:
    separator, parts = argument
    found = values.value(parts)
    unknown = found if isinstance(found, Unknown) else next((each for each in found if isinstance(each, Unknown)), None)
    return unknown if unknown is not None else str(separator).join(_as_text(each) for each in found)


def _sub(values: Values, argument: Any) -> Any:
    text, given = (argument, {}) if isinstance(argument, str) else argument
    unknown: list[Unknown] = []

    def filled(match: re.Match[str]) -> str:
        name = match[1].strip()
        found = values.value(given[name]) if name in given else Unknown(name) if "." in name else values.ref(name)
        if isinstance(found, Unknown):
            unknown.append(found)
        return _as_text(found)

    result = PLACEHOLDER.sub(filled, text).replace("${!", "${")
    return unknown[0] if unknown else result


def _select(values: Values, argument: list[Any]) -> Any:
    index, entries = values.value(argument[0]), values.value(argument[1])
    if isinstance(index, Unknown) or isinstance(entries, Unknown):
        return index if isinstance(index, Unknown) else entries
    number = int(index)
    return entries[number] if 0 <= number < len(entries) else Unknown("Fn::Select")


def _split(values: Values, argument: list[Any]) -> Any:
    text = values.value(argument[1])
    return text if isinstance(text, Unknown) else _as_text(text).split(str(argument[0]))


def _find_in_map(values: Values, argument: list[Any]) -> Any:
    found: Any = values.template.section("Mappings")
    for step in (values.value(each) for each in argument[:3]):
        if isinstance(step, Unknown):
            return step
        if not isinstance(found, Mapping) or step not in found:
            return Unknown("Fn::FindInMap")
        found = found[step]
    return found


def _base64(values: Values, argument: Any) -> Any:
    text = values.value(argument)
    return text if isinstance(text, Unknown) else base64.b64encode(_as_text(text).encode()).decode()


def _cidr(values: Values, argument: list[Any]) -> Any:
    """Fn::Cidr: so many networks of so many host bits from the beginning of a block; AWS's default are 8 bits."""
    block, count, bits = (values.value(each) for each in (*argument, 8)[:3])
    unknown = next((each for each in (block, count, bits) if isinstance(each, Unknown)), None)
    if unknown is not None:
        return unknown
    try:
        network = ipaddress.ip_network(str(block))
        subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits))
        return [str(subnet) for subnet in itertools.islice(subnets, int(count))]
    except ValueError:
        return Unknown("Fn::Cidr")  # AWS will say what is wrong with it


def _get_att(_values: Values, argument: Any) -> Unknown:
    return Unknown(argument if isinstance(argument, str) else ".".join(map(str, argument)))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(_as_text, value)) if isinstance(value, list) else str(value)


_FUNCTIONS: dict[str, Callable[[Values, Any], Any]] = {
    "Ref": Values.ref,
    "Condition": Values.condition,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::Join": _join,
    "Fn::Sub": _sub,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::GetAtt": _get_att,
}
