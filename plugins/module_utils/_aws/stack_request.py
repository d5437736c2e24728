# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says about a stack, as the parameters of CreateChangeSet."""

from __future__ import annotations

from typing import Any

from .._core.errors import Refusal
from .change_set import Request
from .known_after_apply import is_known_after_apply
from .stack import Stack
from .stack_task import StackTask
from .template import Template
from .template_bucket import template_url


def request_for(task: StackTask, template: Template, kind: str, stack: Stack | None) -> Request:
    """The request, the template uploaded if it is too large. Raises NotPreviewable in check mode if that would be needed."""
    wish = task.wish
    on_failure = "rollback" if wish.on_failure == "delete" and kind == "UPDATE" else wish.on_failure
    parameters: dict[str, Any] = {
        **_source(task, template),
        "Parameters": [
            {"ParameterKey": name, "UsePreviousValue": True}
            if is_known_after_apply(value) and stack is not None
            else {"ParameterKey": name, "ParameterValue": value}
            for name, value in sorted((wish.parameters or {}).items())
        ],
        "Description": "made by clarivum.mailing.aws_stack",
        "OnStackFailure": on_failure.upper(),
    }
    if wish.capabilities:
        parameters["Capabilities"] = list(wish.capabilities)
    if wish.tags is not None:
        parameters["Tags"] = [{"Key": key, "Value": value} for key, value in sorted(wish.tags.items())]
    if wish.role_arn:
        parameters["RoleARN"] = wish.role_arn
    if wish.drift == "revert" and kind == "UPDATE":
        parameters["DeploymentMode"] = "REVERT_DRIFT"
    return Request(wish.name, kind, parameters)


class NotPreviewable(Exception):
    """AWS could only be asked after a writing call, which check mode does not make."""


def _source(task: StackTask, template: Template) -> dict[str, str]:
    if template.fits_inline:
        return {"TemplateBody": template.text}
    if task.wish.template_bucket is None:
        raise Refusal(f"{template.where} is too large to be sent inline; template_bucket must name a bucket for it.")
    url = template_url(task.aws, task.wish.template_bucket, template)
    if url is None:
        raise NotPreviewable
    return {"TemplateURL": url}
