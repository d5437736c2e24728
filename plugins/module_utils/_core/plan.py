# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is wanted and what is there to what has to be done; nothing here reads or writes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .compare import same
from .errors import Refusal
from .fields import Compare, Field, Version, fits
from .resource import Resource

_IN_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a dictionary",
}

Action = Literal["create", "update", "delete", "none"]
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One attribute that does not hold what it should."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be done to one object. ``changed``, the diff, check mode and the report are projections of it."""

    resource: Resource
    name: str
    action: Action
    before: Values | None
    """The object as the server has it; ``None`` where there is none."""
    after: Values | None
    """The object as it would be afterwards, write-only fields left out; ``None`` where it would be gone."""
    changes: tuple[Change, ...] = ()
    writes: Values | None = None
    """Every value to be sent, write-only ones included."""

    @property
    def changed(self) -> bool:
        return self.action != "none"

    @property
    def title(self) -> str:
        """The object in words: ``list 'Newsletter'``."""
        return f"{self.resource.kind} {self.name!r}"


def plan(
    resource: Resource,
    desired: Values | None,
    current: Values | None,
    *,
    name: str = "",
    version: Version = (),
    write_secrets: bool = False,
) -> Plan:
    """Compare the wish with the object.

    ``desired`` holds fields by name; an absent key or ``None`` leaves the attribute alone, an explicit ``False``, 0, "", [] or {} is
    meant. ``None`` as a whole wants the object gone. ``write_secrets`` writes given write-only values to an existing object, too.
    Raises ``Refusal`` where the wish cannot be fulfilled.
    """
    name = name or _name(resource, desired, current)
    if desired is None:
        if current is None:
            return Plan(resource=resource, name=name, action="none", before=None, after=None)
        return Plan(resource=resource, name=name, action="delete", before=current, after=None)
    wanted = {key: value for key, value in desired.items() if value is not None}
    refuse_impossible(resource, wanted, name=name, version=version)
    if current is None:
        return _creation(resource, wanted, name, version)
    return _update(resource, wanted, current, name, write_secrets)


def refuse_impossible(resource: Resource, wanted: Values, *, name: str, version: Version = ()) -> None:
    """Raise ``Refusal`` for a value that no server of that version would store."""
    title = f"{resource.kind} {name!r}"
    for key, value in wanted.items():
        try:
            field = resource.field(key)
        except KeyError:
            known = ", ".join(sorted(field.option for field in resource.writable))
            raise Refusal(f"{title}: there is no {key!r}; what can be set is {known}.") from None
        if field.read_only:
            raise Refusal(f"{title}: {field.option} is set by the server and cannot be chosen.")
        if not field.exists_in(version):
            raise Refusal(f"{title}: {field.option} {_lifetime(field)}; this server is {_dotted(version)}. Leave the option out.")
        if not fits(value, field.type):
            raise Refusal(f"{title}: {field.option} must be {_article(field.type)}, not {type(value).__name__} ({_shown(field, value)}).")
        if field.choices and value not in field.choices:
            raise Refusal(f"{title}: {field.option} must be one of {', '.join(map(str, field.choices))}, not {_shown(field, value)}.")


def _creation(resource: Resource, wanted: Values, name: str, version: Version) -> Plan:
    missing = [field.option for field in resource if field.required and field.name not in wanted]
    if missing:
        raise Refusal(f"{resource.kind} {name!r} does not exist yet, and to create it {_listed(missing)} must be given.")
    values: dict[str, Any] = {}
    for field in resource.writable:
        if field.name in wanted:
            values[field.name] = field.normalised(wanted[field.name])
        elif field.default is not None and field.exists_in(version):
            values[field.name] = field.default
    changes = tuple(Change(field=field, before=None, after=values[field.name]) for field in resource.comparable if field.name in values)
    after = {field.name: values[field.name] for field in resource.comparable if field.name in values}
    return Plan(resource=resource, name=name, action="create", before=None, after=after, changes=changes, writes=values)


def _update(resource: Resource, wanted: Values, current: Values, name: str, write_secrets: bool) -> Plan:
    changes: list[Change] = []
    for field in resource.comparable:
        if field.name not in wanted or same(field, wanted[field.name], current.get(field.name)):
            continue
        before, after = current.get(field.name), field.normalised(wanted[field.name])
        _refuse_stuck(resource, field, name, before, after)
        changes.append(Change(field=field, before=before, after=_merged(field, before, after)))
    secrets = {field.name: wanted[field.name] for field in resource if field.write_only and field.name in wanted}
    written = secrets if write_secrets else {}
    after_values = {**current, **{change.field.name: change.after for change in changes}}
    if not changes and not written:
        return Plan(resource=resource, name=name, action="none", before=current, after=current)
    changes += [Change(field=resource.field(key), before=None, after=None) for key in written]
    writes = {change.field.name: change.after for change in changes if not change.field.write_only} | written
    return Plan(resource=resource, name=name, action="update", before=current, after=after_values, changes=tuple(changes), writes=writes)


def _refuse_stuck(resource: Resource, field: Field, name: str, before: Any, after: Any) -> None:
    title = f"{resource.kind} {name!r}"
    if field.immutable:
        raise Refusal(
            f"{title}: {field.option} is {_shown(field, before)} and cannot become {_shown(field, after)}; "
            "the server fixes it on creation. Create another one, or leave the option as it is."
        )
    if not field.clearable and after in ("", [], {}):
        raise Refusal(
            f"{title}: {field.option} cannot be cleared: listmonk keeps the old text ({_shown(field, before)}) when it is given a blank "
            "one. Leave the option out, or give another text."
        )


def _merged(field: Field, before: Any, after: Any) -> Any:
    if field.compare is Compare.SUBSET and isinstance(before, Mapping):
        return {**before, **after}
    return after


def _name(resource: Resource, desired: Values | None, current: Values | None) -> str:
    key = resource.identity[0]
    return str((desired or {}).get(key) or (current or {}).get(key) or "")


def _shown(field: Field, value: Any) -> str:
    if field.write_only:
        return "a value that is not shown"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _article(option_type: str) -> str:
    return _IN_WORDS.get(option_type, option_type)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _lifetime(field: Field) -> str:
    if field.since and field.until:
        return f"exists from listmonk {_dotted(field.since)} to before {_dotted(field.until)}"
    return f"exists since listmonk {_dotted(field.since)}" if field.since else f"existed before listmonk {_dotted(field.until)}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
