# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove a stack, and say what of it stays."""

from __future__ import annotations

from .._core.errors import Refusal
from .change_set import new_name
from .errors import AwsError
from .stack import Stack, StackResource, deployed_template, read_stack, resources_of
from .stack_changes import Change
from .stack_events import EventReader
from .stack_failure import failed
from .stack_progress import StackProgress
from .stack_protection import protected_ids
from .stack_status import Meaning, meaning_of
from .stack_task import Outcome, StackTask
from .stack_wait import finished, settled
from .template import Template, parse_template


def absent(task: StackTask) -> Outcome:
    """No stack of that name. What its deletion policies keep stays, and is returned as kept. Raises MailingError."""
    stack = settled(task.aws, task.wish.name, task.deadline, task.progress)
    if stack is None:
        return Outcome("none")
    template = (
        None
        if meaning_of(stack.status) is Meaning.EMPTY_SHELL
        else parse_template(deployed_template(task.aws, stack.handle), f"the deployed template of {stack.name}")
    )
    resources = [each for each in resources_of(task.aws, stack.handle) if each.status != "DELETE_COMPLETE"] if template else []
    policies = template.holding_data if template else {}
    kept = [
        each for each in resources if policies.get(each.logical_id) in {"Retain", "RetainExceptOnCreate"} or each.status == "DELETE_SKIPPED"
    ]
    if template:
        _refuse_losses(task, stack, template, resources)
    changes = [
        Change("remove", each.logical_id, each.type, each.physical_id, policy=_POLICY.get(policies.get(each.logical_id, ""), "delete"))
        for each in resources
    ]
    outcome = Outcome("delete", stack, {}, changes, kept)
    _switch_off_termination_protection(task, stack, outcome)
    if not task.check_mode:
        remove_stack(task, stack, len(resources))
        outcome.stack = None
    return outcome


_POLICY = {"Retain": "retain", "RetainExceptOnCreate": "retain", "Snapshot": "snapshot"}


def remove_stack(task: StackTask, stack: Stack, expected: int = 0) -> None:
    """DeleteStack, waited for; raises StackFailed with the resource that could not be removed."""
    reader = EventReader(task.aws, stack.handle)
    role = {"RoleARN": task.wish.role_arn} if task.wish.role_arn else {}
    try:
        task.aws.call("cloudformation", "delete_stack", StackName=stack.handle, ClientRequestToken=new_name(), **role)
    except AwsError as error:
        if error.code != "ValidationError" or not _is_being_removed(task, stack):
            raise
    now, events = finished(task.aws, stack, reader, task.deadline, task.progress, StackProgress(stack.name, expected, task.deadline.clock))
    if now.status != "DELETE_COMPLETE":
        raise failed(now, events)


def _is_being_removed(task: StackTask, stack: Stack) -> bool:
    """Whether a first request was heard, and only its answer lost."""
    now = read_stack(task.aws, stack.handle)
    return now is None or meaning_of(now.status) in {Meaning.BEING_DELETED, Meaning.GONE}


def remove_shell(task: StackTask, stack: Stack) -> None:
    """Remove a stack that never came up and keeps nothing."""
    if stack.termination_protection:
        raise Refusal(
            f"Stack {stack.name} is {stack.status}: its first attempt failed, and there is nothing in it. It would be removed and created again, but "
            "somebody protected it from termination. Switch that off and run the task again."
        )
    remove_stack(task, stack)


def _refuse_losses(task: StackTask, stack: Stack, template: Template, resources: list[StackResource]) -> None:
    """What the task itself protects, and the template would let go."""
    if task.wish.protected is None:
        return
    lost = [
        each for each in resources if each.logical_id in protected_ids(task.wish, template) and each.logical_id not in template.holding_data
    ]
    if lost:
        raise Refusal(
            f"Stack {stack.name}: {lost[0].logical_id} ({lost[0].type}) is protected by the task, and its deletion policy would remove it with the stack. "
            "Nothing was done. Give it DeletionPolicy Retain or Snapshot first, or take it out of protected."
        )


def _switch_off_termination_protection(task: StackTask, stack: Stack, outcome: Outcome) -> None:
    if not stack.termination_protection:
        return
    if task.wish.termination_protection is not False:
        raise Refusal(
            f"Stack {stack.name} is protected from termination, so it is not removed. If it shall be, say termination_protection: false in this task."
        )
    outcome.heading.before.append("termination_protection: true")
    if not task.check_mode:
        task.aws.call("cloudformation", "update_termination_protection", StackName=stack.name, EnableTerminationProtection=False)
