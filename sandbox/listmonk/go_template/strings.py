# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Go's string literals and its %q."""

from __future__ import annotations

import re

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))")
_NAMES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\\": r"\\"}


def unquote(literal: str) -> str | None:
    """The value of a Go string literal; None where Go says "invalid syntax"."""
    if literal[0] == "`":
        return literal[1:-1].replace("\r", "")
    quote, body = literal[0], literal[1:-1]
    out = bytearray()
    at = 0
    while at < len(body):
        if body[at] != "\\":
            out += body[at].encode("utf-8", "surrogatepass")
            at += 1
            continue
        found = _ESCAPE.match(body, at)
        if found is None or (found[1] in ("'", '"') and found[1] != quote):
            return None
        if found[1]:
            out += _SIMPLE[found[1]].encode()
        elif found[2] or found[5]:  # bytes, not characters
            value = int(found[2], 16) if found[2] else int(found[5], 8)
            if value > 255:
                return None
            out.append(value)
        else:
            code = int(found[3] or found[4], 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                return None
            out += chr(code).encode()
        at = found.end()
    return out.decode("utf-8", "replace")


def quote(text: str, mark: str = '"') -> str:
    """fmt's %q."""
    return mark + "".join(_quoted(character, mark) for character in text) + mark


def _quoted(character: str, mark: str) -> str:
    if character in _NAMES:
        return _NAMES[character]
    if character == mark:
        return "\\" + mark
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
