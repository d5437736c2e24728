# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on stacks."""

from __future__ import annotations

import json
from typing import Any

from . import answers, stack_policy
from .account import Account
from .answers import given, page
from .change_set import NO_UPDATES, begin, found
from .deletion import delete_resources, refuse_if_protected
from .deployment import How
from .errors import Refusal, StackExists, StackMissing
from .events import operation_events
from .parameters import as_text
from .plan import plan
from .requests import request
from .stack import UPDATABLE, Resource, Stack
from .summaries import template_summary


class StackOperations:
    account: Account
    given: dict[str, Any]

    def create_stack(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            if account.has(call["StackName"]):
                raise StackExists(call["StackName"])
            stack = new_stack(account, call)
            asked = request(account, None, call)
            plan(stack, asked, account.kinds, account.exports())
            account.stacks[stack.id] = stack
            on_failure = call.get("OnFailure") or ("DO_NOTHING" if _flag(call, "DisableRollback") else "ROLLBACK")
            how = How(on_failure, _flag(call, "RetainExceptOnCreate"))
            begin(account, stack, asked, how, creating=True, token=call.get("ClientRequestToken"))
        return {"StackId": stack.id}

    def update_stack(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            stack = account.stack(call["StackName"])
            if stack.status not in UPDATABLE:
                raise Refusal(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
            asked = request(account, stack, call)
            empty = plan(stack, asked, account.kinds, account.exports()).is_empty
            # Clients send settings whether they changed or not: an empty list of topics, say.
            before = _settings(stack)
            _take_settings(stack, call)
            if empty and _settings(stack) == before:
                raise Refusal(NO_UPDATES)
            during = call.get("StackPolicyDuringUpdateBody")
            how = How(
                "DO_NOTHING" if _flag(call, "DisableRollback") else "ROLLBACK",
                _flag(call, "RetainExceptOnCreate"),
                stack_policy.read(during) if during else None,
            )
            begin(account, stack, asked, how, creating=False, token=call.get("ClientRequestToken"))
        return {"StackId": stack.id}

    def delete_stack(self) -> None:
        account, call = self.account, self.given
        retained = frozenset(call.get("RetainResources") or ())
        with account.lock:
            try:
                stack = account.stack(call["StackName"])
            except StackMissing:
                return
            if stack.deleted is not None or stack.status == "DELETE_IN_PROGRESS":
                return
            refuse_if_protected(account, stack, retained)
            stack.begin("DELETE_STACK", call.get("ClientRequestToken"))
            stack.say("DELETE_IN_PROGRESS", "User Initiated")
        account.operate(stack, lambda: delete_resources(account, stack, retained), "DELETE_FAILED")

    def continue_update_rollback(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            stack = account.stack(call["StackName"])
            deployment = account.unfinished.get(stack.id)
            if stack.status != "UPDATE_ROLLBACK_FAILED" or deployment is None:
                raise Refusal(f"Stack:{stack.id} is in {stack.status} state and can not continue rollback.")
            skip = frozenset(call.get("ResourcesToSkip") or ())
            failed = {name for name, resource in stack.resources.items() if resource.status == "UPDATE_FAILED"}
            wrong = sorted(skip - failed)
            if wrong:
                raise Refusal(f"Only resources in the UPDATE_FAILED state can be skipped, not [{', '.join(wrong)}]")
            stack.begin("CONTINUE_ROLLBACK", call.get("ClientRequestToken"))
            stack.say("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        account.operate(stack, lambda: deployment.roll_back(skip=skip), "UPDATE_ROLLBACK_FAILED")
        return {}

    def rollback_stack(self) -> dict[str, Any]:
        account, call = self.account, self.given
        with account.lock:
            stack = account.stack(call["StackName"])
            deployment = account.unfinished.get(stack.id)
            if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED") or deployment is None:
                raise Refusal(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
            operation = stack.begin("ROLLBACK", call.get("ClientRequestToken"))
            stack.say("ROLLBACK_IN_PROGRESS" if deployment.creating else "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        account.operate(stack, deployment.roll_back, "ROLLBACK_FAILED" if deployment.creating else "UPDATE_ROLLBACK_FAILED")
        return {"StackId": stack.id, "OperationId": operation.id}

    def update_termination_protection(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        stack.termination_protection = _flag(self.given, "EnableTerminationProtection")
        return {"StackId": stack.id}

    def set_stack_policy(self) -> None:
        body = self.given.get("StackPolicyBody")
        if body is None:
            raise Refusal("The sandbox takes a stack policy as StackPolicyBody only")
        self.account.stack(self.given["StackName"]).policy = stack_policy.read(body)

    def get_stack_policy(self) -> dict[str, Any]:
        return given(StackPolicyBody=self.account.stack(self.given["StackName"]).policy)

    def get_template(self) -> dict[str, Any]:
        account, call = self.account, self.given
        template = account.stack(call["StackName"]).template if call.get("StackName") else None
        if call.get("ChangeSetName"):
            template = found(account, call["ChangeSetName"], call.get("StackName")).request.template
        if template is None:
            raise Refusal(f"Stack [{call.get('StackName')}] has no template yet")
        return {"TemplateBody": template.text, "StagesAvailable": ["Original", "Processed"]}

    def describe_stacks(self) -> dict[str, Any]:
        account, call = self.account, self.given
        stacks = [account.stack(call["StackName"])] if call.get("StackName") else list(reversed(account.present()))
        shown, token = page(stacks, call.get("NextToken"))
        return given(Stacks=[answers.stack(stack) for stack in shown], NextToken=token)

    def list_stacks(self) -> dict[str, Any]:
        wanted = self.given.get("StackStatusFilter") or []
        stacks = [stack for stack in reversed(list(self.account.stacks.values())) if not wanted or stack.status in wanted]
        shown, token = page(stacks, self.given.get("NextToken"))
        return given(StackSummaries=[answers.stack_summary(stack) for stack in shown], NextToken=token)

    def list_stack_resources(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        shown, token = page(list(answers.resources(stack)), self.given.get("NextToken"))
        summaries = [answers.resource(stack, resource, time_name="LastUpdatedTimestamp") for resource in shown]
        return given(StackResourceSummaries=summaries, NextToken=token)

    def describe_stack_resources(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        wanted = self.given.get("LogicalResourceId")
        resources = [resource for resource in answers.resources(stack) if wanted in (None, resource.logical_id)]
        return {"StackResources": [answers.resource(stack, resource, time_name="Timestamp") for resource in resources[:100]]}

    def describe_stack_resource(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        resource = _resource(stack, self.given["LogicalResourceId"])
        detail = answers.resource(stack, resource, time_name="LastUpdatedTimestamp")
        return {"StackResourceDetail": {**detail, "Metadata": json.dumps(dict(resource.metadata))}}

    def describe_stack_events(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        shown, token = page(stack.events[::-1], self.given.get("NextToken"))
        return given(StackEvents=[answers.event(stack, event) for event in shown], NextToken=token)

    def describe_events(self) -> dict[str, Any]:
        shown, token = page(operation_events(self.account, self.given), self.given.get("NextToken"))
        return given(OperationEvents=shown, NextToken=token)

    def list_exports(self) -> dict[str, Any]:
        exporters = self.account.exporters()
        return {"Exports": [{"ExportingStackId": stack.id, "Name": name, "Value": value} for name, (stack, value) in exporters.items()]}

    def list_imports(self) -> dict[str, Any]:
        name = self.given["ExportName"]
        users = [stack.name for stack in self.account.importers(name)]
        if not users:
            raise Refusal(f"Export '{name}' is not imported by any stack.")
        return {"Imports": users}

    def validate_template(self) -> dict[str, Any]:
        return template_summary(self.account, self.given, with_types=False)

    def get_template_summary(self) -> dict[str, Any]:
        return template_summary(self.account, self.given, with_types=True)


def new_stack(account: Account, call: dict[str, Any]) -> Stack:
    stack = Stack(call["StackName"], account.region, account.cloud.account)
    stack.termination_protection = _flag(call, "EnableTerminationProtection")
    _take_settings(stack, call)
    return stack


def _take_settings(stack: Stack, call: dict[str, Any]) -> None:
    if call.get("StackPolicyBody"):
        stack.policy = stack_policy.read(call["StackPolicyBody"])
    if "NotificationARNs" in call:
        stack.notification_arns = list(call["NotificationARNs"])
    stack.role_arn = call.get("RoleARN") or stack.role_arn


def _settings(stack: Stack) -> tuple[str | None, list[str], str | None]:
    """What an update can change although no resource changes."""
    return stack.policy, stack.notification_arns, stack.role_arn


def _flag(call: dict[str, Any], name: str) -> bool:
    return as_text(call.get(name, False)) == "true"


def _resource(stack: Stack, logical_id: str) -> Resource:
    for resource in answers.resources(stack):
        if resource.logical_id == logical_id:
            return resource
    raise Refusal(f"Resource {logical_id} does not exist for stack {stack.name}")
