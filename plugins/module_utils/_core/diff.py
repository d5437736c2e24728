# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan looks like to people: Ansible's diff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from .fields import Compare, Field
from .plan import Plan

LINE_LIMIT = 160
"""Characters of one line that a diff shows; what is cut is replaced by its length and checksum, so that it still differs."""
LINES_LIMIT = 120
"""Lines of one text that a diff shows when the object is new or goes away."""
NOT_SHOWN = "(written; not shown)"


def ansible_diff(plans: Iterable[Plan]) -> list[dict[str, str]]:
    """Ansible's ``diff`` for what the plans would change, one entry an object, free of secrets."""
    return [_entry(plan) for plan in plans if plan.changed]


def _entry(plan: Plan) -> dict[str, str]:
    fields = [change.field for change in plan.changes] if plan.action == "update" else list(plan.resource.writable)
    before, after = plan.before, plan.after
    return {
        "before_header": plan.title,
        "after_header": plan.title,
        "before": "" if before is None else _block(plan, fields, before, after),
        "after": "" if after is None else _block(plan, fields, after, before),
    }


def _block(plan: Plan, fields: Iterable[Field], values: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    lines: list[str] = []
    for field in fields:
        if field.write_only:
            if values is plan.after and field.name in (plan.writes or {}):
                lines.append(f"{field.name}: {NOT_SHOWN}")
        elif field.name in values:
            lines += _value_lines(field, values[field.name], None if other is None else other.get(field.name))
    return "".join(line + "\n" for line in lines)


def _value_lines(field: Field, value: Any, other: Any) -> list[str]:
    if field.compare is Compare.TEXT and isinstance(value, str):
        return _text_lines(field.name, value, other if isinstance(other, str) else None)
    return [f"{field.name}: {json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)}"]


def _text_lines(name: str, text: str, other: str | None) -> list[str]:
    if other is not None and text != other and _lines(text) == _lines(other):
        return [f"{name}: only line endings differ: {_line_endings(text)}"]
    lines = [_cut(line) for line in _lines(text)]
    if other is None and len(lines) > LINES_LIMIT:
        lines = [*lines[:LINES_LIMIT], f"… {len(lines) - LINES_LIMIT} more lines, sha256 of the whole {_checksum(text)}"]
    return [f"{name}: |", *("  " + line for line in lines)]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _line_endings(text: str) -> str:
    crlf = text.count("\r\n")
    counts = {"CRLF": crlf, "LF": text.count("\n") - crlf, "CR": text.count("\r") - crlf}
    return ", ".join(f"{count} × {kind}" for kind, count in counts.items() if count) or "none"


def _cut(line: str) -> str:
    if len(line) <= LINE_LIMIT:
        return line
    return f"{line[:LINE_LIMIT]} … ({len(line)} characters, sha256 {_checksum(line)})"


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
