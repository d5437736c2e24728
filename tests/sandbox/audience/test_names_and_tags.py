# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.listmonk.audience.names import name_of
from sandbox.listmonk.audience.tags import normalised

# What a real 6.2.0 made of these local parts.
NAMES = {
    "jane.doe": "Jane Doe",
    "a+b": "A+B",
    "john_smith-99.x": "John_smith-99 X",
    "o'brien": "O'brien",
    "jean-luc.picard": "Jean-Luc Picard",
    "99x": "99X",
    "_x": "_X",
    "a:b": "A:b",
    "é.à": "É À",
    "ßx": "Ssx",
    "日本x": "日本X",
    "..a..": "A",
}


@pytest.mark.parametrize(("local_part", "name"), NAMES.items())
def test_a_nameless_subscriber_is_named_after_the_local_part(local_part: str, name: str) -> None:
    assert name_of("  ", f"{local_part}@example.com") == name


def test_a_name_is_trimmed_and_otherwise_left_alone() -> None:
    assert name_of("  ada  LOVELACE ", "x@example.com") == "ada  LOVELACE"


def test_tags_are_trimmed_and_dashed_but_keep_case_order_and_duplicates() -> None:
    assert normalised(["  Padded ", "two words", "a  b", "", "   ", "Dup", "Dup", "ünï", "a\tb\nc"]) == [
        "Padded",
        "two-words",
        "a-b",
        "Dup",
        "Dup",
        "ünï",
        "a-b-c",
    ]
