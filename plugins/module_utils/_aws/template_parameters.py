# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a stack's parameters: as a task gives them, and as CloudFormation will take them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._core.errors import Refusal
from .known_after_apply import is_known_after_apply
from .template import Template

LONGEST = 4096
"""Bytes that CloudFormation takes for one parameter."""


def given_parameters(values: Mapping[str, Any]) -> dict[str, str]:
    """A task's parameters as the texts that CloudFormation takes. Null means: leave it out, the template has a default."""
    return {name: _text(name, value) for name, value in values.items() if value is not None}


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        parts = [_text(name, each) for each in value]
        torn = [part for part in parts if "," in part]
        if torn:
            raise Refusal(
                f"The parameter {name} is a list, and CloudFormation separates its entries by commas: {torn[0]!r} cannot be one of them."
            )
        return ",".join(parts)
    raise Refusal(f"The parameter {name} is a {type(value).__name__}. It can be a text, a number, true or false, or a list of these.")


def effective_parameters(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    """What CloudFormation will use: what is given, otherwise the default. Raises Refusal for what it would refuse."""
    declared = template.section("Parameters")
    unknown = sorted(set(given) - set(declared))
    if unknown:
        known = ", ".join(sorted(declared)) or "none"
        raise Refusal(f"{template.where} has no parameter {', '.join(unknown)}. Its parameters: {known}.")
    missing = sorted(name for name, parameter in declared.items() if name not in given and "Default" not in parameter)
    if missing:
        raise Refusal(f"{template.where} needs a value for {', '.join(missing)}: there is no default.")
    values = {name: given[name] if name in given else _text(name, parameter["Default"]) for name, parameter in declared.items()}
    for name, value in values.items():
        _judge(template, name, declared[name], value)
    return values


def secret_parameters(template: Template) -> frozenset[str]:
    """Those whose values CloudFormation never shows (NoEcho)."""
    return frozenset(
        name for name, parameter in template.section("Parameters").items() if str(parameter.get("NoEcho", "")).lower() == "true"
    )


def is_list_parameter(parameter: Mapping[str, Any]) -> bool:
    kind = str(parameter.get("Type", "String"))
    return kind == "CommaDelimitedList" or "List<" in kind


def _judge(template: Template, name: str, parameter: Mapping[str, Any], value: str) -> None:
    """The constraints that a template declares, so that a first deploy is refused before AWS is asked; unknown values pass."""
    if is_known_after_apply(value):
        return
    shown = "its value" if name in secret_parameters(template) else repr(value)
    trouble = _trouble(parameter, value)
    if trouble:
        hint = parameter.get("ConstraintDescription")
        raise Refusal(f"{template.where}: the parameter {name} does not take {shown}: {trouble}.{f' {hint}' if hint else ''}")


def _trouble(parameter: Mapping[str, Any], value: str) -> str:
    if len(value.encode()) > LONGEST:
        return f"it has {len(value.encode())} bytes, and CloudFormation takes {LONGEST}"
    allowed = [_text("", each) for each in parameter.get("AllowedValues", ())]
    parts = value.split(",") if is_list_parameter(parameter) else [value]
    if allowed and not set(parts) <= set(allowed):
        return f"allowed are {', '.join(allowed)}"
    pattern = parameter.get("AllowedPattern")
    if pattern is not None and not all(_matches(str(pattern), part) for part in parts):
        return f"it must match {pattern}"
    if parameter.get("Type") == "Number":
        return _number_trouble(parameter, value)
    low, high = int(parameter.get("MinLength", 0)), int(parameter.get("MaxLength", LONGEST))
    if not low <= len(value) <= high:
        return f"it has {len(value)} characters, and from {low} to {high} are allowed"
    return ""


def _number_trouble(parameter: Mapping[str, Any], value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return "it must be a number"
    low, high = parameter.get("MinValue"), parameter.get("MaxValue")
    if (low is not None and number < float(low)) or (high is not None and number > float(high)):
        return f"it must be from {'any' if low is None else low} to {'any' if high is None else high}"
    return ""


def _matches(pattern: str, value: str) -> bool:
    """CloudFormation's patterns are Java's; one that Python cannot read is left to AWS to judge."""
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True
