# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Early validation of a change set: properties against AWS's schemas, and names that are taken already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account
from .errors import ResourceFailed
from .functions import holds_unknown
from .handling import attempt, handle_of
from .plan import Plan
from .schemas import schema_of
from .stack import Resource, Stack

PROPERTIES = "AWS::EarlyValidation::PropertyValidation"
NAMES = "AWS::EarlyValidation::ResourceExistenceCheck"


@dataclass(frozen=True)
class ValidationError:
    """One finding, as DescribeEvents tells it."""

    logical_id: str
    type: str
    name: str
    reason: str
    path: str
    mode: str = "FAIL"  # FAIL blocks the change set, WARN does not


def validate(account: Account, stack: Stack, plan: Plan) -> tuple[ValidationError, ...]:
    errors: list[ValidationError] = []
    for change in plan.changes:
        if change.after is None:
            continue
        document = schema_of(change.type, stack.region).document
        for path, reason in _problems(change.after, document, document, "/Properties"):
            errors.append(ValidationError(change.logical_id, change.type, PROPERTIES, reason, f"/Resources/{change.logical_id}{path}"))
        if change.action == "Add" and _is_taken(account, stack, change.logical_id, change.type, change.after):
            reason = f"Resource of type '{change.type}' with the same identifier already exists."
            errors.append(ValidationError(change.logical_id, change.type, NAMES, reason, f"/Resources/{change.logical_id}"))
    return tuple(errors)


def _is_taken(account: Account, stack: Stack, logical_id: str, type_name: str, properties: Mapping[str, Any]) -> bool:
    kind = account.kinds[type_name]
    exists = kind.exists
    if exists is None or (holds_unknown(dict(properties)) and not _identifier_is_known(type_name, stack.region, properties)):
        return False
    known = {name: value for name, value in properties.items() if not holds_unknown(value)}
    answers: list[bool] = []
    with account.calling():
        try:
            handle = handle_of(account, stack, Resource(logical_id, type_name), known, {})
            attempt(lambda: answers.append(exists(handle)), handle, kind)
        except ResourceFailed:
            return False  # a dynamic reference that does not resolve yet: the operation will say so
    return answers[0]


def _identifier_is_known(type_name: str, region: str, properties: Mapping[str, Any]) -> bool:
    return all(not holds_unknown(properties.get(name)) for name in schema_of(type_name, region).identifier)


def _problems(value: Any, node: Mapping[str, Any], document: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """What a value breaks of a schema. Values known only later, and combinations of schemas, are left to the service."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    if holds_unknown(value) and not isinstance(value, dict | list):
        return
    if isinstance(value, dict) and "properties" in node:
        read_only = (
            {pointer.removeprefix("/properties/") for pointer in document.get("readOnlyProperties", [])} if path == "/Properties" else set()
        )
        for name, part in value.items():
            if name not in node["properties"] or name in read_only:
                if node.get("additionalProperties") is False:
                    yield f"{path}/{name}", f"extraneous key [{name}] is not permitted"
            else:
                yield from _problems(part, node["properties"][name], document, f"{path}/{name}")
        for name in node.get("required", []):
            if name not in value:
                yield path, f"required key [{name}] not found"
    elif isinstance(value, list) and isinstance(node.get("items"), dict):
        for index, part in enumerate(value):
            yield from _problems(part, node["items"], document, f"{path}/{index}")
    else:
        yield from _problems_of_scalar(value, node, path)


def _problems_of_scalar(value: Any, node: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, dict | list):
        return
    if node.get("type") in ("integer", "number") and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        yield path, f"expected type: {'Integer' if node['type'] == 'integer' else 'Number'}, found: {type(value).__name__}"
        return
    if node.get("type") == "boolean" and text not in ("true", "false"):
        yield path, f"expected type: Boolean, found: {type(value).__name__}"
        return
    if "enum" in node and text not in [str(choice).lower() if isinstance(choice, bool) else str(choice) for choice in node["enum"]]:
        yield path, f"{text} is not a valid enum value"
    if node.get("type") in ("integer", "number"):
        if "minimum" in node and float(text) < node["minimum"]:
            yield path, f"{text} is not greater or equal to {node['minimum']}"
        if "maximum" in node and float(text) > node["maximum"]:
            yield path, f"{text} is not less or equal to {node['maximum']}"
    if "maxLength" in node and len(text) > node["maxLength"]:
        yield path, f"expected maxLength: {node['maxLength']}, actual: {len(text)}"
    if "minLength" in node and len(text) < node["minLength"]:
        yield path, f"expected minLength: {node['minLength']}, actual: {len(text)}"
