# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cron expressions as listmonk reads them (measured on 6.2.0): five fields, no seconds, Sunday is 0 and not 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .go_duration import seconds

FORM = 'a cron expression of five fields (minute, hour, day, month, weekday) such as "0 3 * * *", or @daily, or @every 6h'

_DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ZONE = re.compile(r"(?:CRON_)?TZ=\S+\s+")


@dataclass(frozen=True, kw_only=True)
class _Column:
    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        if text.lower() in self.names:
            return self.names.index(text.lower()) + self.lowest
        if not re.fullmatch(r"[0-9]+", text):
            raise ValueError(f"{text!r} is no {self.name}")
        if not self.lowest <= int(text) <= self.highest:
            raise ValueError(f"{self.name} {text} is not between {self.lowest} and {self.highest}")
        return int(text)


_COLUMNS = (
    _Column(name="minute", lowest=0, highest=59),
    _Column(name="hour", lowest=0, highest=23),
    _Column(name="day", lowest=1, highest=31),
    _Column(name="month", lowest=1, highest=12, names=_MONTHS),
    _Column(name="weekday", lowest=0, highest=6, names=_WEEKDAYS),
)


def refuse_bad_cron(text: str) -> None:
    """``ValueError`` with the reason for an expression that listmonk's scheduler would not accept."""
    expression = _ZONE.sub("", text, count=1) if _ZONE.match(text) else text
    if expression.startswith("@every "):
        if seconds(expression.removeprefix("@every ")) <= 0:
            raise ValueError(f"{expression!r} never comes")
        return
    if expression in _DESCRIPTORS:
        return
    fields = expression.split()
    if len(fields) != len(_COLUMNS):
        raise ValueError(f"{text!r} has {len(fields)} fields")
    for column, field in zip(_COLUMNS, fields):
        for part in field.split(","):
            _refuse_bad_part(column, part)


def _refuse_bad_part(column: _Column, part: str) -> None:
    if part == "L" and column.name == "day":
        return
    span, slash, step = part.partition("/")
    if slash and (not re.fullmatch(r"[0-9]+", step) or int(step) == 0):
        raise ValueError(f"{part!r} needs a step above 0 after the slash")
    if span in ("*", "?"):
        return
    first, dash, last = span.partition("-")
    begin = column.number(first)
    if dash and column.number(last) < begin:
        raise ValueError(f"{span!r} ends before it begins")
