# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack's parameters: what the caller gave, the stack had or the template says, checked against their declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import NotInSandbox, Refusal
from .template import Template

HIDDEN = "****"
LISTS = re.compile(r"^(CommaDelimitedList|List<.+>)$")
PLAIN = re.compile(r"^(String|Number|CommaDelimitedList|List<(Number|String)>)$")
SPECIFIC = re.compile(
    r"^(List<)?AWS::(EC2::[A-Za-z:]+|Route53::HostedZone::Id)>?$"
)  # checked by AWS against the account, here against their form
FORMS = {
    "AWS::EC2::VPC::Id": r"vpc-[0-9a-f]+",
    "AWS::EC2::Subnet::Id": r"subnet-[0-9a-f]+",
    "AWS::EC2::SecurityGroup::Id": r"sg-[0-9a-f]+",
    "AWS::Route53::HostedZone::Id": r"[A-Z0-9]+",
    "AWS::EC2::AvailabilityZone::Name": r"[a-z]{2}(-[a-z]+)+-\d[a-z]",
}
SSM = re.compile(r"^AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList)>$")


@dataclass(frozen=True)
class Given:
    """One member of the request's Parameters."""

    value: str | None = None
    use_previous: bool = False


def settle(template: Template, given: Mapping[str, Given], before: Mapping[str, str]) -> dict[str, str]:
    """Each declared parameter's text.

    Raises:
        Refusal: a parameter is unknown, missing, or against its constraints.
    """
    unknown = sorted(set(given) - set(template.parameters))
    if unknown:
        raise Refusal(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    settled, missing = {}, []
    for name, declaration in template.parameters.items():
        value = _value(given.get(name), declaration, before.get(name))
        if value is None:
            missing.append(name)
        else:
            _check(name, value, declaration)
            settled[name] = value
    if missing:
        raise Refusal(f"Parameters: [{', '.join(missing)}] must have values")
    return settled


def typed(template: Template, values: Mapping[str, str], read_ssm: Callable[[str], str]) -> dict[str, Any]:
    """The values as Ref gives them: lists are split, names of SSM parameters replaced by their values."""
    result: dict[str, Any] = {}
    for name, text in values.items():
        kind = template.parameters[name]["Type"]
        ssm = SSM.match(kind)
        value = read_ssm(text) if ssm else text
        result[name] = [part.strip() for part in value.split(",")] if LISTS.match(ssm.group(1) if ssm else kind) else value
    return result


def is_hidden(template: Template, name: str) -> bool:
    return as_text(template.parameters.get(name, {}).get("NoEcho", False)) == "true"


def shown(template: Template, values: Mapping[str, str]) -> list[dict[str, str]]:
    """As DescribeStacks lists them; what NoEcho hides is asterisks."""
    return [
        {"ParameterKey": name, "ParameterValue": HIDDEN if is_hidden(template, name) else value} for name, value in sorted(values.items())
    ]


def as_text(value: Any) -> str:
    """A scalar as CloudFormation writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(given: Given | None, declaration: Mapping[str, Any], before: str | None) -> str | None:
    if given is not None and given.use_previous:
        if before is None:
            raise Refusal("Invalid input for parameter key: UsePreviousValue is given, but the stack has no such value")
        return before
    if given is not None and given.value is not None:
        return given.value
    default = declaration.get("Default")
    return None if default is None else as_text(default)


def _check(name: str, value: str, declaration: Mapping[str, Any]) -> None:
    kind = declaration.get("Type")
    if not isinstance(kind, str):
        raise Refusal(f"Template format error: Every Parameters object must contain a Type member. ({name})")
    if not (PLAIN.match(kind) or SPECIFIC.match(kind) or SSM.match(kind)):
        raise NotInSandbox(f"the type {kind} of the parameter {name}")
    explanation = declaration.get("ConstraintDescription")
    for part in _parts(kind, value):
        problem = _problem(kind, part, declaration)
        if problem:
            raise Refusal(f"Parameter '{name}' {explanation}" if explanation else f"Parameter '{name}' {problem}")


def _parts(kind: str, value: str) -> list[str]:
    return [part.strip() for part in value.split(",")] if LISTS.match(kind) else [value]


def _problem(kind: str, value: str, declaration: Mapping[str, Any]) -> str | None:
    allowed = declaration.get("AllowedValues")
    if allowed is not None and value not in [as_text(choice) for choice in allowed]:
        return f"must be one of AllowedValues {[as_text(choice) for choice in allowed]}"
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"must match pattern {pattern}"
    if len(value) < int(declaration.get("MinLength", 0)):
        return f"must contain at least {declaration['MinLength']} characters"
    if "MaxLength" in declaration and len(value) > int(declaration["MaxLength"]):
        return f"must contain at most {declaration['MaxLength']} characters"
    if kind in ("Number", "List<Number>"):
        return _problem_of_number(value, declaration)
    form = FORMS.get(kind.removeprefix("List<").removesuffix(">"))
    if form is not None and not re.fullmatch(form, value):
        return f"is not a valid {kind}: {value}"
    return None


def _problem_of_number(value: str, declaration: Mapping[str, Any]) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "must be a number"
    if "MinValue" in declaration and number < float(declaration["MinValue"]):
        return f"must be a number not less than {declaration['MinValue']}"
    if "MaxValue" in declaration and number > float(declaration["MaxValue"]):
        return f"must be a number not greater than {declaration['MaxValue']}"
    return None
