# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.listmonk.audience.attributes import decoded, normalised
from sandbox.listmonk.audience.unmarshalling import UnmarshalError, into_struct
from sandbox.listmonk.body import BOOL, INTS, STRING

# Messages of a real 6.2.0.
REFUSED = {
    "[1]": "json: cannot unmarshal array into Go value of type models.JSON",
    '"x"': "json: cannot unmarshal string into Go value of type models.JSON",
    '{"a":1} x': "invalid character 'x' after top-level value",
    '{"a":1e400}': "json: cannot unmarshal number 1e400 into Go value of type float64",
    '{"a":NaN}': "invalid character 'N' looking for beginning of value",
    "{broken": "invalid character 'b' looking for beginning of object key string",
    "{'a':1}": r"invalid character '\'' looking for beginning of object key string",
    '{"a":"x\ty"}': r"invalid character '\t' in string literal",
    '{"a":1,}': "invalid character '}' looking for beginning of object key string",
    "tru": "invalid character ' ' in literal true (expecting 'e')",
    "{": "unexpected end of JSON input",
    " ": "unexpected end of JSON input",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_is_no_json_object_is_refused_in_the_words_of_go(text: str, message: str) -> None:
    with pytest.raises(UnmarshalError) as raised:
        decoded(text)
    assert str(raised.value) == message


def test_numbers_are_64_bit_floats_and_broken_characters_are_replaced() -> None:
    assert decoded('{"a": 1.0, "b": 12345678901234567890, "c": 1e3, "d": 0.5, "e": "\\ud800"}') == {
        "a": 1,
        "b": 12345678901234567000,
        "c": 1000,
        "d": 0.5,
        "e": "\ufffd",
    }
    assert normalised({"a": [2.0, True, 2**60], "b\ud800": None}) == {"a": [2, True, 1152921504606847000], "b\ufffd": None}


def test_null_means_no_attributes() -> None:
    assert decoded("null") is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"nope", "invalid character 'o' in literal null (expecting 'u')"),
        (b"", "unexpected end of JSON input"),
        (b"[1]", "json: cannot unmarshal array into Go value of type main.Options"),
        (b'{"lists": ["1"]}', "json: cannot unmarshal string into Go struct field Options.lists of type int"),
        (b'{"lists": [1.5]}', "json: cannot unmarshal number 1.5 into Go struct field Options.lists of type int"),
        (b'{"lists": {}}', "json: cannot unmarshal object into Go struct field Options.lists of type []int"),
        (b'{"on": "x"}', "json: cannot unmarshal string into Go struct field Options.on of type bool"),
    ],
)
def test_parameters_of_a_wrong_type_are_named(document: bytes, message: str) -> None:
    with pytest.raises(UnmarshalError) as raised:
        into_struct(document, "main.Options", {"name": STRING, "on": BOOL, "lists": INTS})
    assert str(raised.value) == message


def test_parameters_match_in_any_case_and_missing_ones_are_zero() -> None:
    assert into_struct(b'{"NAME": "x", "on": null, "other": 1}', "main.Options", {"name": STRING, "on": BOOL, "lists": INTS}) == {
        "name": "x",
        "on": False,
        "lists": None,
    }
