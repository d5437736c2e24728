# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change set would do to each resource, as a task returns it and as Ansible's diff."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

SECRET_NAMES = re.compile(r"(password|secretstring|secretkey|privatekey|authtoken|apitoken)$", re.IGNORECASE)
LINE_LIMIT = 200
NOT_SHOWN = "(not shown)"
UNSAID = "(AWS does not say)"
_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What AWS writes into a change set for values that it will only make up."""


@dataclass(frozen=True)
class PropertyChange:
    """One property of a resource. ``before`` and ``after`` are None where there is, or will be, none."""

    path: str
    before: Any = None
    after: Any = None
    recreation: str = "never"
    """never, conditionally or always: whether AWS can only do it by making the resource anew."""
    evaluation: str = "static"
    """static: certain. dynamic: it depends on what becomes of another resource."""
    because_of: str = ""
    """The parameter, resource or attribute that the change comes from."""


@dataclass(frozen=True)
class Change:
    """What happens to one resource: action is add, modify, remove, import or dynamic; replacement is never, conditional or always."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = "never"
    properties: tuple[PropertyChange, ...] = ()
    scope: tuple[str, ...] = ()
    policy: str = ""
    """What becomes of what is removed: delete, retain or snapshot; replace_and_… of what is replaced."""
    possible: bool = False
    """It happens only if a value that is not known yet makes it."""

    @property
    def may_replace(self) -> bool:
        return self.replacement != "never"

    def facts(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "logical_id": self.logical_id,
            "type": self.type,
            "physical_id": self.physical_id,
            "replacement": self.replacement,
            "possible": self.possible,
            "policy": self.policy,
            "scope": list(self.scope),
            "properties": [
                {
                    "path": each.path,
                    "before": each.before,
                    "after": each.after,
                    "recreation": each.recreation,
                    "evaluation": each.evaluation,
                    "because_of": each.because_of,
                }
                for each in self.properties
            ],
        }


_REPLACEMENT = {"True": "always", "Conditional": "conditional", "False": "never"}
_RECREATION = {"Always": "always", "Conditionally": "conditionally", "Never": "never"}


def change_of(described: Mapping[str, Any]) -> Change:
    """From one ResourceChange of DescribeChangeSet with property values."""
    action = str(described["Action"]).lower()
    change = Change(
        action="sync" if action == "syncwithactual" else action,
        logical_id=str(described["LogicalResourceId"]),
        type=str(described.get("ResourceType", "")),
        physical_id=str(described.get("PhysicalResourceId", "")),
        replacement=_REPLACEMENT.get(str(described.get("Replacement", "False")), "conditional"),
        scope=tuple(described.get("Scope") or ()),
        policy=_snake(str(described.get("PolicyAction", ""))),
    )
    if change.action in {"add", "import", "remove"}:
        context = described.get("BeforeContext" if change.action == "remove" else "AfterContext")
        return replace(change, properties=_whole(context, removed=change.action == "remove"))
    return replace(change, properties=tuple(_merged([_property(detail) for detail in described.get("Details") or ()])))


def _whole(context: Any, *, removed: bool) -> tuple[PropertyChange, ...]:
    """The properties of a resource that comes or goes."""
    try:
        properties = json.loads(context).get("Properties", {}) if context else {}
    except ValueError:
        return ()
    return tuple(
        PropertyChange(name, before=value if removed else None, after=None if removed else value)
        for name, value in sorted((name, shown(name, value)) for name, value in properties.items())
    )


def without_stack_tags(changes: Sequence[Change], tags: Mapping[str, str] | None) -> tuple[Change, ...]:
    """New resources without the tags that every resource of the stack gets: they say nothing about this one."""
    everywhere = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]

    def own(each: PropertyChange) -> PropertyChange | None:
        if each.path != "Tags" or not isinstance(each.after, list):
            return each
        left = [tag for tag in each.after if tag not in everywhere]
        return replace(each, after=left) if left else None

    return tuple(
        replace(change, properties=tuple(filter(None, map(own, change.properties)))) if change.action == "add" else change
        for change in changes
    )


def _property(detail: Mapping[str, Any]) -> PropertyChange:
    target = detail.get("Target") or {}
    attribute = str(target.get("Attribute", ""))
    path = str(target.get("Path") or "").removeprefix("/Properties/").replace("/", ".").strip(".")
    path = path or ".".join(filter(None, [attribute if attribute != "Properties" else "", str(target.get("Name", ""))]))
    said = "BeforeValue" in target or "AfterValue" in target
    return PropertyChange(
        path=path,
        before=shown(path, _loaded(target.get("BeforeValue"))) if said else UNSAID,
        after=shown(path, _loaded(target.get("AfterValue"))) if said else UNSAID,
        recreation=_RECREATION.get(str(target.get("RequiresRecreation", "Never")), "conditionally"),
        evaluation=str(detail.get("Evaluation", "Static")).lower(),
        because_of=str(detail.get("CausingEntity", "")),
    )


def _merged(found: Sequence[PropertyChange]) -> list[PropertyChange]:
    """AWS describes a property twice that changes by a parameter: once for certain with values, once dynamically. Both are kept only if they differ."""
    order = {"static": 0, "dynamic": 1}
    kept: dict[str, PropertyChange] = {}
    for each in sorted(found, key=lambda change: order.get(change.evaluation, 2)):
        first = kept.get(each.path)
        if first is None:
            kept[each.path] = each
        elif first.because_of == "" and each.because_of:
            kept[each.path] = replace(first, because_of=each.because_of)
    return [kept[path] for path in sorted(kept)]


def shown(name: str, value: Any) -> Any:
    """The value without what is secret; references to secrets are none."""
    if isinstance(value, Mapping):
        return {key: shown(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shown(name, inner) for inner in value]
    if isinstance(value, str) and _AFTER_APPLY in value:
        return value.replace(_AFTER_APPLY, "known after apply")
    if isinstance(value, str) and SECRET_NAMES.search(name) and value and "{{resolve:" not in value and not value.startswith("arn:"):
        return NOT_SHOWN
    return value


def _loaded(value: Any) -> Any:
    """AWS writes a property's value as text; lists and mappings in it are JSON."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


# --- for people -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """What else a diff of a stack says, beside its resources: lines before and after."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def ansible_diff(title: str, changes: Sequence[Change], heading: Heading | None = None) -> dict[str, str]:
    """Ansible's diff of a stack: its resources with the properties that change, each with its fate."""
    heading = heading or Heading()
    before, after = list(heading.before), list(heading.after)
    for change in changes:
        if change.action not in {"add", "import"}:
            before += _block(change, [(each.path, each.before) for each in change.properties], "")
        if change.action != "remove":
            after += _block(change, [(each.path, each.after) for each in change.properties], fate(change))
        elif change.policy and change.policy != "delete":
            after += [f"# {change.logical_id} ({change.type}) leaves the stack, and stays: {change.policy}"]
    return {
        "before_header": title,
        "after_header": title,
        "before": "".join(f"{line}\n" for line in before),
        "after": "".join(f"{line}\n" for line in after),
    }


def fate(change: Change) -> str:
    """What happens to the resource, in a few words; empty if it is just changed in place."""
    words = {
        "always": "will be replaced",
        "conditional": "may be replaced; AWS decides when it is applied",
    }.get(change.replacement, "")
    if change.action == "dynamic":
        words = "AWS decides when it is applied"
    if change.possible:
        return f"possibly {'added' if change.action == 'add' else 'changed'}; it depends on a value known after apply"
    if change.policy.startswith("replace_and_") and words:
        words += f", the old one: {change.policy.removeprefix('replace_and_')}"
    return words


def _block(change: Change, values: Sequence[tuple[str, Any]], note: str) -> list[str]:
    head = f"{change.logical_id} ({change.type}):" + (f"  # {note}" if note else "")
    return [head, *(f"  {path}: {_line(value)}" for path, value in values if value is not None)]


def _line(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    text = text.replace("\n", "\\n")
    return text if len(text) <= LINE_LIMIT else f"{text[:LINE_LIMIT]} … ({len(text)} characters)"
