# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stack policies: which resources an update may change, replace or remove."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Mapping
from typing import Any

from .errors import Refusal, ResourceFailed

ACTIONS = ("Update:Modify", "Update:Replace", "Update:Delete")


def read(text: str) -> str:
    """The policy as given.

    Raises:
        Refusal: it is no stack policy.
    """
    try:
        statements = json.loads(text)["Statement"]
        sound = all(statement["Effect"] in ("Allow", "Deny") and statement["Principal"] == "*" for statement in _as_list(statements))
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise Refusal("Error validating stack policy: Invalid stack policy")
    return text


def demand(policy: str | None, logical_id: str, type_name: str, action: str) -> None:
    """Without a policy everything is allowed; with one, what no statement allows is denied, and Deny beats Allow.

    Raises:
        ResourceFailed: the policy denies it.
    """
    if policy is None:
        return
    target = f"LogicalResourceId/{logical_id}"
    allowed = False
    for number, statement in enumerate(_as_list(json.loads(policy)["Statement"]), 1):
        if not _matches(statement, target, type_name, action):
            continue
        if statement["Effect"] == "Deny":
            raise ResourceFailed(f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource [{target}]")
        allowed = True
    if not allowed:
        raise ResourceFailed(f"Action denied by stack policy: no statement allows [{action}] for resource [{target}]")


def _matches(statement: Mapping[str, Any], target: str, type_name: str, action: str) -> bool:
    return _names(statement, "Resource", target) and _names(statement, "Action", action) and _conditions(statement, type_name)


def _names(statement: Mapping[str, Any], key: str, value: str) -> bool:
    if f"Not{key}" in statement:
        return not any(fnmatch.fnmatchcase(value, pattern) for pattern in _as_list(statement[f"Not{key}"]))
    return any(fnmatch.fnmatchcase(value, pattern) for pattern in _as_list(statement[key]))


def _conditions(statement: Mapping[str, Any], type_name: str) -> bool:
    for operator, operands in statement.get("Condition", {}).items():
        patterns = _as_list(operands.get("ResourceType", []))
        matches = fnmatch.fnmatchcase if operator == "StringLike" else str.__eq__
        if not any(matches(type_name, pattern) for pattern in patterns):
            return False
    return True


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
