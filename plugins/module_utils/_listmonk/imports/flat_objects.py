# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON objects respelled by their pattern, without being taken apart: a sixth of the work for the rows of a big file.

The objects of a file mostly have the same keys with plain values. Such a pattern is learnt from one object, and only if what it makes
of that object is what decoding and encoding made of it. Whatever fits no pattern goes the usual way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .attributes import key_order, parse_object, string_to_text, to_text

# Plain values have one spelling: strings without escapes, whole numbers that a 64-bit float holds, and words.
_VALUE = r'("[^"\\\x00-\x1f]*"|-?[1-9][0-9]{0,14}|0|true|false|null)'
_BLANKS = r"[ \t\r\n]*"
_PATTERNS_AT_MOST = 4


class FlatObjects:
    """Reads the cells of one column, each an object; it remembers the patterns that it met."""

    def __init__(self) -> None:
        self._patterns: list[Callable[[str], str | None]] = []

    def respelled(self, cell: str) -> str:
        """Return the object in PostgreSQL's spelling, or raise ``BadAttributes``."""
        for pattern in self._patterns:
            text = pattern(cell)
            if text is not None:
                return text
        return to_text(self._read(cell))

    def checked(self, cell: str) -> str:
        """Return the cell as it stands if it holds an object that can be stored, or raise ``BadAttributes``."""
        for pattern in self._patterns:
            if pattern(cell) is not None:
                return cell
        self._read(cell)
        return cell

    def _read(self, cell: str) -> dict[str, Any]:
        parsed = parse_object(cell)
        if parsed and len(self._patterns) < _PATTERNS_AT_MOST:
            pattern = _pattern(cell, list(parsed))
            if pattern(cell) == to_text(parsed):
                self._patterns.append(pattern)
        return parsed


def _pattern(cell: str, keys: list[str]) -> Callable[[str], str | None]:
    """Return what respells objects that differ from ``cell`` in their values alone, blanks included; it answers None to others."""
    names = [re.escape(string_to_text(key)) for key in keys]
    gaps = re.fullmatch(
        rf"({_BLANKS}\{{{_BLANKS})" + rf"({_BLANKS},{_BLANKS})".join(map(_member, names)) + rf"({_BLANKS}\}}{_BLANKS})", cell
    )
    if gaps is None:
        return lambda _cell: None
    # Each member is a gap before its name, a gap before its value, and the value.
    pieces = gaps.groups()
    strict = "".join(re.escape(pieces[3 * n]) + names[n] + re.escape(pieces[3 * n + 1]) + _VALUE for n in range(len(names)))
    match = re.compile(strict + re.escape(pieces[-1])).fullmatch
    order = sorted(range(len(keys)), key=lambda n: key_order(keys[n]))
    spelling = "{" + ", ".join(f"{string_to_text(keys[n])}: ".replace("%", "%%") + "%s" for n in order) + "}"
    places = [n + 1 for n in order]

    def respelled(other: str) -> str | None:
        found = match(other)
        return None if found is None else spelling % (found.group(*places) if len(places) > 1 else (found.group(places[0]),))

    return respelled


def _member(name: str) -> str:
    return rf"{name}({_BLANKS}:{_BLANKS}){_VALUE}"
