# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource is: a kind, what identifies it, and its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .errors import ImpossibleDeclaration
from .fields import Field, Version


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A declaration from which option spec, comparison, redaction, return shape and ``_info`` follow."""

    kind: str
    """In the words of the field and in the singular: list, template, SMTP server."""
    identity: tuple[str, ...] = ()
    """Names of the fields that tell one object from another; the first is the one people call it by."""
    fields: tuple[Field, ...]
    document: bool = False
    """There is one, always: its fields are keys of a document, which an option of the store holds, instead of options."""
    plural: str = ""
    since: Version = ()
    secrets_policy: str = ""
    """Option that decides when write-only fields are written; empty where there are none."""
    describe: Callable[[str], str] = str

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise ImpossibleDeclaration(f"resource {self.kind!r}: {fault}")
        if not self.plural:
            object.__setattr__(self, "plural", self.kind + "s")

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; ``KeyError`` if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def writable(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.read_only)

    @property
    def comparable(self) -> tuple[Field, ...]:
        """Fields that a wish may hold against what the server says."""
        return tuple(field for field in self.fields if not field.read_only and not field.write_only)


def _faults(resource: Resource) -> list[str]:
    found: list[str] = []
    names = [field.name for field in resource.fields]
    options = [field.option for field in resource.fields]
    for label, values in (("field", names), ("option", options)):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            found.append(f"{label} declared twice: {', '.join(twice)}")
    if not resource.identity and not resource.document:
        found.append("nothing identifies it")
    for name in resource.identity:
        if name not in names:
            found.append(f"its identity {name!r} is no field")
        elif resource.field(name).write_only:
            found.append(f"its identity {name!r} cannot be read")
    has_secrets = any(field.write_only for field in resource.fields)
    if has_secrets and not resource.secrets_policy:
        found.append("write-only fields need an option that says when they are written")
    if resource.secrets_policy and not has_secrets:
        found.append("secrets_policy without a write-only field")
    if resource.secrets_policy in options:
        found.append(f"option {resource.secrets_policy!r} is both a field and the policy")
    return found
