# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: what a stack's resources are, read back from the services, against what the stack made of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ..providers.kind import Handle, Kind, Properties
from .account import Account
from .dynamic_references import resolved
from .handling import attempt, handle_of, is_gone
from .no_echo import shown_properties
from .plan import Actual
from .property_changes import as_shown, differences
from .schemas import schema_of
from .stack import Resource, Stack


@dataclass(frozen=True)
class Difference:
    path: str
    kind: str  # ADD, REMOVE, NOT_EQUAL
    expected: str | None
    actual: str | None


@dataclass(frozen=True)
class ResourceDrift:
    """``status``: IN_SYNC, MODIFIED, DELETED, or NOT_CHECKED for a type whose properties the sandbox cannot read back."""

    resource: Resource
    status: str
    at: datetime
    differences: tuple[Difference, ...] = ()
    expected: Mapping[str, Any] = field(default_factory=dict)
    actual: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Detection:
    """One run of drift detection over a stack."""

    stack: Stack
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "DETECTION_IN_PROGRESS"
    reason: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    drifts: dict[str, ResourceDrift] = field(default_factory=dict)

    def fail(self, reason: str) -> None:
        self.reason, self.status = reason, "DETECTION_FAILED"

    @property
    def stack_status(self) -> str:
        return "DRIFTED" if self.drifted else "IN_SYNC"

    @property
    def drifted(self) -> list[ResourceDrift]:
        return [drift for drift in list(self.drifts.values()) if drift.status in ("MODIFIED", "DELETED")]


def detect(account: Account, detection: Detection) -> None:
    """Check every resource; works until the detection has a final status."""
    stack = detection.stack
    for resource in list(stack.resources.values()):
        detection.drifts[resource.logical_id] = resource_drift(account, stack, resource)
    detection.at = stack.drift_checked = datetime.now(UTC)
    stack.drift = detection.stack_status
    detection.status = "DETECTION_COMPLETE"


def resource_drift(account: Account, stack: Stack, resource: Resource) -> ResourceDrift:
    now = datetime.now(UTC)
    kind = account.kinds[resource.type]
    if kind.read is None or not resource.physical_id:
        drift = ResourceDrift(resource, "NOT_CHECKED", now)
    else:
        with account.calling():
            handle = handle_of(account, stack, resource, resource.properties, resource.properties)
            actual = _read(kind, handle)
        drift = ResourceDrift(resource, "DELETED", now) if actual is None else _compared(account, stack, resource, actual, now)
    resource.drift, resource.drift_checked = drift.status, now
    return drift


def _read(kind: Kind, handle: Handle) -> Properties | None:
    found: list[Properties | None] = []

    def read() -> None:
        assert kind.read is not None
        try:
            found.append(kind.read(handle))
        except ClientError as error:
            if not is_gone(error):
                raise
            found.append(None)

    attempt(read, handle, kind)
    return found[0]


def actual_state(account: Account, stack: Stack) -> dict[str, Actual]:
    """The resources that drifted, by logical id, as they are."""
    found = {}
    for resource in list(stack.resources.values()):
        kind = account.kinds[resource.type]
        if kind.read is None or not resource.physical_id:
            continue
        with account.calling():
            handle = handle_of(account, stack, resource, resource.properties, resource.properties)
            actual = _read(kind, handle)
        if actual is None:
            found[resource.logical_id] = Actual(deleted=True)
            continue
        wanted, seen = _comparable(account, stack, resource, actual)
        differing = {name: seen[name] for name in wanted if _plain(wanted[name]) != _plain(seen[name])}
        if differing:
            found[resource.logical_id] = Actual({**resource.properties, **differing})
    return found


def _comparable(account: Account, stack: Stack, resource: Resource, actual: Properties) -> tuple[Properties, Properties]:
    """Only what the template says is compared, as AWS does; write-only properties cannot be."""
    write_only = schema_of(resource.type, stack.region).write_only
    wanted = {
        name: value for name, value in resolved(account.cloud, resource.properties).items() if name not in write_only and name in actual
    }
    return wanted, {name: actual[name] for name in wanted}


def _compared(account: Account, stack: Stack, resource: Resource, actual: Properties, now: datetime) -> ResourceDrift:
    wanted, seen = (shown_properties(side, resource.hidden) for side in _comparable(account, stack, resource, actual))
    expected = _plain(wanted)
    found = tuple(
        Difference(
            path.removeprefix("/Properties"),
            "REMOVE" if right is None else "ADD" if left is None else "NOT_EQUAL",
            as_shown(left),
            as_shown(right),
        )
        for path, left, right in differences(expected, _aligned(expected, _plain(seen)))
    )
    return ResourceDrift(resource, "MODIFIED" if found else "IN_SYNC", now, found, wanted, seen)


def _plain(value: Any) -> Any:
    """Scalars as text, tags and other unordered lists in one order, documents parsed: what means the same compares equal."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((_plain(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _aligned(expected: Any, actual: Any) -> Any:
    """The actual value with its lists in the expected order: what is there stands where it is expected, what is not expected fills gaps."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {name: _aligned(expected.get(name), part) for name, part in actual.items()}
    if isinstance(expected, list) and isinstance(actual, list):
        more = [part for part in actual if part not in expected]
        return [part if part in actual else more.pop(0) if more else None for part in expected] + more
    return actual
