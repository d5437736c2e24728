# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a task's options to its result: one stack, present or absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .connection import Aws
from .deadline import Deadline
from .stack_absent import absent
from .stack_present import present
from .stack_task import StackTask, result_of
from .stack_wish import wish_of
from .template_parameters import secret_parameters


def apply_stack(
    aws: Aws,
    options: Mapping[str, Any],
    *,
    progress: Callable[[str], None],
    local_file: Callable[[str], str],
    secrets: set[str],
) -> dict[str, Any]:
    """The result of the task; raises MailingError. Values of secret parameters are added to ``secrets``."""
    wish = wish_of(options, local_file)
    if wish.template is not None:
        secrets.update(value for name in secret_parameters(wish.template) if (value := (wish.parameters or {}).get(name)))
    task = StackTask(aws, wish, Deadline(wish.timeout), progress)
    return result_of(task, present(task) if wish.state == "present" else absent(task))
