# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a template would do, read from the template alone: for a stack that does not exist, and for values that are not known yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .known_after_apply import known_after_apply, whose
from .stack import Stack
from .stack_changes import Change, PropertyChange, shown
from .template import Template
from .template_parameters import effective_parameters
from .template_references import names_behind
from .template_values import HIDDEN, NO_VALUE, Unknown, Values


def values_for(template: Template, given: Mapping[str, str], stack_name: str, region: str) -> Values:
    """The template's expressions with the parameters of a task; raises Refusal for those that the template does not take."""
    parameters = effective_parameters(template, given)
    return Values(template, {name: _known(value) for name, value in parameters.items()}, stack_name, region)


def _known(value: str) -> str | Unknown:
    unknown = whose(value)
    return Unknown(unknown) if unknown else value


def predicted_creation(values: Values) -> list[Change]:
    """Every resource that the template makes with these parameters; those whose condition is not known are possible ones."""
    found = []
    for logical_id, resource in values.template.section("Resources").items():
        there = values.exists(resource)
        if there is False:
            continue
        properties = values.value(resource.get("Properties") or {})
        found.append(
            Change(
                action="add",
                logical_id=logical_id,
                type=str(resource["Type"]),
                properties=tuple(PropertyChange(name, after=shown(name, plain(value))) for name, value in sorted(properties.items())),
                possible=isinstance(there, Unknown),
            )
        )
    return found


def predicted_difference(values: Values, before: Values) -> list[Change]:
    """Which resources a template would add, change and remove compared with the deployed one, as far as their texts tell.

    For when AWS cannot be asked in check mode: whether a change replaces is not known here, so every changed resource may be.
    """
    found = []
    old, new = before.template.section("Resources"), values.template.section("Resources")
    for logical_id in dict.fromkeys([*old, *new]):
        was = logical_id in old and before.exists(old[logical_id]) is not False
        will = values.exists(new[logical_id]) if logical_id in new else False
        if was and will is False:
            found.append(Change("remove", logical_id, str(old[logical_id]["Type"])))
        elif not was and will is not False:
            found.append(Change("add", logical_id, str(new[logical_id]["Type"]), possible=isinstance(will, Unknown)))
        elif was:
            properties = _differing(
                before.value(old[logical_id].get("Properties") or {}), values.value(new[logical_id].get("Properties") or {})
            )
            if properties:
                found.append(
                    Change("modify", logical_id, str(new[logical_id]["Type"]), replacement="conditional", properties=tuple(properties))
                )
    return found


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[PropertyChange]:
    return [
        PropertyChange(name, shown(name, plain(before.get(name))), shown(name, plain(after.get(name))), recreation="conditionally")
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def with_possible_changes(values: Values, certain: Sequence[Change], deployed: Values) -> list[Change]:
    """The changes, and what a parameter without a known value possibly does beside them; of resources that change anyway, to them."""
    reached = {change.logical_id: change for change in _reached_by_unknown_values(values, deployed)}
    found = []
    for change in certain:
        more = reached.pop(change.logical_id, None)
        if more is not None and change.action == "modify":
            there = {each.path for each in change.properties}
            added = tuple(each for each in more.properties if each.path not in there)
            change = replace(
                change,
                properties=(*change.properties, *added),
                replacement="conditional" if change.replacement == "never" else change.replacement,
            )
        found.append(change)
    return [*found, *reached.values()]


def _reached_by_unknown_values(values: Values, deployed: Values) -> list[Change]:
    unknown = {name for name, value in values.parameters.items() if isinstance(value, Unknown)}
    found = []
    for logical_id, resource in values.template.section("Resources").items() if unknown else ():
        if unknown & names_behind(values.template, resource) and values.exists(resource) is not False:
            was = deployed.template.section("Resources").get(logical_id, {}).get("Properties") or {}
            properties = [
                PropertyChange(
                    name,
                    before=shown(name, plain(deployed.value(was.get(name)))),
                    after=shown(name, plain(values.value(value))),
                    recreation="conditionally",
                    evaluation="dynamic",
                    because_of=", ".join(here),
                )
                for name, value in (resource.get("Properties") or {}).items()
                if (here := sorted(unknown & names_behind(values.template, value)))
            ]
            change = Change(
                "modify", logical_id, str(resource["Type"]), replacement="conditional", properties=tuple(properties), possible=True
            )
            found.append(change)
    return found


def predicted_outputs(values: Values, changes: Sequence[Change], stack: Stack | None, deployed: Values | None) -> dict[str, str]:
    """The outputs after the changes: as the template says, as they are, or "known after apply"."""
    fresh = {change.logical_id for change in changes if change.action in {"add", "import", "dynamic"} or change.may_replace}
    found = {}
    for name, output in values.template.section("Outputs").items():
        there = values.exists(output)
        if there is False:
            continue
        value = values.value(output.get("Value"))
        if there is True and not _unknown(value) and HIDDEN not in str(value):
            found[name] = _text(value)
        elif there is True and stack and deployed and name in stack.outputs and _stays(name, values, deployed, fresh):
            found[name] = stack.outputs[name]
        else:
            found[name] = known_after_apply(f"{values.stack_name}.{name}")
    return found


def _stays(name: str, values: Values, deployed: Values, fresh: Collection[str]) -> bool:
    """Whether the output is defined as before, by parameters as before and by resources that stay the same."""
    expression = values.template.section("Outputs")[name].get("Value")
    if deployed.template.section("Outputs").get(name, {}).get("Value") != expression:
        return False
    names = names_behind(values.template, expression)
    return not names & set(fresh) and all(values.parameters.get(each) == deployed.parameters.get(each) for each in names)


def plain(value: Any) -> Any:
    """The value as plain data, unknown parts as their text."""
    if isinstance(value, Unknown):
        return str(value)
    if value is NO_VALUE:
        return None
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def _unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_unknown(inner) for inner in value)
    return isinstance(value, Unknown)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)
