# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets: made, described and executed."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from .account import Account
from .deployment import Deployment, How
from .drift import actual_state
from .errors import ChangeSetExists, ChangeSetMissing, ChangeSetNotReady, NotInSandbox, Refusal, ResourceFailed, StackMissing
from .no_echo import shown_properties
from .plan import Change, Plan, Request, plan
from .property_changes import PropertyChange
from .stack import UPDATABLE, Stack
from .validation import ValidationError, validate

# AWS has two wordings for the same thing. Assumed: the first when nothing that was sent differs, the second when it differs without effect.
NOTHING_SENT = "The submitted information didn't contain changes. Submit different information to create a change set."
NO_UPDATES = "No updates are to be performed."
VALIDATION_FAILED = (
    "The following hook(s)/validation failed: [{names}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed "
    "failure information."
)


@dataclass
class ChangeSet:
    name: str
    stack: Stack
    type: str
    request: Request
    on_stack_failure: str | None = None
    description: str | None = None
    client_token: str | None = None
    reverts_drift: bool = False
    execution_token: str | None = None
    id: str = ""
    status: str = "CREATE_PENDING"
    reason: str | None = None
    execution_status: str = "UNAVAILABLE"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    plan: Plan | None = None
    operation_id: str = ""
    validation_errors: tuple[ValidationError, ...] = ()

    def __post_init__(self) -> None:
        self.id = f"arn:aws:cloudformation:{self.stack.region}:{self.stack.account}:changeSet/{self.name}/{uuid.uuid4()}"

    def fail(self, reason: str) -> None:
        self.reason, self.status = reason, "FAILED"  # in this order: whoever sees the status wants the reason


def create(account: Account, change_set: ChangeSet, *, validated: bool = True) -> None:
    """Keep the change set and find its changes in the background.

    Raises:
        Refusal: the stack is in no state for it, or it is there already.
    """
    stack = change_set.stack
    with account.lock:
        if any(other.name == change_set.name for other in open_ones(account, stack)):
            raise ChangeSetExists(change_set.name)
        plan(stack, change_set.request, account.kinds, account.exports())  # what is wrong with the template is said at once
        account.change_sets[change_set.id] = change_set
        change_set.operation_id = stack.begin("CREATE_CHANGESET").id
    account.run(f"{stack.name} change set", lambda: _find_changes(account, change_set, validated=validated), change_set.fail)


def stack_for(account: Account, name: str, change_set_type: str, new_stack: Stack) -> Stack:
    """The stack that a change set of the type is for; a new one in REVIEW_IN_PROGRESS for the type CREATE.

    Raises:
        Refusal: the stack is in no state for a change set of the type.
    """
    if change_set_type not in ("CREATE", "UPDATE"):
        raise NotInSandbox(f"change sets of type {change_set_type}")
    if change_set_type == "CREATE":
        if not account.has(name):
            account.stacks[new_stack.id] = new_stack
            new_stack.begin("CREATE_CHANGESET")
            new_stack.say("REVIEW_IN_PROGRESS", "User Initiated")
            return new_stack
        stack = account.stack(name)
        if stack.status != "REVIEW_IN_PROGRESS":
            raise Refusal(f"Stack [{stack.name}] already exists and cannot be created again with the changeSet type CREATE.")
        return stack
    stack = account.stack(name)
    if stack.deleted is not None:
        raise StackMissing(name)
    if stack.status not in UPDATABLE:
        raise Refusal(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    return stack


def found(account: Account, name: str, stack_name: str | None) -> ChangeSet:
    """By id, or by name and stack.

    Raises:
        ChangeSetMissing
    """
    if name in account.change_sets:
        return account.change_sets[name]
    if name.startswith("arn:"):
        raise ChangeSetMissing(name)
    if not stack_name:
        raise Refusal("StackName must be specified if ChangeSetName is not specified as an ARN.")
    stack = account.stack(stack_name)
    for change_set in open_ones(account, stack):
        if change_set.name == name:
            return change_set
    raise ChangeSetMissing(name)


def open_ones(account: Account, stack: Stack) -> list[ChangeSet]:
    """The change sets of a stack that are still there to be executed; an executed one is only found by its id."""
    return [
        change_set
        for change_set in list(account.change_sets.values())
        if change_set.stack is stack and not change_set.execution_status.startswith("EXECUTE_")
    ]


def execute(account: Account, change_set: ChangeSet, how: How, token: str | None) -> None:
    """Begin to make the stack what the change set says.

    Raises:
        ChangeSetNotReady: it failed, is not ready yet, or is outdated.
    """
    stack = change_set.stack
    if change_set.execution_status != "AVAILABLE":
        raise ChangeSetNotReady(
            f"ChangeSet [{change_set.id}] cannot be executed in its current status of [{change_set.status}] / "
            f"execution status [{change_set.execution_status}]"
        )
    creating = stack.status == "REVIEW_IN_PROGRESS"
    if not creating and stack.status not in UPDATABLE:
        raise ChangeSetNotReady(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    change_set.execution_status = "EXECUTE_IN_PROGRESS"
    for name in [name for name, other in account.change_sets.items() if other.stack is stack and other is not change_set]:
        del account.change_sets[name]  # executing one deletes all others of the stack
    begin(account, stack, change_set.request, how, creating=creating, token=token)
    change_set.execution_status = "EXECUTE_COMPLETE"


def begin(account: Account, stack: Stack, request: Request, how: How, *, creating: bool, token: str | None) -> None:
    """Start to create or update; the stack is in progress when this returns."""
    stack.begin("CREATE_STACK" if creating else "UPDATE_STACK", token)
    stack.capabilities = list(request.capabilities)
    if creating:
        stack.template, stack.parameters, stack.tags = request.template, dict(request.parameters), dict(request.tags)
        stack.created = datetime.now(UTC)
        stack.say("CREATE_IN_PROGRESS", "User Initiated")
    else:
        stack.updated = datetime.now(UTC)
        stack.say("UPDATE_IN_PROGRESS", "User Initiated")
    stack.disable_rollback = how.on_failure == "DO_NOTHING"
    deployment = Deployment(account, stack, request, how, creating=creating)
    account.operate(stack, deployment.run, "CREATE_FAILED" if creating else "UPDATE_ROLLBACK_FAILED")


def _find_changes(account: Account, change_set: ChangeSet, *, validated: bool) -> None:
    change_set.status = "CREATE_IN_PROGRESS"
    stack = change_set.stack
    if change_set.reverts_drift:
        change_set.request = replace(change_set.request, actual=actual_state(account, stack))
    request = change_set.request
    with account.lock:
        the_plan = plan(stack, request, account.kinds, account.exports())
    try:
        for change in the_plan.changes:
            account.faults.strike(stack.name, change.logical_id, "plan", account.pause)
    except ResourceFailed as failure:
        change_set.fail(str(failure))
        return
    errors = validate(account, stack, the_plan) if validated else ()
    blocking = sorted({error.name for error in errors if error.mode == "FAIL"})
    change_set.plan, change_set.validation_errors = the_plan, errors
    if blocking:
        change_set.fail(VALIDATION_FAILED.format(names=", ".join(blocking)))
    elif the_plan.is_empty and stack.status != "REVIEW_IN_PROGRESS":
        same = stack.template is not None and (stack.template.text, stack.parameters) == (request.template.text, dict(request.parameters))
        change_set.fail(NOTHING_SENT if same else NO_UPDATES)
    else:
        change_set.execution_status, change_set.status = "AVAILABLE", "CREATE_COMPLETE"


def described(change: Change, *, values: bool) -> dict[str, Any]:
    """A change as DescribeChangeSet shows it; property values only if they were asked for."""
    shown: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "ResourceType": change.type,
        "Scope": list(change.scope),
        "Details": [_detail(detail, values=values) for detail in change.details] + _attribute_details(change),
    }
    optional = {
        "PhysicalResourceId": change.physical_id,
        "Replacement": change.replacement,
        "PolicyAction": change.policy_action,
        "ResourceDriftStatus": change.drift,
    }
    shown.update({name: value for name, value in optional.items() if value is not None})
    if values:
        for name, properties in (("BeforeContext", change.before), ("AfterContext", change.after)):
            if properties is not None:
                shown[name] = json.dumps({"Properties": shown_properties(properties, change.hidden)}, sort_keys=True)
    return {"Type": "Resource", "ResourceChange": shown}


def _detail(detail: PropertyChange, *, values: bool) -> dict[str, Any]:
    target: dict[str, Any] = {"Attribute": detail.attribute, "RequiresRecreation": detail.recreation}
    if detail.attribute == "Properties":
        target["Name"] = detail.name
    if values:
        target.update({"Path": detail.path, "AttributeChangeType": detail.change})
        shown = {"BeforeValue": detail.before, "AfterValue": detail.after}
        target.update({name: value for name, value in shown.items() if value is not None})
        if detail.drifted:
            drift = {"PreviousValue": detail.previous, "ActualValue": detail.before}
            target["Drift"] = {name: value for name, value in drift.items() if value is not None}
            target.update({"BeforeValueFrom": "ACTUAL_STATE", "AfterValueFrom": "TEMPLATE"})
    result = {"Target": target, "Evaluation": detail.evaluation, "ChangeSource": detail.source.change}
    if detail.source.causing_entity is not None:
        result["CausingEntity"] = detail.source.causing_entity
    return result


def _attribute_details(change: Change) -> list[dict[str, Any]]:
    return [
        {"Target": {"Attribute": name, "RequiresRecreation": "Never"}, "Evaluation": "Static", "ChangeSource": "DirectModification"}
        for name in change.scope
        if name not in ("Properties", "Tags")
    ]
