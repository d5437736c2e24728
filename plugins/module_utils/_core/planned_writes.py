# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans that write: of an object that is new, and of one that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .change import Change
from .fields import Compare, Field, Version
from .plan import Plan, Values
from .refusals import incomplete, stuck
from .resource import Resource


def creation(resource: Resource, wanted: Values, name: str, version: Version) -> Plan:
    """A new object with what is wanted and the defaults that the server has room for. Raises ``Refusal`` where more must be given."""
    missing = [field for field in resource if field.required and field.name not in wanted]
    if missing:
        raise incomplete(resource, name, missing)
    values: dict[str, Any] = {}
    for field in resource.writable:
        if field.name in wanted:
            values[field.name] = field.normalised(wanted[field.name])
        elif field.default is not None and field.exists_in(version):
            values[field.name] = field.default
    changes = tuple(Change(field=field, before=None, after=values[field.name]) for field in resource.comparable if field.name in values)
    after = {field.name: values[field.name] for field in resource.comparable if field.name in values}
    return Plan(resource=resource, name=name, action="create", before=None, after=after, changes=changes, writes=values)


def update(resource: Resource, wanted: Values, current: Values, name: str, differing: Sequence[Field], secrets: Sequence[Field]) -> Plan:
    """The object with the wanted values of the fields that differ, and of secrets, which nobody can compare."""
    changes: list[Change] = []
    for field in differing:
        before, after = current.get(field.name), field.normalised(wanted[field.name])
        if field.immutable or (not field.clearable and after in ("", [], {})):
            raise stuck(resource, name, field, before, after)
        changes.append(Change(field=field, before=before, after=_merged(field, before, after)))
    after_values = {**current, **{change.field.name: change.after for change in changes}}
    writes = {change.field.name: change.after for change in changes} | {field.name: wanted[field.name] for field in secrets}
    changes += [Change(field=field, before=None, after=None) for field in secrets]
    return Plan(resource=resource, name=name, action="update", before=current, after=after_values, changes=tuple(changes), writes=writes)


def _merged(field: Field, before: Any, after: Any) -> Any:
    if field.compare is Compare.SUBSET and isinstance(before, Mapping):
        return {**before, **after}
    return after
