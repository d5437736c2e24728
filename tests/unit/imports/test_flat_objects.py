# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects respelled by their pattern are what decoding and encoding makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.attributes import BadAttributes, parse_object, to_text
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.flat_objects import FlatObjects

PLAIN = st.one_of(
    st.text(max_size=8), st.integers(-(2**53), 2**53), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
OBJECTS = st.dictionaries(st.text(max_size=5), st.one_of(PLAIN, st.lists(PLAIN, max_size=2)), max_size=4)
LIKE_THE_FIRST = '{"town": "Graz", "rating": 3, "id": "C-1"}'


def spelled(value: Any, *, ascii_only: bool, tight: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":") if tight else None)


@given(st.lists(OBJECTS, min_size=1, max_size=6), st.booleans(), st.booleans())
@example([{"a": 1}, {"a": "1"}, {"a": 1.0}, {"a": -1}, {"a": 0}], False, False)
@example([{"100 %": "%s"}, {"100 %": "\\"}, {"a.b": 1, "a\nb": 2}], False, True)
def test_a_column_is_read_as_if_each_cell_stood_alone(objects: list[dict[str, Any]], ascii_only: bool, tight: bool) -> None:
    column = FlatObjects()
    for value in objects * 2:
        cell = spelled(value, ascii_only=ascii_only, tight=tight)
        try:
            alone = to_text(parse_object(cell))
        except BadAttributes as error:
            with pytest.raises(BadAttributes, match=str(error)[:20]):
                column.respelled(cell)
            continue
        assert (column.respelled(cell), column.checked(cell)) == (alone, cell)


@pytest.mark.parametrize(
    "cell",
    [
        '{"town": "Graz", "rating": 3, "id": "C-1"',
        '{"town": "Graz", "rating": 03, "id": "C-1"}',
        '{"town": "Graz", "rating": 12345678901234567890, "id": "C-1"}',
        '{"town": "Gr\naz", "rating": 3, "id": "C-1"}',
        '{"town": "\\u0000", "rating": 3, "id": "C-1"}',
        '{"town": "Graz", "rating": NaN, "id": "C-1"}',
        '["town", "Graz"]',
    ],
)
def test_what_cannot_be_stored_is_refused_also_when_it_looks_like_the_rows_before(cell: str) -> None:
    column = FlatObjects()
    column.respelled(LIKE_THE_FIRST)
    for read in (column.respelled, column.checked):
        with pytest.raises(BadAttributes):
            read(cell)


def test_the_same_key_twice_is_read_as_json_reads_it() -> None:
    column = FlatObjects()
    column.respelled('{"a": 1}')
    assert column.respelled('{"a": 1, "a": 2}') == '{"a": 2}'


def test_keys_are_put_in_order_also_when_a_value_looks_like_a_key() -> None:
    column = FlatObjects()
    column.respelled(LIKE_THE_FIRST)
    assert column.respelled('{"town": "id: 3", "rating": 4, "id": "town: 1"}') == '{"id": "town: 1", "town": "id: 3", "rating": 4}'
