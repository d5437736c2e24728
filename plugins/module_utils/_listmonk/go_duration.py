# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as Go writes them: listmonk stores the text as it is and parses it when it starts."""

from __future__ import annotations

import re
from fractions import Fraction

FORM = "a duration such as 500ms, 15s, 5m or 1h30m (units ns, us, ms, s, m and h; there is none for days, write 24h)"

_SECONDS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_WHOLE = re.compile(rf"[-+]?(?:0|(?:{_PART.pattern})+)")


def seconds(text: str) -> Fraction:
    """The length in seconds; ``ValueError`` for what Go's ``time.ParseDuration`` does not understand."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not {FORM}")
    length = sum((Fraction(number) * _SECONDS[unit] for number, unit in _PART.findall(text)), Fraction(0))
    return -length if text.startswith("-") else length
