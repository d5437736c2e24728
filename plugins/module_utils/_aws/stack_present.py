# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring about a stack: from whatever state it is in, always through a change set."""

from __future__ import annotations

from typing import Any

from .._core.errors import Refusal
from .change_set import remove_orphans
from .known_after_apply import is_known_after_apply
from .stack import Stack, resources_of
from .stack_absent import remove_shell
from .stack_create import created, predicted
from .stack_drift import detected_drift
from .stack_events import last_operation
from .stack_failure import half_done, leftovers, something_was_kept, stuck_in_rollback
from .stack_prediction import values_for
from .stack_protection import protected_ids
from .stack_status import Meaning, meaning_of
from .stack_task import Outcome, StackTask
from .stack_update import updated
from .stack_wait import settled
from .template import Template
from .template_values import Values


def present(task: StackTask) -> Outcome:
    """The stack as the task wants it, or in check mode what that would take. Raises MailingError."""
    wish = task.wish
    if wish.template is None:
        raise Refusal(f"Stack {wish.name} cannot be brought about without a template: give template or template_body.")
    values = values_for(wish.template, wish.parameters or {}, wish.name, task.aws.region)
    _refuse_placeholders(task, wish.template)
    stack = settled(task.aws, wish.name, task.deadline, task.progress)
    if stack is not None:
        remove_orphans(task.aws, stack.handle)
    outcome = _brought_about(task, values, stack)
    _set_termination_protection(task, outcome)
    if wish.drift == "report" and outcome.stack is not None and meaning_of(outcome.stack.status) is Meaning.READY:
        outcome.drift = detected_drift(task, outcome.stack)
        task.warnings.extend(
            f"Stack {wish.name}: {each['logical_id']} ({each['type']}) was {each['status']} outside of CloudFormation."
            for each in outcome.drift
        )
    return outcome


def _brought_about(task: StackTask, values: Values, stack: Stack | None) -> Outcome:
    meaning = Meaning.GONE if stack is None else meaning_of(stack.status)
    if meaning in {Meaning.GONE, Meaning.EMPTY_SHELL, Meaning.NEVER_CAME_UP}:
        protected_ids(task.wish, values.template)
    if stack is None or meaning in {Meaning.GONE, Meaning.EMPTY_SHELL}:
        return predicted(task, values) if task.check_mode else created(task, values, shell=stack)
    if meaning is Meaning.NEVER_CAME_UP:
        return _again(task, values, stack)
    if meaning in {Meaning.HALF_CREATED, Meaning.HALF_UPDATED} and task.wish.on_failure != "do_nothing":
        raise half_done(stack, last_operation(task.aws, stack.handle))
    if meaning is Meaning.STUCK_ROLLBACK:
        raise stuck_in_rollback(stack, last_operation(task.aws, stack.handle))
    if meaning is Meaning.LEFTOVERS:
        remaining = [each for each in resources_of(task.aws, stack.handle) if each.status != "DELETE_COMPLETE"]
        raise leftovers(stack, last_operation(task.aws, stack.handle), remaining)
    return updated(task, values, stack)


def _again(task: StackTask, values: Values, stack: Stack) -> Outcome:
    """A first attempt that was rolled back left an empty shell, which can only be removed; unless something was kept."""
    kept = [each for each in resources_of(task.aws, stack.handle) if each.status != "DELETE_COMPLETE" and each.physical_id]
    if kept:
        raise something_was_kept(stack, kept)
    if task.check_mode:
        outcome = predicted(task, values)
        outcome.note = "a failed first attempt would be removed and created again"
    else:
        remove_shell(task, stack)
        outcome = created(task, values, shell=None)
        outcome.note = "a failed first attempt was removed and created again"
    outcome.action = "recreate"
    outcome.heading.before.append(f"# a failed first attempt, {stack.status}, with nothing in it")
    return outcome


def _set_termination_protection(task: StackTask, outcome: Outcome) -> None:
    wanted = task.wish.termination_protection
    was = outcome.stack.termination_protection if outcome.stack else False
    if wanted is None or wanted == was:
        return
    if not task.check_mode:
        task.aws.call("cloudformation", "update_termination_protection", StackName=task.wish.name, EnableTerminationProtection=wanted)
    if outcome.action == "none":
        outcome.action, outcome.note = "update", "only its termination protection"
    if outcome.action == "update":
        outcome.heading.before.append(f"termination_protection: {str(was).lower()}")
    outcome.heading.after.append(f"termination_protection: {str(wanted).lower()}")


def _refuse_placeholders(task: StackTask, template: Template) -> None:
    """Texts of a check are no values."""
    given: dict[str, Any] = dict(task.wish.parameters or {})
    wrong = sorted(name for name, value in given.items() if is_known_after_apply(value))
    if wrong and not task.check_mode:
        raise Refusal(
            f"{template.where}: the parameter {wrong[0]} is {given[wrong[0]]!r}. That text stands for a value in check mode only; a stack that was really "
            "applied returns the value itself."
        )
