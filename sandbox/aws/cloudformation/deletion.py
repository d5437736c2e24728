# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting a stack."""

from __future__ import annotations

from datetime import UTC, datetime

from .account import Account
from .errors import Refusal
from .removal import remove_all
from .stack import Resource, Stack


def refuse_if_protected(account: Account, stack: Stack, retained: frozenset[str]) -> None:
    """What DeleteStack checks before anything happens.

    Raises:
        Refusal: termination protection, exports in use, an operation that still runs, or resources to retain that may not be.
    """
    if stack.termination_protection:
        raise Refusal(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    if stack.busy:
        raise Refusal(f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
    if retained and stack.status != "DELETE_FAILED":
        raise Refusal(
            f"Invalid operation on stack [{stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in "
            "the DELETE_FAILED state."
        )
    unknown = sorted(retained - set(stack.resources))
    if unknown:
        raise Refusal(f"Resources [{', '.join(unknown)}] do not exist in the stack and cannot be retained")


def delete_resources(account: Account, stack: Stack, retained: frozenset[str]) -> None:
    """Remove the resources of a stack in DELETE_IN_PROGRESS, and the stack; works until the stack has a final status."""
    in_use = [
        f"Export {output.export_name} cannot be deleted as it is in use by {users[0].name}"
        for output in stack.outputs
        if output.export_name and (users := [user for user in account.importers(output.export_name) if user is not stack])
    ]
    if in_use:
        stack.say("DELETE_FAILED", in_use[0])
        return

    def policy(resource: Resource) -> str:
        return "Retain" if resource.logical_id in retained else resource.deletion_policy

    def done(resource: Resource) -> None:
        stack.past_resources.append(resource)
        stack.resources.pop(resource.logical_id, None)

    failed = remove_all(account, stack, list(stack.resources.values()), policy, "delete", done)
    if failed:
        stack.say("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
        return
    with account.lock:
        stack.deleted = datetime.now(UTC)
        account.unfinished.pop(stack.id, None)
        for name in [name for name, change_set in account.change_sets.items() if change_set.stack is stack]:
            del account.change_sets[name]
    stack.say("DELETE_COMPLETE")
