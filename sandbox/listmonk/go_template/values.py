# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Go's values in Python's clothes: truth, type names, printing and comparing.

| Go | here |
|---|---|
| string, bool, int, float64 | str, bool, int, float |
| []interface {} | list, tuple |
| map[string]interface {} | dict (``Map`` for a named type) |
| struct or pointer to one | ``Struct`` |
| template.HTML | ``Html`` |
| nil | None |
| no value at all (missing key) | ``NOTHING`` |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from .errors import FunctionError


class _Nothing:
    def __repr__(self) -> str:
        return "<no value>"


NOTHING: Final = _Nothing()
EXPONENT_FROM = 6  # the power of ten from which %v prints a float with an exponent


class Html(str):
    """Text that is already safe HTML (template.HTML)."""

    __slots__ = ()


class Map(dict[str, Any]):
    """A map whose type has a name, as models.JSON."""

    def __init__(self, type_name: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.type_name = type_name


@dataclass(frozen=True)
class Struct:
    """Fields and methods by name. ``text`` is what printing it yields, ``unexported`` the fields that templates may not see."""

    type_name: str
    fields: Mapping[str, Any]
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    text: str = ""
    unexported: frozenset[str] = frozenset()


def is_true(value: object) -> bool:
    if value is NOTHING or value is None:
        return False
    if isinstance(value, bool | int | float | complex | str | list | tuple | dict):
        return bool(value)
    return True


def type_name(value: object) -> str:
    """What %T prints."""
    if value is None or value is NOTHING:
        return "<nil>"
    if isinstance(value, Struct | Map):
        return value.type_name
    for python, name in _TYPE_NAMES:
        if isinstance(value, python):
            return name
    return "[]string" if isinstance(value, tuple) else "func()" if callable(value) else type(value).__name__


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (Html, "template.HTML"),
    (str, "string"),
    (bool, "bool"),
    (int, "int"),
    (float, "float64"),
    (complex, "complex128"),
    (list, "[]interface {}"),
    (dict, "map[string]interface {}"),
    (datetime, "time.Time"),
    (timedelta, "time.Duration"),
)


def printed(value: object) -> str:
    """fmt's %v."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, dict):
        return "map[" + " ".join(f"{printed(key)}:{printed(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list | tuple):
        return "[" + " ".join(map(printed, value)) + "]"
    if isinstance(value, Struct):
        return value.text or "{" + " ".join(map(printed, value.fields.values())) + "}"
    if isinstance(value, datetime):
        return f"{value.year:04d}{value:-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".") + " " + value.strftime("%z %Z").strip()
    return str(value)


def float_text(value: float) -> str:
    """The shortest form that reads back; below 1e-4 and from 1e6 on with an exponent (%v)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    digits, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
    power = int(exponent)
    if value and (power < -4 or power >= EXPONENT_FROM):
        return f"{digits}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{Decimal(repr(value)).normalize():f}"


def joined(values: tuple[object, ...]) -> str:
    """fmt.Sprint: a blank between two operands when neither is a string."""
    out = ""
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            out += " "
        out += printed(None if value is NOTHING else value)
    return out


def _family(value: object) -> str:
    for family, types in (("bool", bool), ("int", int), ("float", float), ("complex", complex), ("string", str)):
        if isinstance(value, types):
            return family
    return ""


def equal(first: object, other: object) -> bool:
    if first is None or first is NOTHING or other is None or other is NOTHING:
        return (first is None or first is NOTHING) == (other is None or other is NOTHING) and first in (None, NOTHING)
    if _family(first) != _family(other):
        raise FunctionError(f"incompatible types for comparison: {type_name(first)} and {type_name(other)}")
    if not _family(first) and isinstance(first, dict | list):
        raise FunctionError(f"non-comparable type {printed(first)}: {type_name(first)}")
    return first == other


def less(first: Any, other: Any) -> bool:
    for value in (first, other):
        if _family(value) in ("", "bool", "complex"):
            raise FunctionError("invalid type for comparison")
    if _family(first) != _family(other):
        raise FunctionError(f"incompatible types for comparison: {type_name(first)} and {type_name(other)}")
    if isinstance(first, str):
        return first.encode() < str(other).encode()
    return bool(first < other)
