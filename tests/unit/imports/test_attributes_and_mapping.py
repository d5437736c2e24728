# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes and mapped columns: what a cell becomes, and what would be lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.attributes import (
    BadAttributes,
    held_object,
    parse_object,
    same_object,
    to_text,
)
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.mapping import Mapping, parse_columns, resolve
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.reader import Table
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.source import opened
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.values import CONVERTERS

LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
STORABLE = LEAVES.filter(lambda leaf: not isinstance(leaf, str) or "\0" not in leaf)
KEYS = st.text(max_size=4).filter(lambda key: "\0" not in key)
OBJECTS = st.dictionaries(
    KEYS, st.recursive(STORABLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
)


@given(OBJECTS)
def test_an_object_survives_being_written_and_read(value: dict[str, Any]) -> None:
    assert parse_object(to_text(value)) == value
    assert to_text(parse_object(to_text(value))) == to_text(value)


@given(OBJECTS)
def test_objects_are_the_same_however_they_are_spelled(value: dict[str, Any]) -> None:
    assert same_object(json.dumps(value, indent=1, sort_keys=True), to_text(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"bb": 1, "a": 2, "c": {"yy": [], "x": None}}, '{"a": 2, "c": {"x": null, "yy": []}, "bb": 1}'),
        ({"ü": "ä<>&/\n"}, '{"ü": "ä<>&/\\n"}'),
        ({"zz": 1, "ü": 1, "a": True}, '{"a": true, "zz": 1, "ü": 1}'),
    ],
)
def test_objects_are_spelled_as_postgresql_spells_them(value: dict[str, Any], text: str) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a": 1}', '{"a":1.0}', True),
        ('{"a": 1e30}', '{"a": 1000000000000000000000000000000}', True),
        ("null", "{}", True),
        ("", "{}", True),
        ('{"a": 1}', '{"a": true}', False),
        ('{"a": 1}', '{"a": "1"}', False),
        ('{"a": null}', "{}", False),
    ],
)
def test_numbers_are_compared_as_the_server_keeps_them(one: str, other: str, same: bool) -> None:
    assert same_object(one, other) is same


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("[1, 2]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("{k: 1}", "valid JSON"),
        ("{'k': 1}", "valid JSON"),
        ('{"k": 1} x', "valid JSON"),
        ('{"k": "a' + chr(10) + 'b"}', "valid JSON"),
        ("[" * 100_000, "valid JSON"),
        ('{"k": NaN}', "NaN"),
        ('{"k": -Infinity}', "Infinity"),
        ('{"k": 1e400}', "too large"),
        ('{"k": 12345678901234567890}', "round"),
        ('{"k": 9007199254740993}', "round"),
        (r'{"k": "\u0000"}', "cannot be stored"),
        (r'{"\u0000": 1}', "cannot be stored"),
        (r'{"k": [{"l": "\ud800"}]}', "cannot be stored"),
    ],
)
def test_what_the_server_would_drop_round_or_choke_on_is_refused(cell: str, reason: str) -> None:
    with pytest.raises(BadAttributes, match=reason):
        parse_object(cell)


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse_object(r'{"k": "\ud83d\ude00"}') == {"k": "\U0001f600"}


def test_attributes_that_the_server_holds_as_null_are_none() -> None:
    assert held_object("null") == held_object("") == held_object("{}") == {}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("str", " a ", " a "),
        ("str", "", ""),
        ("int", " 007 ", 7),
        ("int", "-3", -3),
        ("int", "", None),
        ("float", "1.50", 1.5),
        ("float", "2", 2),
        ("float", ".5e1", 5),
        ("float", " ", None),
        ("bool", "Yes", True),
        ("bool", "0", False),
        ("bool", "", None),
        ("list", "", []),
        ("list", "vip, early", ["vip", "early"]),
        ("list", '"Kunde","Messe, 2024"', ["Kunde", "Messe, 2024"]),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("json", "", None),
    ],
)
def test_a_cell_becomes_a_value_of_its_type(kind: str, cell: str, value: Any) -> None:
    text = CONVERTERS[kind](cell)
    assert (None if text is None else json.loads(text)) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("str", "a\0"),
        ("int", "1.5"),
        ("int", "1 234"),
        ("int", "١"),
        ("int", "9007199254740993"),
        ("float", "1,5"),
        ("float", "nan"),
        ("float", "1e999"),
        ("bool", "maybe"),
        ("list", '"a"b'),
        ("list", "a\0"),
        ("json", "{a}"),
    ],
)
def test_a_cell_that_is_not_of_its_type_is_refused(kind: str, cell: str) -> None:
    with pytest.raises(BadAttributes):
        CONVERTERS[kind](cell)


def mapped(folder: Path, header: str, columns: dict[str, Any] | None, **others: Any) -> Mapping:
    path = folder / "people.csv"
    path.write_text(header + "\n", encoding="utf-8")
    wish = parse_columns(columns, others.get("constants"), others.get("consent"), others.get("deleted"))
    with opened(str(path), file_format="auto", member=None, encoding="auto") as source:
        return resolve(wish, Table(source, delimiter=None, wanted=wish.wanted))


def test_without_a_mapping_listmonks_own_headers_are_used_and_two_of_them_may_be_missing(tmp_path: Path) -> None:
    assert mapped(tmp_path, "email", None).name == ()
    own = mapped(tmp_path, "attributes,name,email", None)
    assert (own.email, own.name) == (2, (1,))
    assert own.attributes(['{"b": 1, "a": 2}', "", ""]) == '{"a": 2, "b": 1}'
    assert own.attributes(["", "", ""]) is None


def test_attributes_are_put_together_from_columns_and_constants(tmp_path: Path) -> None:
    columns = {
        "email": "Mail",
        "attributes": {"tags": {"column": "Tags", "type": "list"}, "n": {"column": "Nr", "type": "int"}, "town": "Ort"},
    }
    found = mapped(tmp_path, "Mail,Tags,Nr,Ort", columns, constants={"source": "crm"})
    assert (
        found.attributes(["a@x.com", "vip", "4", 'Graz "West"']) == '{"n": 4, "tags": ["vip"], "town": "Graz \\"West\\"", "source": "crm"}'
    )
    assert found.attributes(["a@x.com", "", "", ""]) == '{"tags": [], "town": "", "source": "crm"}'
    with pytest.raises(BadAttributes, match="attribute n"):
        found.attributes(["a@x.com", "", "four", ""])


@pytest.mark.parametrize(
    ("header", "columns", "part"),
    [
        ("mail,name", None, "'email' for the e-mail address. It has 2 columns, separated by comma: 'mail', 'name'"),
        ("email,email", None, "2 columns headed 'email'"),
        ("email", {"email": "email", "name": "Name"}, "'Name' for the name"),
        ("email", {"email": "email", "attributes": {"a": "A"}}, "the attribute a"),
        ("email", {"email": "email", "attributes": {"a": {"type": "int"}}}, "must hold column"),
        ("email", {"email": "email", "attributes": {"a": {"column": "A", "type": "date"}}}, "must be one of str, int"),
        ("email", {"email": "email", "attributes": {"a": None}}, "must be the header of a column"),
        ("email", {"email": "email", "attributes": ["a"]}, "must be a dictionary"),
        ("email", {"mail": "email"}, "not mail"),
    ],
)
def test_an_impossible_mapping_is_refused_with_what_would_be_possible(
    tmp_path: Path, header: str, columns: dict[str, Any] | None, part: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        mapped(tmp_path, header, columns)
    assert part in str(refusal.value)


def test_an_attribute_from_two_sources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="stands in both"):
        mapped(tmp_path, "email,A", {"email": "email", "attributes": {"a": "A"}}, constants={"a": 1})


def test_a_wrong_delimiter_is_suspected_when_the_header_looks_like_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email;name\n", encoding="utf-8")
    wish = parse_columns(None, None, None, None)
    with opened(str(path), file_format="auto", member=None, encoding="auto") as source, pytest.raises(Refusal, match="semicolon"):
        resolve(wish, Table(source, delimiter=",", wanted=wish.wanted))
