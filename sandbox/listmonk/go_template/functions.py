# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A template function: a Python callable whose type hints are its Go signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

GO_TYPES: Mapping[object, str] = {
    str: "string",
    int: "int",
    float: "float64",
    bool: "bool",
    list: "[]interface {}",
    dict: "map[string]interface {}",
}


@dataclass(frozen=True)
class GoFunction:
    call: Callable[..., Any]
    parameters: tuple[object, ...]
    variadic: object | None = None
    """The type of the repeated last parameter; None when there is none."""

    @property
    def is_variadic(self) -> bool:
        return self.variadic is not None

    def type_at(self, index: int) -> object:
        return self.parameters[index] if index < len(self.parameters) else self.variadic


def go_function(call: Callable[..., Any]) -> GoFunction:
    hints = get_type_hints(call)
    fixed: list[object] = []
    variadic: object | None = None
    for parameter in inspect.signature(call).parameters.values():
        kind = hints.get(parameter.name, Any)
        kind = getattr(kind, "__origin__", None) or kind
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            variadic = kind
        else:
            fixed.append(kind)
    return GoFunction(call, tuple(fixed), variadic)


def function_map(*calls: Callable[..., Any], **named: Callable[..., Any]) -> dict[str, GoFunction]:
    """By Python name (a trailing _ is dropped) or by the given one."""
    found = {call.__name__.rstrip("_"): go_function(call) for call in calls}
    return found | {name: go_function(call) for name, call in named.items()}
