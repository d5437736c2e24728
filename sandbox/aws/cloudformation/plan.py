# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would happen to a stack: the changes of a change set, found without calling anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..providers.kind import Kind
from .errors import NotInSandbox, Refusal
from .functions import evaluate
from .no_echo import hidden_properties
from .parameters import as_text
from .property_changes import Expressions, PropertyChange, property_changes
from .references import dependencies
from .schemas import Schema, schema_of
from .scope import Known, Scope
from .stack import OutputValue, Resource, Stack
from .template import Declaration, Template


@dataclass(frozen=True)
class Actual:
    """A resource that drifted: its properties as the template says, but those that differ as they are."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    deleted: bool = False

    @property
    def status(self) -> str:
        return "DELETED" if self.deleted else "MODIFIED"


@dataclass(frozen=True)
class Request:
    """What a stack is asked to become."""

    template: Template
    parameters: Mapping[str, str]
    typed: Mapping[str, Any] = field(repr=False)
    tags: Mapping[str, str]
    capabilities: tuple[str, ...] = ()
    actual: Mapping[str, Actual] = field(default_factory=dict)  # by logical id, if drift is to be reverted


@dataclass(frozen=True)
class Change:
    action: str  # Add, Modify, Remove
    logical_id: str
    type: str
    physical_id: str | None = None
    replacement: str | None = None  # of Modify: True, False, Conditional
    scope: tuple[str, ...] = ()
    details: tuple[PropertyChange, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    policy_action: str | None = None
    hidden: frozenset[str] = frozenset()  # properties not to be shown
    drift: str | None = None


@dataclass(frozen=True)
class Plan:
    changes: tuple[Change, ...]
    other_changes: bool  # outputs or stack tags

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.other_changes


def scope_of(stack: Stack, request: Request, exports: Mapping[str, str], *, hide: frozenset[str] = frozenset(), planning: bool) -> Scope:
    """Where the request's expressions get their values; ``hide``: logical ids whose values are not known yet."""

    def find(name: str) -> Known | None:
        resource = stack.resources.get(name)
        if resource is None or name in hide or not resource.physical_id:
            return None
        return Known(resource.physical_id, resource.attributes)

    return Scope(request.template, request.typed, stack.pseudo, find, exports, planning)


def plan(stack: Stack, request: Request, kinds: Mapping[str, Kind], exports: Mapping[str, str]) -> Plan:
    """Compare what is with what is asked for.

    Raises:
        Refusal: the template cannot be applied at all.
    """
    unknown: set[str] = set()  # logical ids whose values are known only after the change

    def find(name: str) -> Known | None:
        resource = stack.resources.get(name)
        return None if resource is None or name in unknown or not resource.physical_id else Known(resource.physical_id, resource.attributes)

    scope = Scope(request.template, request.typed, stack.pseudo, find, exports, planning=True)
    order = dependencies(request.template, scope)
    _refuse_other_types(stack, request.template, order)
    changed_parameters = frozenset(
        name for name, value in request.parameters.items() if name in stack.parameters and stack.parameters[name] != value
    )
    changes = []
    for name in order:
        declaration = request.template.resources[name]
        schema = schema_of(declaration.type, stack.region)
        after = desired_properties(declaration, scope, schema, request.tags)
        _refuse_what_no_provider_places(declaration, after, kinds)
        current = stack.resources.get(name)
        hidden = hidden_properties(declaration, scope) | (current.hidden if current else frozenset())
        expressions = Expressions(declaration.properties, scope, changed_parameters, hidden)
        change = _change(current, declaration, after, schema, expressions, request.actual.get(name))
        if change is not None:
            changes.append(change)
            if change.action == "Add" or change.replacement != "False":
                unknown.add(name)
    changes += [_removal(resource) for name, resource in stack.resources.items() if name not in order]
    outputs = output_values(request.template, scope)
    return Plan(tuple(changes), outputs != stack.outputs or dict(request.tags) != stack.tags)


def desired_properties(declaration: Declaration, scope: Scope, schema: Schema, tags: Mapping[str, str]) -> dict[str, Any]:
    """The declared properties with their values, and the stack's tags where the type has tags."""
    properties: dict[str, Any] = evaluate(dict(declaration.properties), scope)
    if tags and schema.tag_property is not None:
        own = properties.get(schema.tag_property)
        if schema.tags_are_a_map:
            properties[schema.tag_property] = {**tags, **(own or {})}
        else:
            given = {tag["Key"] for tag in own or []}
            more = [{"Key": key, "Value": value} for key, value in sorted(tags.items()) if key not in given]
            properties[schema.tag_property] = [*(own or []), *more]
    return properties


def output_values(template: Template, scope: Scope) -> list[OutputValue]:
    values = []
    for name, output in template.outputs.items():
        if output.condition is not None and not scope.condition(output.condition):
            continue
        value = evaluate(output.value, scope)
        if not isinstance(value, str | int | float):
            raise Refusal(f"Template format error: Output {name} is malformed. The value must be a string, not {type(value).__name__}")
        export = None if output.export is None else as_text(evaluate(output.export, scope))
        values.append(OutputValue(name, as_text(value), output.description, export))
    return values


def _refuse_other_types(stack: Stack, template: Template, order: Mapping[str, Any]) -> None:
    changed = sorted(name for name in order if name in stack.resources and stack.resources[name].type != template.resources[name].type)
    if changed:
        raise Refusal(
            "Update of resource type is not permitted. The new template modifies resource type of the following resources: "
            f"[{', '.join(changed)}]"
        )


def _refuse_what_no_provider_places(declaration: Declaration, properties: Mapping[str, Any], kinds: Mapping[str, Kind]) -> None:
    kind = kinds.get(declaration.type)
    if kind is None:
        raise NotInSandbox(f"resources of type {declaration.type} ({declaration.logical_id})")
    lost = sorted(set(properties) - kind.properties)
    if lost:
        raise NotInSandbox(f"the properties [{', '.join(lost)}] of {declaration.type} ({declaration.logical_id})")


def _change(
    current: Resource | None,
    declaration: Declaration,
    after: Mapping[str, Any],
    schema: Schema,
    expressions: Expressions,
    actual: Actual | None,
) -> Change | None:
    name, type_name = declaration.logical_id, declaration.type
    drift = actual.status if actual else None
    if current is None or not current.physical_id or (actual and actual.deleted):
        return Change("Add", name, type_name, after=after, hidden=expressions.hidden, drift=drift)
    before = actual.properties if actual else current.properties
    details = property_changes(before, after, schema, expressions, current.properties if actual else None)
    attributes = _changed_attributes(current, declaration)
    if not details and not attributes:
        return None
    verdicts = {detail.replacement for detail in details}
    replacement = "True" if "True" in verdicts else "Conditional" if "Conditional" in verdicts else "False"
    scope = sorted({detail.attribute for detail in details}) + attributes
    policy = None if replacement == "False" else f"ReplaceAnd{_policy_word(declaration.update_replace_policy)}"
    return Change(
        action="Modify",
        logical_id=name,
        type=type_name,
        physical_id=current.physical_id,
        replacement=replacement,
        scope=tuple(scope),
        details=details,
        before=before,
        after=after,
        policy_action=policy,
        hidden=expressions.hidden,
        drift=drift,
    )


def _changed_attributes(current: Resource, declaration: Declaration) -> list[str]:
    pairs = {
        "DeletionPolicy": (current.deletion_policy, declaration.deletion_policy),
        "UpdateReplacePolicy": (current.update_replace_policy, declaration.update_replace_policy),
        "Metadata": (current.metadata, declaration.metadata),
    }
    return [attribute for attribute, (before, after) in pairs.items() if before != after]


def _removal(resource: Resource) -> Change:
    return Change(
        "Remove",
        resource.logical_id,
        resource.type,
        resource.physical_id,
        before=resource.properties,
        hidden=resource.hidden,
        policy_action=_policy_word(resource.deletion_policy),
    )


def _policy_word(policy: str) -> str:
    return "Retain" if policy.startswith("Retain") else policy
