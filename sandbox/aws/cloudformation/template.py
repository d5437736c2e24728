# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A template as values: parameters, conditions, resources, outputs. What the sandbox cannot do is refused here already."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import NotInSandbox, Refusal
from .yaml_short_forms import load

SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Resources", "Outputs"}
NOT_HERE = {"Transform", "Rules", "Hooks"}
ATTRIBUTES = {"Type", "Properties", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}
ATTRIBUTES_NOT_HERE = {"CreationPolicy", "UpdatePolicy"}
DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot")
LONGEST_TEXT = 51_200  # bytes given inline; by URL a megabyte (API reference of CreateChangeSet)
LONGEST_BY_URL = 1_048_576


@dataclass(frozen=True)
class Declaration:
    """One member of Resources."""

    logical_id: str
    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    key: str
    value: Any
    description: str | None = None
    condition: str | None = None
    export: Any = None


@dataclass(frozen=True)
class Template:
    text: str = field(repr=False)
    description: str | None = None
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[str, Declaration] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


@functools.lru_cache(maxsize=64)  # the same template comes again and again
def parse(text: str) -> Template:
    """Read a template.

    Raises:
        Refusal: with AWS's words for what is wrong, or NotInSandbox.
    """
    document = load(text)
    unknown = sorted(set(document) - SECTIONS - NOT_HERE)
    if unknown:
        raise Refusal(f"Invalid template property or properties [{', '.join(unknown)}]")
    for section in sorted(NOT_HERE & set(document)):
        raise NotInSandbox(f"the template section {section}")
    if not isinstance(document.get("Resources"), dict) or not document["Resources"]:
        raise Refusal("Template format error: At least one Resources member must be defined.")
    parameters = document.get("Parameters") or {}
    both = sorted(set(parameters) & set(document["Resources"]))
    if both:
        raise Refusal(
            f"Template format error: Duplicate name(s) [{', '.join(both)}] in the Parameters and Resources blocks of the template"
        )
    return Template(
        text=text,
        description=document.get("Description"),
        parameters=parameters,
        mappings=document.get("Mappings") or {},
        conditions=document.get("Conditions") or {},
        resources={name: _declaration(name, member) for name, member in document["Resources"].items()},
        outputs={name: _output(name, member) for name, member in (document.get("Outputs") or {}).items()},
        metadata=document.get("Metadata") or {},
    )


def _declaration(name: str, member: Any) -> Declaration:
    if not name.isalnum():
        raise Refusal(f"Template format error: Resource name {name} is non alphanumeric.")
    if not isinstance(member, dict) or not isinstance(member.get("Type"), str):
        raise Refusal(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    unknown = sorted(set(member) - ATTRIBUTES - ATTRIBUTES_NOT_HERE)
    if unknown:
        raise Refusal(f"Invalid template resource property '{unknown[0]}'")
    for attribute in sorted(ATTRIBUTES_NOT_HERE & set(member)):
        raise NotInSandbox(f"the attribute {attribute} of the resource {name}")
    policies = {}
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        policies[attribute] = member.get(attribute, "Delete")
        if policies[attribute] not in DELETION_POLICIES:
            raise Refusal(f"Template error: {attribute} of {name} must be one of {', '.join(DELETION_POLICIES)}")
    depends_on = member.get("DependsOn") or ()
    return Declaration(
        logical_id=name,
        type=member["Type"],
        properties=member.get("Properties") or {},
        condition=member.get("Condition"),
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        deletion_policy=policies["DeletionPolicy"],
        update_replace_policy=policies["UpdateReplacePolicy"],
        metadata=member.get("Metadata") or {},
    )


def _output(name: str, member: Any) -> Output:
    if not isinstance(member, dict) or "Value" not in member:
        raise Refusal(f"Template format error: Output {name} is malformed. The Value field of every Outputs member must be specified.")
    export = member.get("Export")
    if export is not None and (not isinstance(export, dict) or set(export) != {"Name"}):
        raise Refusal(f"Template format error: The Export of output {name} must have a Name and nothing else.")
    return Output(name, member["Value"], member.get("Description"), member.get("Condition"), export["Name"] if export else None)
