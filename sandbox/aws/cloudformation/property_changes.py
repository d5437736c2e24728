# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between a resource's properties before and after, path by path, and what each difference means for the resource."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .functions import holds_unknown
from .parameters import HIDDEN
from .references import Reference, references
from .schemas import Schema
from .scope import Scope

ABSENT = object()


@dataclass(frozen=True)
class Source:
    """Why a property changes, as change sets name it."""

    change: str  # DirectModification, ParameterReference, ResourceReference, ResourceAttribute
    causing_entity: str | None = None


@dataclass(frozen=True)
class PropertyChange:
    name: str
    path: str
    before: str | None
    after: str | None
    change: str  # Add, Remove, Modify
    recreation: str  # Never, Conditionally, Always
    evaluation: str  # Static, Dynamic
    source: Source
    attribute: str = "Properties"
    previous: str | None = None  # if it drifted: what the template before said, while ``before`` is what somebody made of it
    drifted: bool = False

    @property
    def replacement(self) -> str:
        """What this change alone does: True, False or Conditional."""
        if self.recreation == "Never":
            return "False"
        return "True" if self.recreation == "Always" and self.evaluation == "Static" else "Conditional"


@dataclass(frozen=True)
class Expressions:
    """What the new template says of a resource's properties, to find out why one changes."""

    properties: Mapping[str, Any]
    scope: Scope
    changed_parameters: frozenset[str]
    hidden: frozenset[str]  # properties not to be shown

    def source(self, name: str, dynamic: bool) -> Source:
        mentioned = list(references(self.properties.get(name), self.scope))
        if dynamic:
            for reference in mentioned:
                if not self.scope.is_plain(reference.name) and self._is_unknown(reference):
                    attribute = reference.attribute
                    entity = f"{reference.name}.{attribute}" if attribute else reference.name
                    return Source("ResourceAttribute" if attribute else "ResourceReference", entity)
        for reference in mentioned:
            if reference.name in self.changed_parameters:
                return Source("ParameterReference", reference.name)
        return Source("DirectModification")

    def _is_unknown(self, reference: Reference) -> bool:
        return self.scope.find(reference.name) is None


def property_changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    schema: Schema,
    expressions: Expressions,
    previous: Mapping[str, Any] | None = None,
) -> tuple[PropertyChange, ...]:
    """Each difference, by its path. ``previous``: what was made of the template, if ``before`` is what became of it since."""
    changes = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        if old == new:
            continue
        dynamic = new is not ABSENT and holds_unknown(new)
        hidden = name in expressions.hidden
        for path, left, right in _differences(old, new, f"/Properties/{name}"):
            changes.append(
                PropertyChange(
                    name=name,
                    path=path,
                    before=HIDDEN if hidden and left is not ABSENT else as_shown(left),
                    after=HIDDEN if hidden and right is not ABSENT else as_shown(right),
                    change="Add" if left is ABSENT else "Remove" if right is ABSENT else "Modify",
                    recreation=recreation(name, schema),
                    evaluation="Dynamic" if dynamic and holds_unknown(right) else "Static",
                    source=expressions.source(name, dynamic),
                    attribute="Tags" if name == schema.tag_property else "Properties",
                    previous=None if previous is None or hidden else as_shown(_at(previous, path)),
                    drifted=previous is not None and previous.get(name, ABSENT) != old,
                )
            )
    return tuple(changes)


def _at(properties: Mapping[str, Any], path: str) -> Any:
    value: Any = properties
    for part in path.split("/")[2:]:
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else ABSENT
        elif isinstance(value, dict):
            value = value.get(part, ABSENT)
        else:
            return ABSENT
    return value


def recreation(name: str, schema: Schema) -> str:
    if name in schema.create_only:
        return "Always"
    return "Conditionally" if name in schema.conditionally_create_only else "Never"


def as_shown(value: Any) -> str | None:
    """A value as change sets and drift show it: text as it is, everything else as JSON."""
    if value is ABSENT or value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def differences(before: Any, after: Any, path: str = "/Properties") -> Iterator[tuple[str, Any, Any]]:
    """Path, value before and value after of every difference; a side that is absent is None."""
    for where, left, right in _differences(before, after, path) if before != after else ():
        yield where, None if left is ABSENT else left, None if right is ABSENT else right


def _differences(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            left, right = before.get(name, ABSENT), after.get(name, ABSENT)
            if left != right:
                yield from _differences(left, right, f"{path}/{name}")
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            left = before[index] if index < len(before) else ABSENT
            right = after[index] if index < len(after) else ABSENT
            if left != right:
                yield from _differences(left, right, f"{path}/{index}")
    else:
        yield path, before, after
