# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a stack is certainly as a task wants it, without asking AWS for a change set (docs/decisions/0010)."""

from __future__ import annotations

from collections.abc import Mapping

from .known_after_apply import is_known_after_apply
from .stack import Stack
from .stack_status import AS_APPLIED
from .stack_wish import StackWish
from .template import Template
from .template_parameters import effective_parameters, secret_parameters


def is_certainly_same(wish: StackWish, template: Template, stack: Stack, deployed: str) -> bool:
    """Template byte for byte, parameters, tags and role are those in effect, and nothing in the template can mean something new by itself.

    Parameters whose values are not known yet are left out of account; the caller tells what they might change.
    """
    return (
        stack.status in AS_APPLIED
        and wish.drift != "revert"
        and deployed == template.text
        and not template.depends_on_the_outside
        and not secret_parameters(template)
        and _same_parameters(effective_parameters(template, wish.parameters or {}), stack.parameters)
        and (wish.tags is None or dict(wish.tags) == dict(stack.tags))
        and (wish.role_arn is None or wish.role_arn == stack.role_arn)
    )


def _same_parameters(wanted: Mapping[str, str], deployed: Mapping[str, str]) -> bool:
    return set(wanted) == set(deployed) and all(deployed[name] == value or is_known_after_apply(value) for name, value in wanted.items())
