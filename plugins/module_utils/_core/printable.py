# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An object as a task may print it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .fields import Compare
from .resource import Resource


def printable(resource: Resource, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An object as a task returns it: without write-only fields, long texts as size and checksum."""
    if values is None:
        return None
    shown: dict[str, Any] = {}
    for field in resource:
        if field.write_only or field.name not in values:
            continue
        value = values[field.name]
        if field.compare is Compare.TEXT:
            shown |= text_summary(field.name, value)
        else:
            shown[field.name] = value
    return shown


def text_summary(name: str, text: str | None) -> dict[str, Any]:
    """``body_bytes`` and ``body_sha256`` for a text that is too long to print."""
    if text is None:
        return {f"{name}_bytes": 0, f"{name}_sha256": None}
    data = text.encode()
    return {f"{name}_bytes": len(data), f"{name}_sha256": hashlib.sha256(data).hexdigest()}
