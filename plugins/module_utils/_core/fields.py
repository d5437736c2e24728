# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary in which a resource's attributes are declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Literal

from .errors import ImpossibleDeclaration

OptionType = Literal["str", "int", "float", "bool", "list", "dict", "raw"]
Version = tuple[int, ...]

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    "raw": (object,),
}


class Compare(Enum):
    """How the wanted value and the one that the server holds are held against each other."""

    EXACT = "exact"
    UNORDERED = "unordered"
    """A list whose order means nothing; duplicates count."""
    SUBSET = "subset"
    """A dict of which only the wanted keys are compared; the server may hold more."""
    TEXT = "text"
    """A long text, byte for byte; a difference in line endings is named as such."""
    INSTANT = "instant"
    """RFC 3339 timestamps: the same moment may be written with another offset."""


_COMPARE_NEEDS: dict[Compare, str] = {
    Compare.UNORDERED: "list",
    Compare.SUBSET: "dict",
    Compare.TEXT: "str",
    Compare.INSTANT: "str",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One attribute of a resource: what a task may say of it and what the server makes of that.

    A field is refused when its properties contradict each other, so that a declaration that imports is one that can work.
    """

    name: str
    """The attribute's key in the API."""
    type: OptionType
    option: str = ""
    """The module's option, where it is not called as the attribute is."""
    elements: OptionType | None = None
    fields: tuple[Field, ...] = ()
    """Attributes of a dict, or of each dict of a list."""
    choices: tuple[Any, ...] = ()
    required: bool = False
    """Must be given when the resource is created."""
    default: Any = None
    """What a new resource gets when nothing is said; existing ones are left alone."""
    read_only: bool = False
    write_only: bool = False
    """Never readable, so it cannot be compared: written on create, and later only on demand (``update_password``)."""
    secret: bool = False
    immutable: bool = False
    """Set on create; another value later is refused."""
    clearable: bool = True
    """False where the server keeps the old value when it is given a blank one."""
    normalise: Callable[[Any], Any] | None = None
    """Mirrors what the server makes of a value before it stores it."""
    compare: Compare = Compare.EXACT
    reference: str = ""
    """Kind of the resource that the attribute names, such as ``list``; a name must then be among those of that kind."""
    since: Version = ()
    until: Version = ()
    """First version that no longer has the attribute."""

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise ImpossibleDeclaration(f"field {self.name!r}: {fault}")
        if not self.option:
            object.__setattr__(self, "option", self.name)

    def normalised(self, value: Any) -> Any:
        """The value as the server would store it; ``None`` stays ``None``."""
        return value if value is None or self.normalise is None else self.normalise(value)

    def exists_in(self, version: Version) -> bool:
        """Whether a server of that version has the attribute; an unknown version ``()`` has all."""
        if not version:
            return True
        return version >= self.since and (not self.until or version < self.until)

    def but(self, **properties: Any) -> Field:
        """The same field with other properties."""
        return replace(self, **properties)


def fits(value: Any, option_type: OptionType) -> bool:
    """Whether a value is of the option's type; a bool is no int."""
    if option_type in ("int", "float") and isinstance(value, bool):
        return False
    return isinstance(value, _PYTHON_TYPES[option_type])


def _faults(field: Field) -> list[str]:
    found: list[str] = []
    if not field.name:
        found.append("it has no name")
    if field.read_only and (field.required or field.write_only or field.immutable or field.default is not None):
        found.append("read_only leaves no room for required, write_only, immutable or a default")
    if field.required and field.default is not None:
        found.append("a required field has no default")
    if field.secret and not field.write_only:
        found.append("a secret must be write_only: it could reach a diff otherwise")
    if field.write_only and field.compare is not Compare.EXACT:
        found.append("a write_only field is never compared")
    if field.default is not None and not fits(field.default, field.type):
        found.append(f"the default is not of type {field.type}")
    if field.choices and field.default is not None and field.default not in field.choices:
        found.append("the default is not among the choices")
    if field.elements is not None and field.type != "list":
        found.append("only a list has elements")
    if field.type == "list" and field.elements is None:
        found.append("a list says what its elements are")
    if field.fields and field.type != "dict" and field.elements != "dict":
        found.append("only a dict, or a list of them, has fields")
    needed = _COMPARE_NEEDS.get(field.compare)
    if needed is not None and field.type != needed:
        found.append(f"compare {field.compare.value} needs type {needed}")
    if field.reference and field.type != "str" and field.elements != "str":
        found.append("a reference is a name, or a list of names")
    if field.since and field.until and field.since >= field.until:
        found.append("it ends before it begins")
    if field.normalise is not None and field.default is not None and field.normalise(field.default) != field.default:
        found.append("the default is not as the server would store it")
    return found
