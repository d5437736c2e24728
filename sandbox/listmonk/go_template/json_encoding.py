# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""encoding/json: compact, keys sorted, whole floats without ".0", < > & escaped unless told otherwise."""

from __future__ import annotations

import json
from typing import Any

from .values import NOTHING, Struct


def encoded(value: Any, *, html: bool = True, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(_plain(value), ensure_ascii=False, separators=separators, sort_keys=True, indent=indent)
    for character in "<>&\u2028\u2029" if html else "\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _plain(value: Any) -> Any:
    if value is NOTHING:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Struct):
        return _plain(dict(value.fields))
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
