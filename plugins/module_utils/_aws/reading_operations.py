# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of AWS's operations a task may send in check mode. Everything that is not declared here is refused before a byte is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._core.errors import MailingError

OUR_CHANGE_SETS = "clarivum-"
"""How the names of change sets that this collection makes begin."""

# AWS's naming convention: operations with these verbs change nothing.
_READING = re.compile(r"(Describe|Get|List|Head|BatchGet|BatchDescribe|Filter|Lookup|Simulate|Validate|Search)(?=[A-Z0-9]|$)")
_ALSO_READING = {
    ("cloudformation", "EstimateTemplateCost"),
    # Compares and notes when it did; AWS's list of actions and access levels counts it among those that read.
    ("cloudformation", "DetectStackDrift"),
}
# The verb reads, the operation makes something.
_WRITING_ALL_THE_SAME = {("sts", "GetFederationToken"), ("sts", "GetSessionToken")}


class WriteInCheckMode(MailingError):
    """A task that only checks was about to write; a mistake in this collection."""


def is_allowed_in_check_mode(service: str, operation: str, parameters: Mapping[str, Any]) -> bool:
    """Whether the operation leaves nothing behind.

    A change set is how CloudFormation previews, and is removed again; but only on a stack that exists, since one of the type CREATE makes
    a stack (in REVIEW_IN_PROGRESS) that outlives it.
    """
    if (service, operation) in _WRITING_ALL_THE_SAME:
        return False
    if service == "cloudformation" and operation == "CreateChangeSet":
        return parameters.get("ChangeSetType") == "UPDATE" and str(parameters.get("ChangeSetName", "")).startswith(OUR_CHANGE_SETS)
    if service == "cloudformation" and operation == "DeleteChangeSet":
        return _name_of_change_set(str(parameters.get("ChangeSetName", ""))).startswith(OUR_CHANGE_SETS)
    return bool(_READING.match(operation)) or (service, operation) in _ALSO_READING


def refuse_writing(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    if not is_allowed_in_check_mode(service, operation, parameters):
        raise WriteInCheckMode(f"{service} {operation} was held back because the task only checks. This is a mistake in clarivum.mailing.")


def _name_of_change_set(name_or_arn: str) -> str:
    """arn:aws:cloudformation:eu-central-1:123456789012:changeSet/<name>/<uuid>"""
    return name_or_arn.split("/")[1] if name_or_arn.startswith("arn:") and "/" in name_or_arn else name_or_arn
