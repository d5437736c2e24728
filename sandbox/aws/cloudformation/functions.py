# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions of templates (Ref, Fn::Sub …), evaluated in a scope."""

from __future__ import annotations

import base64
import ipaddress
import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from .errors import NotInSandbox, Refusal
from .parameters import as_text
from .scope import KNOWN_AFTER_APPLY, NO_VALUE, Scope

VARIABLE = re.compile(r"\$\{([^}]+)\}")
ZONES = "abc"


def evaluate(node: Any, scope: Scope) -> Any:
    """The value of an expression; AWS::NoValue removes the member or element that it stands for."""
    if isinstance(node, list):
        return [value for value in (evaluate(part, scope) for part in node) if value is not NO_VALUE]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        ((name, argument),) = node.items()
        if name == "Ref":
            return scope.ref(argument)
        if isinstance(name, str) and name.startswith("Fn::"):
            return _call(name, argument, scope)
    evaluated = {name: evaluate(part, scope) for name, part in node.items()}
    return {name: value for name, value in evaluated.items() if value is not NO_VALUE}


def holds_unknown(value: Any) -> bool:
    """Whether a part of it is known only after the change."""
    if isinstance(value, dict):
        return any(holds_unknown(part) for part in value.values())
    if isinstance(value, list):
        return any(holds_unknown(part) for part in value)
    return isinstance(value, str) and KNOWN_AFTER_APPLY in value


def _call(name: str, argument: Any, scope: Scope) -> Any:
    lazy = LAZY.get(name)
    if lazy is not None:
        return lazy(argument, scope)
    if name not in EAGER:
        raise NotInSandbox(f"the function {name}")
    value = evaluate(argument, scope)
    try:
        return EAGER[name](value, scope)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        if holds_unknown(value):
            return KNOWN_AFTER_APPLY
        raise Refusal(f"Template error: {name} cannot take {json.dumps(value, default=str)}: {error}") from None


# --- functions that decide themselves what of their argument is evaluated


def _if(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        raise Refusal("Template error: Fn::If requires a list argument with three elements")
    return evaluate(argument[1 if scope.condition(argument[0]) else 2], scope)


def _get_att(argument: Any, scope: Scope) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else [as_text(evaluate(part, scope)) for part in argument]
    return scope.attribute(parts[0], ".".join(parts[1:]))


def _sub(argument: Any, scope: Scope) -> str:
    text, given = (argument, {}) if isinstance(argument, str) else (argument[0], evaluate(argument[1], scope))

    def replaced(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in given:
            value = given[name]
        elif scope.is_plain(name) or "." not in name:
            value = scope.ref(name)
        else:
            value = scope.attribute(*name.split(".", 1))
        return ",".join(as_text(part) for part in value) if isinstance(value, list) else as_text(value)

    return VARIABLE.sub(replaced, text)


def _import_value(argument: Any, scope: Scope) -> str:
    name = evaluate(argument, scope)
    if name not in scope.exports:
        raise Refusal(f"No export named {name} found.")
    scope.imported.add(name)
    return scope.exports[name]


def _find_in_map(argument: Any, scope: Scope) -> Any:
    table, first, second = (as_text(evaluate(part, scope)) for part in argument)
    try:
        return scope.template.mappings[table][first][second]
    except KeyError:
        raise Refusal(f"Template error: Unable to get mapping for {table}::{first}::{second}") from None


# --- functions of values


def _join(value: Any, _scope: Scope) -> str:
    delimiter, parts = value
    if parts == KNOWN_AFTER_APPLY:
        return KNOWN_AFTER_APPLY
    if not isinstance(parts, list):
        raise TypeError("the second argument must be a list")
    return as_text(delimiter).join(as_text(part) for part in parts)


def _split(value: Any, _scope: Scope) -> Any:
    delimiter, text = value
    return KNOWN_AFTER_APPLY if holds_unknown(text) else text.split(delimiter)


def _select(value: Any, _scope: Scope) -> Any:
    index, parts = value
    if parts == KNOWN_AFTER_APPLY:
        return KNOWN_AFTER_APPLY
    if not 0 <= int(index) < len(parts):
        raise Refusal(f"Template error: Fn::Select  cannot select nonexistent value at index {index}")
    return parts[int(index)]


def _zones(value: Any, scope: Scope) -> list[str]:
    return [f"{value or scope.pseudo['AWS::Region']}{zone}" for zone in ZONES]


def _cidr(value: Any, _scope: Scope) -> Any:
    block, count, *bits = value
    if holds_unknown(block):
        return KNOWN_AFTER_APPLY
    network = ipaddress.ip_network(block)
    subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits[0] if bits else 8))
    blocks = [str(subnet) for subnet in itertools.islice(subnets, int(count))]
    if len(blocks) < int(count):
        raise ValueError(f"{block} has no room for {count} blocks")
    return blocks


def _base64(value: Any, _scope: Scope) -> str:
    return base64.b64encode(value.encode()).decode()


LAZY: dict[str, Callable[[Any, Scope], Any]] = {
    "Fn::If": _if,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::ImportValue": _import_value,
    "Fn::FindInMap": _find_in_map,
}
EAGER: dict[str, Callable[[Any, Scope], Any]] = {
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::GetAZs": _zones,
    "Fn::Cidr": _cidr,
    "Fn::Base64": _base64,
}
