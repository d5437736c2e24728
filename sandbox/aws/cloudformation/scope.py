# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where expressions of a template get their values: parameters, pseudo parameters, other resources, conditions, exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Refusal
from .parameters import as_text
from .template import Template

KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"  # AWS's own word for it in change sets


class _NoValue:
    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE = _NoValue()


@dataclass(frozen=True)
class Known:
    """What a resource gives to others."""

    physical_id: str
    attributes: Mapping[str, Any]


@dataclass
class Scope:
    """What expressions of one template see.

    ``find`` gives a resource by logical id: None when it is not there (yet). While a change is planned, such a resource's values are
    KNOWN_AFTER_APPLY; while it is made, asking for them is an error.
    """

    template: Template
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, Any]
    find: Callable[[str], Known | None]
    exports: Mapping[str, str]
    planning: bool = False
    imported: set[str] = field(default_factory=set)
    _conditions: dict[str, bool] = field(default_factory=dict)

    def condition(self, name: str) -> bool:
        if name not in self._conditions:
            if name not in self.template.conditions:
                raise Refusal(f"Template format error: Unresolved condition dependency {name} in the template")
            self._conditions[name] = self._holds(self.template.conditions[name])
        return self._conditions[name]

    def ref(self, name: str) -> Any:
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        found = self._resource(name)
        return KNOWN_AFTER_APPLY if found is None else found.physical_id

    def attribute(self, name: str, attribute: str) -> Any:
        if name not in self.template.resources:
            raise Refusal(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
        found = self._resource(name)
        if found is None:
            return KNOWN_AFTER_APPLY
        if attribute not in found.attributes:
            raise Refusal(f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt")
        return found.attributes[attribute]

    def is_plain(self, name: str) -> bool:
        """A name whose value needs no resource."""
        return name in self.pseudo or name in self.parameters

    def _resource(self, name: str) -> Known | None:
        declaration = self.template.resources.get(name)
        absent = declaration is None or (declaration.condition is not None and not self.condition(declaration.condition))
        found = None if absent else self.find(name)
        if absent or (found is None and not self.planning):
            raise Refusal(f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template")
        return found

    def _holds(self, node: Any) -> bool:
        if not isinstance(node, dict) or len(node) != 1:
            raise Refusal("Template format error: Every Conditions member must be a condition function.")
        ((function, argument),) = node.items()
        if function == "Condition":
            return self.condition(argument)
        if function == "Fn::Equals":
            left, right = (self._operand(side) for side in argument)
            return left == right
        if function == "Fn::Not":
            return not self._holds(argument[0])
        if function in ("Fn::And", "Fn::Or"):
            if not 2 <= len(argument) <= 10:
                raise Refusal(f"Template error: {function} takes between 2 and 10 conditions")
            results = [self._holds(part) for part in argument]
            return all(results) if function == "Fn::And" else any(results)
        raise Refusal(f"Template format error: {function} is no condition function")

    def _operand(self, node: Any) -> str:
        from .functions import evaluate  # conditions and functions need each other

        return as_text(evaluate(node, self))
