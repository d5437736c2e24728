# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells as JSON values: what the types of a mapped attribute mean.

A converter returns JSON text, or None where an empty cell says nothing; it raises ``BadAttributes`` with the reason.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable

from .attributes import BadAttributes, parse_json, string_to_text, to_text
from .email_address import BLANKS

_WHOLE = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TRUTH = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}


def _string(cell: str) -> str:
    if "\0" in cell:
        raise BadAttributes("holds a NUL character, which cannot be stored")
    return string_to_text(cell)


def _whole(cell: str) -> str | None:
    text = cell.strip(BLANKS)
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or abs(int(text)) > 2**53:
        raise BadAttributes(f"{text!r} is not a whole number (of up to 2 to the power of 53)")
    return str(int(text))


def _decimal(cell: str) -> str | None:
    text = cell.strip(BLANKS)
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
        raise BadAttributes(f"{text!r} is not a number written with a decimal point")
    number = float(text)
    return str(int(number)) if number.is_integer() and abs(number) <= 2**53 else repr(number)


def _truth(cell: str) -> str | None:
    text = cell.strip(BLANKS).casefold()
    if not text:
        return None
    if text not in _TRUTH:
        raise BadAttributes(f"{cell!r} is neither true, yes or 1 nor false, no or 0")
    return _TRUTH[text]


def _list(cell: str) -> str:
    """Words separated by commas, each of them quoted or not; an empty cell is an empty list."""
    if not cell.strip(BLANKS):
        return "[]"
    if "\0" in cell:
        raise BadAttributes("holds a NUL character, which cannot be stored")
    try:
        words = next(csv.reader([cell], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise BadAttributes(f"{cell!r} is not a list of words separated by commas") from error
    return "[" + ", ".join(string_to_text(word.strip(BLANKS)) for word in words) + "]"


def _json(cell: str) -> str | None:
    return to_text(parse_json(cell)) if cell.strip(BLANKS) else None


CONVERTERS: dict[str, Callable[[str], str | None]] = {
    "str": _string,
    "int": _whole,
    "float": _decimal,
    "bool": _truth,
    "list": _list,
    "json": _json,
}
"""By the name of the type."""
