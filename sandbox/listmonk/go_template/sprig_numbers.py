# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sprig's functions on numbers, dates and defaults."""

from __future__ import annotations

import math
import re
import secrets
import uuid
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .dates import duration_text, formatted, parsed_duration
from .errors import FunctionError
from .functions import GoFunction, function_map
from .values import Struct, is_true, printed, type_name


def to_float(value: Any) -> float:
    try:
        return float(value) if isinstance(value, bool | int | float | str) else 0.0
    except ValueError:
        return 0.0


def to_int(value: Any) -> int:
    """As the library under sprig: what is no number counts as 0, fractions are cut off."""
    if isinstance(value, str):
        found = re.fullmatch(r"[+-]?\d+", value) or re.fullmatch(r"([+-]?\d+)\.\d*", value)
        return int(found[0].partition(".")[0]) if found else 0
    return int(value) if isinstance(value, bool | int | float) else 0


def atoi(text: str) -> int:
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else 0


def add(*values: Any) -> int:
    return sum(map(to_int, values))


def add1(value: Any) -> int:
    return to_int(value) + 1


def sub(first: Any, other: Any) -> int:
    return to_int(first) - to_int(other)


def mul(first: Any, *others: Any) -> int:
    return math.prod([to_int(first), *map(to_int, others)])


def div(first: Any, other: Any) -> int:
    if not to_int(other):
        raise FunctionError("runtime error: integer divide by zero")
    quotient = abs(to_int(first)) // abs(to_int(other))  # Go cuts towards zero
    return quotient if (to_int(first) < 0) == (to_int(other) < 0) else -quotient


def mod(first: Any, other: Any) -> int:
    if not to_int(other):
        raise FunctionError("runtime error: integer divide by zero")
    return int(math.fmod(to_int(first), to_int(other)))


def addf(*values: Any) -> float:
    return math.fsum(map(to_float, values))


def add1f(value: Any) -> float:
    return to_float(value) + 1


def subf(first: Any, *others: Any) -> float:
    return to_float(first) - math.fsum(map(to_float, others))


def mulf(first: Any, *others: Any) -> float:
    return math.prod([to_float(first), *map(to_float, others)])


def divf(first: Any, *others: Any) -> float:
    value = to_float(first)
    for other in others:
        if not to_float(other):
            raise FunctionError("decimal division by 0")
        value /= to_float(other)
    return value


def max_(first: Any, *others: Any) -> int:
    return max(map(to_int, (first, *others)))


def min_(first: Any, *others: Any) -> int:
    return min(map(to_int, (first, *others)))


def maxf(first: Any, *others: Any) -> float:
    return max(map(to_float, (first, *others)))


def minf(first: Any, *others: Any) -> float:
    return min(map(to_float, (first, *others)))


def floor(value: Any) -> float:
    return float(math.floor(to_float(value)))


def ceil(value: Any) -> float:
    return float(math.ceil(to_float(value)))


def round_(value: Any, digits: int, *threshold: float) -> float:
    scaled = to_float(value) * 10**digits
    rest = scaled - math.trunc(scaled)
    whole = math.ceil(scaled) if rest >= (threshold[0] if threshold else 0.5) else math.floor(scaled)
    return float(whole / 10**digits)


def until(count: int) -> list:  # type: ignore[type-arg]  # the bare type is the Go signature
    return list(range(0, count, 1 if count >= 0 else -1))


def until_step(start: int, stop: int, step: int) -> list:  # type: ignore[type-arg]
    return list(range(start, stop, step)) if step else []


def seq(*numbers: int) -> str:
    match numbers:
        case (stop,):
            start, step = 1, 1 if stop >= 1 else -1
        case (start, stop):
            step = 1 if stop >= start else -1
        case (start, step, stop):
            pass
        case _:
            return ""
    return " ".join(map(str, range(start, stop + (1 if step > 0 else -1), step))) if step else ""


def rand_int(low: int, high: int) -> int:
    return low + secrets.randbelow(high - low)


def default(fallback: Any, *given: Any) -> Any:
    return given[0] if given and not empty(given[0]) else fallback


def empty(value: Any) -> bool:
    return not isinstance(value, Struct) and not is_true(value)


def coalesce(*values: Any) -> Any:
    return next((value for value in values if not empty(value)), None)


def all_(*values: Any) -> bool:
    return not any(map(empty, values))


def any_(*values: Any) -> bool:
    return not all(map(empty, values))


def ternary(yes: Any, no: Any, condition: bool) -> Any:
    return yes if condition else no


def fail(message: str) -> str:
    raise FunctionError(message)


def type_of(value: Any) -> str:
    return type_name(value)


def type_is(name: str, value: Any) -> bool:
    return name == type_name(value)


def type_is_like(name: str, value: Any) -> bool:
    return name in (type_name(value), "*" + type_name(value))


def kind_of(value: Any) -> str:
    if isinstance(value, Struct):
        return "ptr" if value.type_name.startswith("*") else "struct"
    for kind, types in (("map", dict), ("slice", (list, tuple)), ("string", str), ("bool", bool)):
        if isinstance(value, types):
            return kind
    return "invalid" if value is None else type_name(value)


def kind_is(kind: str, value: Any) -> bool:
    return kind == kind_of(value)


def now() -> datetime:
    return datetime.now().astimezone()


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    return now()


def _zone(name: str) -> tzinfo | None:
    if name == "Local":
        return None
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def date(layout: str, moment: Any) -> str:
    return date_in_zone(layout, moment, "Local")


def date_in_zone(layout: str, moment: Any, zone: str) -> str:
    return formatted(_moment(moment).astimezone(_zone(zone)), layout)


def html_date(moment: Any) -> str:
    return date("2006-01-02", moment)


def html_date_in_zone(moment: Any, zone: str) -> str:
    return date_in_zone("2006-01-02", moment, zone)


def date_modify(change: str, moment: Any) -> datetime:
    return _moment(moment) + (parsed_duration(change) or timedelta())


def ago(moment: Any) -> str:
    return duration_text(now() - _moment(moment))


def duration(seconds: Any) -> str:
    return duration_text(timedelta(seconds=to_int(seconds)))


def unix_epoch(moment: Any) -> str:
    return str(int(_moment(moment).timestamp()))


def uuidv4() -> str:
    return str(uuid.uuid4())


def hello() -> str:
    return "Hello!"


def deep_equal(first: Any, other: Any) -> bool:
    return type_name(first) == type_name(other) and printed(first) == printed(other)


NUMBERS: dict[str, GoFunction] = function_map(
    add, add1, sub, mul, div, mod, addf, add1f, subf, mulf, divf, max_, min_, maxf, minf, floor, ceil, round_, until, seq, atoi, default,
    empty, coalesce, all_, any_, ternary, fail, now, date, ago, duration, uuidv4, hello, biggest=max_, untilStep=until_step,
    int=to_int, int64=to_int, float64=to_float, randInt=rand_int, typeOf=type_of, typeIs=type_is, typeIsLike=type_is_like,
    kindOf=kind_of, kindIs=kind_is, dateInZone=date_in_zone, date_in_zone=date_in_zone, htmlDate=html_date,
    htmlDateInZone=html_date_in_zone, dateModify=date_modify, date_modify=date_modify, mustDateModify=date_modify,
    must_date_modify=date_modify, unixEpoch=unix_epoch, deepEqual=deep_equal,
)  # fmt: skip
