# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Go's fmt.Sprintf, as far as templates use it: %v %s %d %q %t %T %f %e %g %x %X %o %b %c %U, flags, width and precision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .strings import quote
from .values import printed, type_name

_VERB = re.compile(r"%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(.)?", re.S)
_RADIX = {"d": "d", "x": "x", "X": "X", "o": "o", "b": "b"}


def sprintf(form: str, values: Sequence[Any]) -> str:
    rest = list(values)

    def one(found: re.Match[str]) -> str:
        flags, width, precision, verb = found[1], found[2], found[3], found[4]
        if verb == "%":
            return "%"
        if verb is None:
            return "%!(NOVERB)"
        if width == "*":
            width = str(rest.pop(0)) if rest else ""
        if not rest:
            return f"%!{verb}(MISSING)"
        has_precision = "." in found[0]
        text = _formatted(rest.pop(0), verb, flags, int(precision or 0) if has_precision else None)
        return _padded(text, flags, int(width or 0), verb)

    out = _VERB.sub(one, form)
    if rest:
        out += "%!(EXTRA " + ", ".join(f"{type_name(value)}={printed(value)}" for value in rest) + ")"
    return out


def _padded(text: str, flags: str, width: int, verb: str) -> str:
    missing = width - len(text)
    if missing <= 0:
        return text
    if "-" in flags:
        return text + " " * missing
    if "0" in flags and verb not in "sqvT":
        sign = text[:1] if text[:1] in "+-" else ""
        return sign + "0" * missing + text[len(sign) :]
    return " " * missing + text


def _formatted(value: Any, verb: str, flags: str, precision: int | None) -> str:
    plus = "+" if "+" in flags else ""
    if verb == "T":
        return type_name(value)
    if isinstance(value, bool):
        return printed(value) if verb in "vt" else _wrong(value, verb)
    if isinstance(value, int):
        if verb == "v":
            return f"{value:{plus}d}"
        if verb in _RADIX:
            return f"{value:{plus}{'#' if '#' in flags else ''}{_RADIX[verb]}}"
        if verb == "U":
            return f"U+{value:04X}"
        return chr(value) if verb == "c" else quote(chr(value), "'") if verb == "q" else _wrong(value, verb)
    if isinstance(value, float):
        return _float(value, verb, plus, precision)
    if isinstance(value, str):
        return _text(value, verb, precision)
    if value is None:
        return "<nil>" if verb == "v" else f"%!{verb}(<nil>)"
    if isinstance(value, list | tuple) and verb not in "v":
        return "[" + " ".join(_formatted(item, verb, flags, precision) for item in value) + "]"
    return printed(value)


def _float(value: float, verb: str, plus: str, precision: int | None) -> str:
    if verb in "vg" and precision is None:
        return (plus if value >= 0 else "") + printed(value)
    if verb in "eEfFgGv":
        digits = 6 if precision is None else precision
        return f"{value:{plus}.{digits}{'g' if verb == 'v' else verb}}"
    return _wrong(value, verb)


def _text(value: str, verb: str, precision: int | None) -> str:
    text = value if precision is None else value[:precision]
    if verb in "sv":
        return str(text)
    if verb == "q":
        return quote(text)
    if verb in "xX":
        digits = text.encode().hex()
        return digits.upper() if verb == "X" else digits
    return _wrong(value, verb)


def _wrong(value: Any, verb: str) -> str:
    return f"%!{verb}({type_name(value)}={printed(value)})"
