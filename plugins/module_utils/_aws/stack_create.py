# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack that is not there yet: create it, or predict it without a writing call."""

from __future__ import annotations

from .._core.errors import Refusal
from .change_set import ChangeSetFailed, Request, change_set, execute
from .errors import AwsError
from .stack import Stack, read_stack
from .stack_absent import remove_stack
from .stack_changes import Change, without_stack_tags
from .stack_events import EventReader
from .stack_failure import failed
from .stack_prediction import predicted_creation, predicted_outputs
from .stack_progress import StackProgress
from .stack_request import request_for
from .stack_status import AS_APPLIED
from .stack_task import Outcome, StackTask
from .stack_wait import finished
from .template_references import dangling_references
from .template_values import Values


def predicted(task: StackTask, values: Values) -> Outcome:
    """What would be made, read from the template; AWS only judges its form, if it is small enough to be sent."""
    template = values.template
    if template.fits_inline:
        try:
            task.aws.call("cloudformation", "validate_template", TemplateBody=template.text)
        except AwsError as error:
            if error.code != "ValidationError":
                raise
            raise ChangeSetFailed(f"Stack {task.wish.name}: AWS does not accept the template: {error.message}") from error
    dangling = [] if "Transform" in template.content else dangling_references(template)
    if dangling:
        raise Refusal(f"{template.where} refers to {', '.join(dangling)}, and has no parameter or resource of that name.")
    if "Transform" in template.content:
        task.warnings.append(f"Stack {task.wish.name}: its template has a transform; what that adds is not part of the prediction.")
    if "AWS::AccountId" in template.text:
        values.account = _account(task)
    changes = predicted_creation(values)
    return Outcome("create", None, predicted_outputs(values, changes, None, None), changes)


def _account(task: StackTask) -> str:
    try:
        return str(task.aws.call("sts", "get_caller_identity")["Account"])
    except AwsError:
        return ""  # the number is then one more value that is only known after apply


def created(task: StackTask, values: Values, *, shell: Stack | None) -> Outcome:
    """Create it through a change set. ``shell`` is what another preview left, if anything."""
    wish = task.wish
    request = request_for(task, values.template, "CREATE", None)
    try:
        stack, changes = _applied(task, request)
    except BaseException:
        if shell is None:
            _remove_own_shell(task)
        raise
    return Outcome("create", stack, stack.outputs, changes, note="" if wish.on_failure != "do_nothing" else "without rollback")


def _applied(task: StackTask, request: Request) -> tuple[Stack, tuple[Change, ...]]:
    with change_set(task.aws, request, task.deadline) as ready:
        stack = read_stack(task.aws, ready.stack_id or request.stack_name)
        if stack is None or ready.empty:
            raise ChangeSetFailed(f"Stack {request.stack_name}: it vanished while its change set was made; run the task again.")
        reader = EventReader(task.aws, stack.handle)
        # Whatever this first attempt makes and has to give up is removed, also what a deletion policy would keep: its name would block the next.
        execute(task.aws, ready, RetainExceptOnCreate=task.wish.on_failure != "do_nothing")
    shown = StackProgress(stack.name, len(ready.changes), task.deadline.clock)
    stack, events = finished(task.aws, stack, reader, task.deadline, task.progress, shown)
    if stack.status not in AS_APPLIED:
        raise failed(stack, events)
    return stack, without_stack_tags(ready.changes, task.wish.tags)


def _remove_own_shell(task: StackTask) -> None:
    """A change set of the type CREATE makes an empty stack, which would stay behind."""
    stack = read_stack(task.aws, task.wish.name)
    if stack is None or stack.status != "REVIEW_IN_PROGRESS":
        return
    if not list(task.aws.pages("cloudformation", "list_change_sets", "Summaries", StackName=stack.handle)):
        remove_stack(task, stack)
