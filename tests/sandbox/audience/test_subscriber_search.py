# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.listmonk.audience.paging import NotAnInteger, Page, ids, integer, order_by
from sandbox.listmonk.audience.subscriber_queries import ALLOWED_TABLES, Search, without_semicolon


def test_the_condition_stands_last_and_bare_so_that_an_or_reaches_over_the_lists() -> None:
    source, _values = Search(condition="a = 1 OR b LIKE '%x'", lists=[1]).source("any")
    assert source.endswith("WHERE subscriber_lists.list_id = ANY(%(lists)s::int[]) AND a = 1 OR b LIKE '%%x'")


def test_a_subscription_status_without_lists_does_not_count() -> None:
    source, _values = Search(subscription_status="confirmed").source("all")
    assert "subscription_status" not in source


def test_one_semicolon_at_the_end_is_forgiven() -> None:
    assert without_semicolon(" x = 1; ") == "x = 1"
    assert without_semicolon("x; y") == "x; y"


def test_tables_with_secrets_are_out_of_bounds() -> None:
    assert ALLOWED_TABLES.isdisjoint({"users", "sessions", "settings", "roles"})


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ({}, 1, 20),
        ({"page": "3", "per_page": "50"}, 3, 50),
        ({"per_page": "all"}, 1, 0),
        ({"per_page": "-1"}, 1, 0),
        ({"per_page": "0", "page": "abc"}, 1, 20),
        ({"per_page": "5000"}, 1, 5000),
    ],
)
def test_pages_have_no_largest_size_and_nonsense_is_the_first_page(query: dict[str, str], number: int, size: int) -> None:
    page = Page.of(query)
    assert (page.number, page.size, page.offset, page.limit) == (number, size, (number - 1) * size, str(size) if size else None)


def test_an_unknown_order_is_the_default_one_descending() -> None:
    assert order_by({"order_by": "name", "order": "asc"}, ("name",), "id") == "name asc"
    assert order_by({"order_by": "name; DROP TABLE lists", "order": "sideways"}, ("name",), "id") == "id desc"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", 'strconv.Atoi: parsing "abc": invalid syntax'),
        ("9" * 30, f'strconv.Atoi: parsing "{"9" * 30}": value out of range'),
        ("0", "0 is not a valid ID"),
    ],
)
def test_a_bad_id_is_named(text: str, message: str) -> None:
    with pytest.raises(NotAnInteger) as raised:
        ids([text])
    assert str(raised.value) == message
    assert integer("+7") == 7
