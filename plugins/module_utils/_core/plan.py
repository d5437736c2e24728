# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is wanted and what is there to what has to be done; nothing here reads or writes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .compare import same
from .fields import fits

if TYPE_CHECKING:
    from .change import Change
    from .fields import Version
    from .resource import Resource

# Imports inside functions are of what a task that changes nothing does not need: a module compiles all that it imports, on every run.

Action = Literal["create", "update", "delete", "none"]
Values = Mapping[str, Any]


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
        return Plan(resource=resource, name=name, action="none" if current is None else "delete", before=current, after=None)
    wanted = {key: value for key, value in desired.items() if value is not None}
    for key, value in wanted.items():
        if not _possible(resource, key, value, version):
            from .refusals import impossible

            raise impossible(resource, name, key, value, version)
    if current is None:
        from .planned_writes import creation

        return creation(resource, wanted, name, version)
    differing = [
        field for field in resource.comparable if field.name in wanted and not same(field, wanted[field.name], current.get(field.name))
    ]
    secrets = [field for field in resource if field.write_only and field.name in wanted] if write_secrets else []
    if not differing and not secrets:
        return Plan(resource=resource, name=name, action="none", before=current, after=current)
    from .planned_writes import update

    return update(resource, wanted, current, name, differing, secrets)


def _possible(resource: Resource, key: str, value: Any, version: Version) -> bool:
    """Whether a server of that version would store the value."""
    field = next((field for field in resource if field.name == key), None)
    return (
        field is not None
        and not field.read_only
        and field.exists_in(version)
        and fits(value, field.type)
        and (not field.choices or value in field.choices)
    )


def _name(resource: Resource, desired: Values | None, current: Values | None) -> str:
    key = resource.identity[0]
    return str((desired or {}).get(key) or (current or {}).get(key) or "")
