# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which properties are made of parameters with NoEcho: shown as asterisks wherever properties are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .parameters import HIDDEN, is_hidden
from .references import references
from .scope import Scope
from .template import Declaration


def hidden_properties(declaration: Declaration, scope: Scope) -> frozenset[str]:
    """Names of the properties to hide; also those that only the branch of an Fn::If that is not taken makes secret."""
    return frozenset(name for name, node in declaration.properties.items() if any(_hidden_names(node, scope)))


def shown_properties(properties: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {name: HIDDEN if name in hidden else value for name, value in properties.items()}


def _hidden_names(node: Any, scope: Scope) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _hidden_names(part, scope)
    elif isinstance(node, dict):
        for name, argument in node.items():
            if name == "Fn::If":
                yield from _hidden_names(argument[1:], scope)
            elif name == "Ref" or name.startswith("Fn::"):
                mentioned = (reference.name for reference in references({name: argument}, scope))
                yield from (each for each in mentioned if each in scope.template.parameters and is_hidden(scope.template, each))
                if isinstance(argument, list):
                    yield from _hidden_names(argument, scope)
            else:
                yield from _hidden_names(argument, scope)
