# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removing resources: by their policies, those that others need last."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from botocore.exceptions import ClientError

from ..providers.kind import Handle, Kind
from .account import Account
from .errors import ResourceFailed
from .handling import attempt, handle_of, is_gone, settle
from .schedule import in_order, reversed_needs
from .stack import Resource, Stack

PolicyOf = Callable[[Resource], str]


def remove_all(
    account: Account, stack: Stack, resources: Iterable[Resource], policy_of: PolicyOf, action: str, done: Callable[[Resource], None]
) -> list[str]:
    """Remove what the policies do not keep; ``done`` is called for each that is no longer the stack's.

    Returns the logical ids of those that could not be deleted; what they need stays, too.
    """
    by_key = {f"{resource.logical_id}/{id(resource)}": resource for resource in resources}
    needs = {
        key: frozenset(other for other, candidate in by_key.items() if candidate.logical_id in resource.needs and candidate is not resource)
        for key, resource in by_key.items()
    }

    def work(key: str) -> bool:
        resource = by_key[key]
        try:
            _remove(account, stack, resource, policy_of(resource), action)
        except ResourceFailed as error:
            stack.say_of(resource, "DELETE_FAILED", str(error))
            return False
        done(resource)
        return True

    failed = in_order(reversed_needs(needs), work, stop_at_failure=False)
    return sorted({by_key[key].logical_id for key in failed})


def _remove(account: Account, stack: Stack, resource: Resource, policy: str, action: str) -> None:
    if policy in ("Retain", "RetainExceptOnCreate") and resource.physical_id:
        stack.say_of(resource, "DELETE_SKIPPED")
        return
    stack.say_of(resource, "DELETE_IN_PROGRESS")
    if resource.physical_id:
        kind = account.kinds[resource.type]
        account.faults.strike(stack.name, resource.logical_id, action, account.pause)
        with account.calling():
            handle = handle_of(account, stack, resource, resource.properties, resource.properties)
            attempt(lambda: _delete(kind, handle, snapshot=policy == "Snapshot"), handle, kind)
        settle(account, handle, kind, kind.gone, cancelled=lambda: False)
    stack.say_of(resource, "DELETE_COMPLETE")


def _delete(kind: Kind, handle: Handle, *, snapshot: bool) -> None:
    if snapshot:
        if kind.snapshot is None:
            raise ResourceFailed(f"The resource type {kind.type} does not support the deletion policy Snapshot")
        kind.snapshot(handle)
    try:
        kind.delete(handle)
    except ClientError as error:
        if not is_gone(error):  # somebody was faster: the goal is reached
            raise
