# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a resource type is described to the engine: what makes, changes, reads and deletes it, and which call each property goes to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..cloud import Cloud

Properties = dict[str, Any]


@dataclass
class Handle:
    """One resource in the hands of its provider."""

    cloud: Cloud
    stack: str
    logical_id: str
    properties: Properties  # wanted; dynamic references are resolved
    before: Properties = field(default_factory=dict)  # what was applied before; nothing while it is made
    physical_id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_hex(6))
    notes: dict[str, Any] = field(default_factory=dict)  # what one step leaves for the next

    def call(self, operation: str, /, **arguments: Any) -> Any:
        """``service.operation`` of the account's API; arguments that are None are left out."""
        return self.cloud.call(operation, {name: value for name, value in arguments.items() if value is not None})

    def get(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean property; templates also write them as text."""
        return is_true(self.properties.get(name, default))

    def changed(self, *names: str) -> bool:
        return any(self.before.get(name) != self.properties.get(name) for name in names)

    def name(self, given: str | None = None, *, longest: int = 255, lower: bool = False) -> str:
        """The name that the template gives, or one as CloudFormation makes it: stack, logical id and something random."""
        if given:
            return given
        suffix = f"-{self.token}"
        stem = f"{self.stack}-{self.logical_id}"[: longest - len(suffix)].rstrip("-")
        return f"{stem}{suffix}".lower() if lower else f"{stem}{suffix}"


def is_true(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


Step = Callable[[Handle], None]


@dataclass(frozen=True)
class Aspect:
    """Properties that have a call of their own.

    The step runs when the resource is made (if one of them is given) and when one of them changes; it must also put the service's
    default back when a property is no longer given.
    """

    properties: tuple[str, ...]
    step: Step


@dataclass(frozen=True)
class Kind:
    """A resource type.

    ``create`` sets ``physical_id`` as soon as there is one, and the attributes. ``takes`` names the properties that it uses; those of
    them that may change without replacement are changed by ``update``. ``ignored``: properties without effect in the sandbox, each with
    the reason. ``settled`` says whether a resource is ready after create or update; it raises ResourceFailed when it never will be.
    """

    type: str
    create: Step
    delete: Callable[[Handle], None]
    takes: tuple[str, ...] = ()
    aspects: Sequence[Aspect] = ()
    update: Step | None = None
    ignored: Mapping[str, str] = field(default_factory=dict)
    settled: Callable[[Handle], bool] | None = None
    gone: Callable[[Handle], bool] | None = None
    read: Callable[[Handle], Properties | None] | None = None
    snapshot: Step | None = None  # for DeletionPolicy Snapshot, before delete
    replaced_when: Callable[[Handle], bool] | None = None  # for properties that are create-only on a condition
    exists: Callable[[Handle], bool] | None = None  # a resource of the name that the template gives is there already

    @property
    def properties(self) -> frozenset[str]:
        """All that have a place."""
        return frozenset(self.takes) | frozenset(self.ignored) | {name for aspect in self.aspects for name in aspect.properties}

    def make(self, handle: Handle) -> None:
        self.create(handle)
        for aspect in self.aspects:
            if any(name in handle.properties for name in aspect.properties):
                aspect.step(handle)

    def change(self, handle: Handle) -> None:
        if self.update is not None and handle.changed(*self.takes):
            self.update(handle)
        for aspect in self.aspects:
            if handle.changed(*aspect.properties):
                aspect.step(handle)
