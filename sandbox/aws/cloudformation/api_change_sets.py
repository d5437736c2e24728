# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on change sets."""

from __future__ import annotations

from typing import Any

from .account import Account
from .answers import given, page
from .api_stacks import new_stack
from .change_set import ChangeSet, create, described, execute, found, open_ones, stack_for
from .deployment import How
from .errors import ChangeSetMissing, ChangeSetNotReady, Refusal
from .parameters import as_text, shown
from .requests import request


class ChangeSetOperations:
    account: Account
    given: dict[str, Any]

    def create_change_set(self) -> dict[str, Any]:
        account, call = self.account, self.given
        kind = call.get("ChangeSetType") or "UPDATE"
        with account.lock:
            existing = account.stack(call["StackName"]) if account.has(call["StackName"]) else None
            same = _same_request(open_ones(account, existing) if existing else [], call)
            if same is not None:
                return {"Id": same.id, "StackId": same.stack.id}
            asked = request(account, existing, call)
            new = new_stack(account, call)
            stack = stack_for(account, call["StackName"], kind, new)
            stack.role_arn = call.get("RoleARN") or stack.role_arn
            change_set = ChangeSet(
                call["ChangeSetName"],
                stack,
                kind,
                asked,
                on_stack_failure=call.get("OnStackFailure"),
                description=call.get("Description"),
                client_token=call.get("ClientToken"),
                reverts_drift=call.get("DeploymentMode") == "REVERT_DRIFT",
            )
            try:
                create(account, change_set, validated=as_text(call.get("DisableValidation", False)) != "true")
            except Refusal:
                if stack is new:
                    del account.stacks[stack.id]
                raise
        return {"Id": change_set.id, "StackId": stack.id}

    def describe_change_set(self) -> dict[str, Any]:
        account, call = self.account, self.given
        change_set = found(account, call["ChangeSetName"], call.get("StackName"))
        values = as_text(call.get("IncludePropertyValues", False)) == "true"
        changes = [described(change, values=values) for change in change_set.plan.changes] if change_set.plan else []
        on_page, token = page(changes, call.get("NextToken"), size=25 if values else 100)
        template = change_set.request.template
        return given(
            **_summary(change_set),
            Parameters=shown(template, change_set.request.parameters),
            Capabilities=list(change_set.request.capabilities),
            Tags=[{"Key": key, "Value": value} for key, value in change_set.request.tags.items()],
            OnStackFailure=change_set.on_stack_failure,
            DeploymentMode="REVERT_DRIFT" if change_set.reverts_drift else None,
            RollbackConfiguration={},
            NotificationARNs=change_set.stack.notification_arns,
            Changes=on_page,
            NextToken=token,
        )

    def list_change_sets(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        summaries = [_summary(change_set) for change_set in open_ones(self.account, stack)]
        shown_ones, token = page(summaries, self.given.get("NextToken"))
        return given(Summaries=shown_ones, NextToken=token)

    def delete_change_set(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            try:
                change_set = found(account, call["ChangeSetName"], call.get("StackName"))
            except ChangeSetMissing:
                return {}
            if change_set.execution_status == "EXECUTE_IN_PROGRESS":
                raise ChangeSetNotReady(f"ChangeSet [{change_set.id}] cannot be deleted while it is executed")
            del account.change_sets[change_set.id]
        return {}

    def execute_change_set(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            change_set = found(account, call["ChangeSetName"], call.get("StackName"))
            token = call.get("ClientRequestToken")
            if token is not None and change_set.execution_token == token:
                return {}  # asked again because the first answer got lost
            disabled = call.get("DisableRollback")
            if disabled is not None and change_set.on_stack_failure is not None:
                raise Refusal("DisableRollback cannot be specified if the change set was created with OnStackFailure")
            on_failure = change_set.on_stack_failure or ("DO_NOTHING" if as_text(disabled or False) == "true" else "ROLLBACK")
            how = How(on_failure, as_text(call.get("RetainExceptOnCreate", False)) == "true")
            execute(account, change_set, how, token)
            change_set.execution_token = token
        return {}


def _same_request(change_sets: list[ChangeSet], call: dict[str, Any]) -> ChangeSet | None:
    """The change set that the very same call made already: its client token says so."""
    token, name = call.get("ClientToken"), call["ChangeSetName"]
    for change_set in change_sets:
        if token is not None and (change_set.client_token, change_set.name) == (token, name):
            return change_set
    return None


def _summary(change_set: ChangeSet) -> dict[str, Any]:
    return given(
        ChangeSetName=change_set.name,
        ChangeSetId=change_set.id,
        StackId=change_set.stack.id,
        StackName=change_set.stack.name,
        Description=change_set.description,
        CreationTime=change_set.created,
        ExecutionStatus=change_set.execution_status,
        Status=change_set.status,
        StatusReason=change_set.reason,
        IncludeNestedStacks=False,
    )
