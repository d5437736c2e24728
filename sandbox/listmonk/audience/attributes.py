# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A subscriber's attributes: JSON objects that went through Go's decoder, which knows one kind of number and no broken text."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any, NoReturn

from .unmarshalling import UnmarshalError, unmarshalled

_EXACT = 2**53
_SURROGATES = re.compile("[\ud800-\udfff]")
# What can come out of Go other than it went in: fractions, exponents, long numbers, half surrogate pairs.
_CHANGED_BY_GO = re.compile(r"[0-9][.eE]|[0-9]{16}|[\ud800-\udfff]|\\u[dD][89a-fA-F]")


class _TooLarge(ValueError):
    pass


def stored(text: str) -> str:
    """The JSON that listmonk stores of the attributes in a CSV column. Raises UnmarshalError with Go's message."""
    value = decoded(text)
    return text if _CHANGED_BY_GO.search(text) is None else json.dumps(value, ensure_ascii=False)


def decoded(text: str) -> dict[str, Any] | None:
    """The attributes in a CSV column; null is None. Raises UnmarshalError with Go's message."""
    try:
        value = _DECODER.decode(text)
    except _TooLarge as number:
        raise UnmarshalError(f"json: cannot unmarshal number {number} into Go value of type float64") from None
    except RecursionError:
        raise UnmarshalError("exceeded max depth") from None
    except ValueError:
        return _refused(text)
    if value is None or isinstance(value, dict):
        return value if _CHANGED_BY_GO.search(text) is None else normalised(value)
    return _refused(text)


def normalised(value: Any) -> Any:
    """The value as Go would have it after decoding: numbers are 64-bit floats, half surrogate pairs are U+FFFD."""
    if isinstance(value, dict):
        return {normalised(key): normalised(member) for key, member in value.items()}
    if isinstance(value, list):
        return [normalised(member) for member in value]
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, float):
        return _shown(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return _shown(float(value))
    return value


def _refused(text: str) -> NoReturn:
    node = unmarshalled(text.encode("utf-8", "replace"))
    raise UnmarshalError(f"json: cannot unmarshal {node.kind} into Go value of type models.JSON")


def _integer(text: str) -> int | float:
    number = int(text) if len(text) < 400 else 10**400
    return number if abs(number) <= _EXACT else _real(text)


def _real(text: str) -> int | float:
    number = float(text)
    if math.isinf(number):
        raise _TooLarge(text)
    return _shown(number)


def _shown(number: float) -> int | float:
    """Go writes whole numbers without a fraction, with zeros behind the digits that count."""
    exact = Decimal(repr(number))
    return int(exact) if exact == exact.to_integral_value() else number


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_real, parse_constant=_no_constant)
