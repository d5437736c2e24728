# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Go's time layouts ("Mon Jan 2 15:04:05 2006") and durations ("1h30m")."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from .strings import quote

ANSIC = "Mon Jan _2 15:04:05 2006"

_PIECE = re.compile(
    r"January|Jan|Monday|Mon|MST|-07:00:00|-070000|-07:00|-0700|-07|Z07:00|Z0700|Z07"
    r"|2006|__2|_2|002|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5"
)
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def formatted(moment: datetime, layout: str) -> str:
    """time.Format."""
    return _PIECE.sub(lambda found: _piece(moment, found[0]), layout)


def _piece(moment: datetime, piece: str) -> str:
    if piece[0] in ".,":
        digits = f"{moment.microsecond:06d}000"[: len(piece) - 1]
        if piece[1] == "9":
            digits = digits.rstrip("0")
        return piece[0] + digits if digits else ""
    if piece in _ZONES:
        return _offset(moment, piece)
    return _PIECES[piece](moment)


def _english(moment: datetime, names: str, number: int, length: int | None) -> str:
    return names.split()[number][:length]


_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_ZONES = frozenset({"-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00", "Z0700", "Z07"})
_PIECES: dict[str, Callable[[datetime], str]] = {
    "January": lambda m: _english(m, _MONTHS, m.month - 1, None),
    "Jan": lambda m: _english(m, _MONTHS, m.month - 1, 3),
    "Monday": lambda m: _english(m, _DAYS, m.weekday(), None),
    "Mon": lambda m: _english(m, _DAYS, m.weekday(), 3),
    "MST": lambda m: m.tzname() or "UTC",
    "2006": lambda m: f"{m.year:04d}",
    "06": lambda m: f"{m.year % 100:02d}",
    "01": lambda m: f"{m.month:02d}",
    "1": lambda m: str(m.month),
    "02": lambda m: f"{m.day:02d}",
    "_2": lambda m: f"{m.day:2d}",
    "2": lambda m: str(m.day),
    "002": lambda m: f"{m.timetuple().tm_yday:03d}",
    "__2": lambda m: f"{m.timetuple().tm_yday:3d}",
    "15": lambda m: f"{m.hour:02d}",
    "03": lambda m: f"{(m.hour + 11) % 12 + 1:02d}",
    "3": lambda m: str((m.hour + 11) % 12 + 1),
    "04": lambda m: f"{m.minute:02d}",
    "4": lambda m: str(m.minute),
    "05": lambda m: f"{m.second:02d}",
    "5": lambda m: str(m.second),
    "PM": lambda m: "PM" if m.hour >= 12 else "AM",
    "pm": lambda m: "pm" if m.hour >= 12 else "am",
}


def _offset(moment: datetime, piece: str) -> str:
    offset = moment.utcoffset() or timedelta()
    seconds = int(offset.total_seconds())
    if piece.startswith("Z") and not seconds:
        return "Z"
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    parts = [f"{seconds // 3600:02d}", f"{seconds // 60 % 60:02d}", f"{seconds % 60:02d}"]
    count = sum(character.isdigit() for character in piece) // 2
    return sign + (":" if ":" in piece else "").join(parts[:count])


def parsed_duration(text: str) -> timedelta | None:
    """time.ParseDuration; None where Go says "invalid duration"."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return timedelta()
    if not rest or _DURATION.sub("", rest):
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(rest))
    return sign * timedelta(seconds=seconds)


def duration_problem(text: str) -> str:
    """Why parsed_duration() gives None, as time.ParseDuration says it."""
    shown = quote(text)
    rest = text.lstrip("+-")
    while rest:
        number = re.match(r"\d+\.?\d*|\.\d+", rest)
        if number is None:
            break
        unit = re.match(r"[^.\d]*", rest[number.end() :])
        if unit is None or not unit[0]:
            return f"time: missing unit in duration {shown}"
        if unit[0] not in _UNITS:
            return f"time: unknown unit {quote(unit[0])} in duration {shown}"
        rest = rest[number.end() + unit.end() :]
    return f"time: invalid duration {shown}"


def duration_text(duration: timedelta) -> str:
    """time.Duration's String, for whole seconds: 1h2m3s."""
    total = int(duration.total_seconds())
    sign, total = ("-", -total) if total < 0 else ("", total)
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}s"
    return f"{sign}{minutes}m{seconds}s" if minutes else f"{sign}{seconds}s"
