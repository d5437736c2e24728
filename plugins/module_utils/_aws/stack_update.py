# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack that is there: change it, or preview what would change."""

from __future__ import annotations

from collections.abc import Sequence

from .change_set import change_set, execute
from .known_after_apply import is_known_after_apply
from .stack import Stack, deployed_template
from .stack_changes import Change, without_stack_tags
from .stack_events import EventReader
from .stack_failure import failed
from .stack_prediction import predicted_difference, predicted_outputs, with_possible_changes
from .stack_progress import StackProgress
from .stack_protection import protected_ids, refuse_losses
from .stack_request import NotPreviewable, request_for
from .stack_same import is_certainly_same
from .stack_status import AS_APPLIED
from .stack_task import Outcome, StackTask
from .stack_wait import finished
from .template import Template, parse_template
from .template_values import Values


def updated(task: StackTask, values: Values, stack: Stack) -> Outcome:
    """The stack as the template says; nothing is asked of AWS where it certainly is already."""
    values.account = stack.account
    deployed_text = deployed_template(task.aws, stack.handle)
    if is_certainly_same(task.wish, values.template, stack, deployed_text):
        protected_ids(task.wish, values.template)
        return _with_what_is_possible(task, values, stack, values.template, [], nothing=True)
    deployed = parse_template(deployed_text, f"the deployed template of {stack.name}")
    protected = protected_ids(task.wish, values.template, deployed)
    if task.check_mode:
        return _previewed(task, values, stack, deployed, protected)
    request = request_for(task, values.template, "UPDATE", stack)
    with change_set(task.aws, request, task.deadline) as ready:
        if ready.empty:
            return Outcome("none", stack, stack.outputs)
        refuse_losses(task.wish, ready.changes, protected)
        reader = EventReader(task.aws, stack.handle)
        execute(task.aws, ready)
    shown = StackProgress(stack.name, len(ready.changes), task.deadline.clock)
    now, events = finished(task.aws, stack, reader, task.deadline, task.progress, shown)
    if now.status not in AS_APPLIED:
        raise failed(now, events)
    outcome = Outcome("update", now, now.outputs, without_stack_tags(ready.changes, task.wish.tags))
    _say_if_no_resource_changes(outcome)
    return outcome


def _previewed(task: StackTask, values: Values, stack: Stack, deployed: Template, protected: dict[str, str]) -> Outcome:
    new = set(task.wish.parameters or {}) - set(stack.parameters)
    unknown = {name for name, value in (task.wish.parameters or {}).items() if is_known_after_apply(value)}
    try:
        if new & unknown:  # a parameter without a previous value, whose value nobody knows
            raise NotPreviewable
        with change_set(task.aws, request_for(task, values.template, "UPDATE", stack), task.deadline) as ready:
            changes, nothing = list(without_stack_tags(ready.changes, task.wish.tags)), ready.empty
    except NotPreviewable:
        changes = predicted_difference(values, _as_deployed(deployed, stack, values))
        nothing = False
        task.warnings.append(
            f"Stack {stack.name}: what would change is read from the templates, because AWS could only be asked after "
            f"{'a value is known' if new & unknown else 'the template was uploaded'}; replacements are not foreseen."
        )
    else:
        refuse_losses(task.wish, changes, protected)
    return _with_what_is_possible(task, values, stack, deployed, changes, nothing=nothing)


def _with_what_is_possible(
    task: StackTask, values: Values, stack: Stack, deployed: Template, changes: Sequence[Change], *, nothing: bool
) -> Outcome:
    """The outcome of a preview, with the resources that a value reaches which is only known after apply."""
    before = _as_deployed(deployed, stack, values)
    everything = with_possible_changes(values, changes, before)
    if nothing and not everything:
        return Outcome("none", stack, stack.outputs)
    outputs = predicted_outputs(values, everything, stack, before)
    outcome = Outcome("update", stack, outputs, everything)
    _say_if_no_resource_changes(outcome)
    return outcome


def _as_deployed(deployed: Template, stack: Stack, values: Values) -> Values:
    return Values(deployed, stack.parameters, stack.name, values.region, stack.account)


def _say_if_no_resource_changes(outcome: Outcome) -> None:
    if not outcome.changes:
        outcome.note = "no resource changes, only outputs, metadata or tags of the stack"
        outcome.heading.after.append(f"# {outcome.note}")
