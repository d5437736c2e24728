# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Go's number and character constants."""

from __future__ import annotations

import re

from .strings import quote, unquote

_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)")
_MISPLACED = re.compile(r"__|_$|^[+-]?_|\d_[^0-9]")


def number(source: str) -> int | float | complex | str:
    """The value of a constant, or the sentence that says why it is none."""
    if source[0] == "'":
        character = unquote(source)
        return ord(character) if character is not None and len(character) == 1 else f"malformed character constant: {source}"
    illegal = f"illegal number syntax: {quote(source)}"
    if "_" in source and _MISPLACED.search(source):
        return illegal
    text = source.replace("_", "")
    try:
        if re.fullmatch(r"[+-]?0[0-9]*[89][0-9]*", text):
            return f"integer overflow: {quote(source)}"  # no octal number; Go's words for it
        if text.endswith("i"):
            return complex(text[:-1] + "j")
        if _INTEGER.fullmatch(text):
            return _integer(text, source)
        return float.fromhex(text) if "x" in text.lower() else float(text)
    except ValueError:
        return illegal


def _integer(text: str, source: str) -> int | str:
    digits = text.lstrip("+-")
    octal = len(digits) > 1 and digits[0] == "0" and digits[1:].isdigit()
    value = int(digits, 8) if octal else int(digits, 0)
    if text[0] == "-":
        value = -value
    return value if -(2**63) <= value < 2**64 else f"integer overflow: {quote(source)}"
