# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes: JSON objects in PostgreSQL's own spelling, so that equal objects are equal texts.

listmonk stores attributes as ``jsonb`` and its export prints what PostgreSQL prints: keys by length, then by bytes, one
blank after each comma and colon. Writing the same spelling makes the usual comparison a comparison of two texts.
"""

from __future__ import annotations

import json
import json.encoder
import math
import re
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any, NoReturn

# listmonk decodes every number as a 64-bit float (6.2.0, measured: 12345678901234567890 came back as …567000).
_LARGEST_EXACT = 2**53


_REMEMBERED_ORDERS = 1000
_orders: dict[tuple[str, ...], tuple[str, ...]] = {}  # the rows of a file mostly have the same keys


class BadAttributes(ValueError):
    """``str(error)`` is the reason why this object cannot be stored as it is written."""


def parse_object(cell: str) -> dict[str, Any]:
    """Return the JSON object in ``cell``; anything else than an object that listmonk keeps unchanged is refused."""
    value = parse_json(cell)
    if not isinstance(value, dict):
        raise BadAttributes("the attributes are not a JSON object")
    return value


def parse_json(cell: str) -> Any:
    """Return the JSON value in ``cell``, or raise ``BadAttributes``."""
    unusual = _UNUSUAL.search(cell)
    if not unusual:
        try:  # without the detours of json.loads, which cost as much as the reading itself
            value, end = _QUICK.raw_decode(cell)
        except (ValueError, RecursionError):
            end = -1
        if end == len(cell):
            return value
    try:
        value = (_CAREFUL if unusual else _QUICK).decode(cell)
    except BadAttributes:
        raise
    except (ValueError, RecursionError) as error:
        raise BadAttributes("the cell does not hold valid JSON") from error
    if unusual:
        refuse_unstorable(value)
    return value


def refuse_unstorable(value: Any) -> None:
    """NUL and half surrogate pairs: one of them in one row makes listmonk drop a batch of up to 10,000 rows or change the text."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise BadAttributes("holds a character that cannot be stored (NUL or half of a surrogate pair)")
    elif isinstance(value, dict):
        for key, member in value.items():
            refuse_unstorable(key)
            refuse_unstorable(member)
    elif isinstance(value, list):
        for member in value:
            refuse_unstorable(member)


def to_text(value: Any) -> str:
    """Return ``value`` in the spelling of PostgreSQL's ``jsonb``."""
    return _encode(_ordered(value))


def _encoder() -> Callable[[Any], str]:
    """The standard library's encoder, made once: JSONEncoder makes another one for each value, which costs as much as the encoding."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(ensure_ascii=False).encode
    chunks = make(None, _not_json, encode_basestring, None, ": ", ", ", False, False, True)
    return lambda value: "".join(chunks(value, 0))


def _not_json(value: Any) -> NoReturn:
    raise TypeError(f"{type(value).__name__} is not a JSON value")


_encode = _encoder()


def key_order(key: str) -> tuple[int, bytes]:
    """How ``jsonb`` sorts the keys of an object."""
    encoded = key.encode()
    return len(encoded), encoded


string_to_text = encode_basestring
"""A JSON string in the same spelling (the C function of the standard library)."""


def same_object(one: str, other: str) -> bool:
    """Tell whether two JSON texts hold the same value for listmonk, to which 1, 1.0 and 1e0 are one number."""
    return one == other or _comparable(one) == _comparable(other)


def held_object(text: str) -> dict[str, Any]:
    """Return what an export holds; JSON ``null`` is how listmonk stores absent attributes."""
    value = json.loads(text) if text else None
    return value if isinstance(value, dict) else {}


def _comparable(text: str) -> str:
    return to_text(json.loads(text, parse_int=float) if text and text != "null" else {})


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        keys = tuple(value)
        order = _orders.get(keys)
        if order is None:
            order = tuple(sorted(keys, key=key_order))
            if len(_orders) < _REMEMBERED_ORDERS:
                _orders[keys] = order
        return {key: _ordered(member) if (member := value[key]).__class__ in _CONTAINERS else member for key in order}
    if isinstance(value, list):
        return [_ordered(member) for member in value]
    return value


def _exact_integer(digits: str) -> int:
    number = int(digits)
    if abs(number) > _LARGEST_EXACT:
        raise BadAttributes("holds a whole number that listmonk would round (larger than 2 to the power of 53); write it in quotes")
    return number


def _finite_number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadAttributes("holds a number that is too large")
    return number


def _no_constant(name: str) -> NoReturn:
    raise BadAttributes(f"holds {name}, which JSON does not know")


# What the quick decoder would let through although listmonk does not keep it: looked at again, number by number.
_UNUSUAL = re.compile(r"\d{16}|\d[eE]|NaN|Infinity|\\u")
_QUICK = json.JSONDecoder()
_CAREFUL = json.JSONDecoder(parse_int=_exact_integer, parse_float=_finite_number, parse_constant=_no_constant)
_CONTAINERS = (dict, list)
