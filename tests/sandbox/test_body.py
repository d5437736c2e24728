# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies are bound, and refused, as the real server's web framework does it; the sentences are those of a real 6.2.0."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.listmonk.answers import Problem
from sandbox.listmonk.body import BOOL, INT, INTS, NULL_STRING, OBJECT, PQ_STRINGS, STRING, Struct, bind_value, list_of, optional

USER = Struct(
    "auth.User",
    username=STRING,
    email=NULL_STRING,
    password_login=BOOL,
    user_role_id=INT,
    list_role_id=optional(INT),
    tags=PQ_STRINGS,
    ids=INTS,
    attribs=OBJECT,
    lists=list_of(Struct("auth.ListPermission", id=INT)),
)


def bound(document: str) -> Any:
    return bind_value(USER, document.encode())


def test_what_is_missing_or_null_is_gos_zero_value() -> None:
    for document in ("{}", '{"username": null, "email": null, "password_login": null, "user_role_id": null, "tags": null}', "null"):
        values = bound(document)
        assert (values["username"], values["password_login"], values["user_role_id"]) == ("", False, 0)
        assert (values["email"], values["list_role_id"], values["tags"], values["attribs"]) == (None, None, None, None)


def test_it_is_known_which_keys_were_given() -> None:
    assert bound('{"username": "", "EMAIL": null, "colour": "red"}').given == {"username", "email"}


def test_keys_match_without_regard_to_case_and_the_last_one_wins() -> None:
    assert bound('{"USERNAME": "first", "UserName": "second"}')["username"] == "second"


def test_what_follows_the_document_is_ignored() -> None:
    assert bound('{"username": "abc"} trailing')["username"] == "abc"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("   ", "EOF"),
        ('{"a":', "unexpected EOF"),
        ('{"a": "open', "unexpected EOF"),
        ("[]", "Unmarshal type error: expected=auth.User, got=array, field=, offset=1"),
        ("5", "Unmarshal type error: expected=auth.User, got=number, field=, offset=1"),
        ('{"username": 5}', "Unmarshal type error: expected=string, got=number, field=username, offset=14"),
        ('{"username": ["a"]}', "Unmarshal type error: expected=string, got=array, field=username, offset=14"),
        ('{"username": "u1", "email": 5}', "Unmarshal type error: expected=string, got=number, field=email, offset=1"),
        ('{"user_role_id": "1"}', "Unmarshal type error: expected=int, got=string, field=user_role_id, offset=20"),
        ('{"user_role_id": 1.5}', "Unmarshal type error: expected=int, got=number 1.5, field=user_role_id, offset=20"),
        ('{"user_role_id": 1e+30}', "Unmarshal type error: expected=int, got=number 1e+30, field=user_role_id, offset=22"),
        ('{"list_role_id": "x"}', "Unmarshal type error: expected=int, got=string, field=list_role_id, offset=20"),
        ('{"password_login": 1}', "Unmarshal type error: expected=bool, got=number, field=password_login, offset=20"),
        ('{"tags": "a"}', "Unmarshal type error: expected=pq.StringArray, got=string, field=tags, offset=12"),
        ('{"lists": [{"id": "1"}]}', "Unmarshal type error: expected=int, got=string, field=lists.id, offset=21"),
        ('{"lists": [5]}', "Unmarshal type error: expected=auth.ListPermission, got=number, field=lists, offset=12"),
        ('{"username": oops}', "Syntax error: offset=14, error=invalid character 'o' looking for beginning of value"),
        ('{"username":"x",}', "Syntax error: offset=17, error=invalid character '}' looking for beginning of object key string"),
        ('{"username":"x" "y"}', "Syntax error: offset=17, error=invalid character '\"' after object key:value pair"),
        ('{"username" 1}', "Syntax error: offset=13, error=invalid character '1' after object key"),
        ('{"a":tru}', "Syntax error: offset=9, error=invalid character '}' in literal true (expecting 'e')"),
        ('{"a":"\\x"}', "Syntax error: offset=8, error=invalid character 'x' in string escape code"),
        ('{"a":1.}', "Syntax error: offset=8, error=invalid character '}' after decimal point in numeric literal"),
        ('{"a":1e}', "Syntax error: offset=8, error=invalid character '}' in exponent of numeric literal"),
        ('{"a":-}', "Syntax error: offset=7, error=invalid character '}' in numeric literal"),
        ('{"a":01}', "Syntax error: offset=7, error=invalid character '1' after object key:value pair"),
        ('{"a":[1 2]}', "Syntax error: offset=9, error=invalid character '2' after array element"),
        ('{"ä":ö}', "Syntax error: offset=7, error=invalid character 'Ã' looking for beginning of value"),
        ("{'a':1}", "Syntax error: offset=2, error=invalid character '\\'' looking for beginning of object key string"),
    ],
)
def test_a_refused_body_is_refused_in_the_frameworks_words(document: str, sentence: str) -> None:
    with pytest.raises(Problem) as refused:
        bound(document)
    assert (refused.value.status, refused.value.message) == (400, sentence)
