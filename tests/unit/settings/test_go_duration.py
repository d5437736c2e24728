# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations: what Go would not parse keeps listmonk from starting."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.go_duration import seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15s", 15),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("500ms", Fraction(1, 2)),
        ("0", 0),
        ("-5s", -5),
        (".5s", Fraction(1, 2)),
        ("1µs", Fraction(1, 10**6)),
    ],
)
def test_a_duration_is_read_as_go_reads_it(text: str, length: Fraction) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "1d", "15", "s", "1 s", "1h 30m", "fifteen", "1s2", "٣s", "1S"])
def test_what_go_does_not_parse_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(ValueError, match="there is none for days"):
        seconds(text)


@given(st.integers(0, 1000), st.integers(0, 59), st.integers(0, 59))
def test_parts_add_up(hours: int, minutes: int, rest: int) -> None:
    assert seconds(f"{hours}h{minutes}m{rest}s") == hours * 3600 + minutes * 60 + rest
