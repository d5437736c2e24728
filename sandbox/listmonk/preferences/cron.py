# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cron expressions of five fields, as listmonk's scheduler reads them."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..go_template.dates import duration_problem, parsed_duration
from ..go_template.strings import quote

_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = "sun mon tue wed thu fri sat".split()
_FIELDS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, tuple(_MONTHS)),
    (0, 6, tuple(_DAYS)),
)
_PART = re.compile(r"(?P<span>\*|\?|[^-/]*(?:-[^-/]+)?)(?:/(?P<step>\d+))?")


class CronError(ValueError):
    pass


def check_cron(expression: str) -> None:
    """Raises CronError with the reason."""
    if not expression:
        raise CronError("empty spec string")
    if expression.startswith(("TZ=", "CRON_TZ=")):
        place, _, expression = expression.partition("=")[2].partition(" ")
        _check_zone(place)
        expression = expression.strip()
    if expression.startswith("@"):
        _check_descriptor(expression)
        return
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        raise CronError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    for field, (low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            _check_part(part, low, high, names)


def _check_descriptor(expression: str) -> None:
    if expression.startswith("@every "):
        text = expression.removeprefix("@every ")
        delay = parsed_duration(text)
        if delay is None:
            raise CronError(f"failed to parse duration {expression}: {duration_problem(text)}")
        if delay < timedelta(seconds=1):
            raise CronError(f"delay must be at least one second but was {text}")
        if delay % timedelta(seconds=1):
            raise CronError(f"delay must be a multiple of one second but was {text}")
    elif expression not in _DESCRIPTORS:
        raise CronError(f"unrecognized descriptor: {expression}")


def _check_zone(place: str) -> None:
    try:
        ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError):
        raise CronError(f"provided bad location {place}: unknown time zone {place}") from None


def _check_part(part: str, low: int, high: int, names: tuple[str, ...]) -> None:
    found = _PART.fullmatch(part)
    if found is None:
        raise CronError(f"{part}: invalid expression")
    if found["step"] is not None and not int(found["step"]):
        raise CronError("step should be > 0, got 0")
    if found["span"] in ("*", "?"):
        return
    ends = [_number(text, low, names) for text in found["span"].split("-")]
    for value in ends:
        if not low <= value <= high:
            raise CronError(f"{part}: value {value} out of valid range [{low}, {high}]")
    if ends[0] > ends[-1]:
        raise CronError(f"{part}: beginning of range ({ends[0]}) beyond end of range ({ends[-1]})")


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    if text.lower() in names:
        return names.index(text.lower()) + low
    if not text.isdigit():
        raise CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {quote(text)}: invalid syntax")
    return int(text)
