# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names an expression mentions, and the order in which resources can be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import Refusal
from .functions import VARIABLE
from .scope import Scope
from .template import Declaration, Template


@dataclass(frozen=True)
class Reference:
    """A name as an expression mentions it; ``attribute`` is None for Ref."""

    name: str
    attribute: str | None = None


def references(node: Any, scope: Scope) -> Iterator[Reference]:
    """Every name that counts under the scope's conditions: the branch of an Fn::If that is not taken does not."""
    if isinstance(node, list):
        for part in node:
            yield from references(part, scope)
    elif isinstance(node, dict):
        for name, argument in node.items():
            yield from _of_member(name, argument, scope)


def _of_member(name: str, argument: Any, scope: Scope) -> Iterator[Reference]:
    if name == "Ref" and isinstance(argument, str):
        yield Reference(argument)
    elif name == "Fn::GetAtt":
        resource, *attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        yield Reference(resource, ".".join(part for part in attribute if isinstance(part, str)))
    elif name == "Fn::If":
        yield from references(argument[1 if scope.condition(argument[0]) else 2], scope)
    elif name == "Fn::Sub":
        text, given = (argument, {}) if isinstance(argument, str) else argument
        yield from references(given, scope)
        for variable in VARIABLE.findall(text):
            if not variable.startswith("!") and variable not in given:
                resource, _dot, attribute = variable.partition(".")
                yield Reference(variable) if scope.is_plain(variable) else Reference(resource, attribute or None)
    else:
        yield from references(argument, scope)


def live(template: Template, scope: Scope) -> dict[str, Declaration]:
    """The resources whose condition holds."""
    return {
        name: declaration
        for name, declaration in template.resources.items()
        if declaration.condition is None or scope.condition(declaration.condition)
    }


def dependencies(template: Template, scope: Scope) -> dict[str, frozenset[str]]:
    """For each live resource the live resources that must be there before it, in an order in which they can be made.

    Raises:
        Refusal: a name is not declared, or resources need each other in a circle.
    """
    declared = live(template, scope)
    needs = {}
    for name, declaration in declared.items():
        mentioned = {reference.name for reference in references(declaration.properties, scope) if not scope.is_plain(reference.name)}
        mentioned |= set(declaration.depends_on)
        unknown = sorted(mentioned - set(template.resources))
        if unknown:
            raise Refusal(
                f"Template format error: Unresolved resource dependencies [{', '.join(unknown)}] in the Resources block of the template"
            )
        needs[name] = frozenset(mentioned & set(declared))
    return _ordered(needs)


def _ordered(needs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    ordered: dict[str, frozenset[str]] = {}
    while len(ordered) < len(needs):
        ready = [name for name in needs if name not in ordered and needs[name] <= set(ordered)]
        if not ready:
            circle = ", ".join(name for name in needs if name not in ordered)
            raise Refusal(f"Circular dependency between resources: [{circle}]")
        ordered.update({name: needs[name] for name in ready})
    return ordered
