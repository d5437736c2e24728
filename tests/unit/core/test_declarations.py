# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations: what a field and a resource may say of themselves."""

from __future__ import annotations

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import ImpossibleDeclaration
from ansible_collections.clarivum.mailing.plugins.module_utils._core.fields import Compare, Field
from ansible_collections.clarivum.mailing.plugins.module_utils._core.resource import Resource
from ansible_collections.clarivum.mailing.plugins.module_utils._core.spec import argument_spec, values_of

NAME = Field(name="name", type="str", required=True)


@pytest.mark.parametrize(
    ("properties", "because"),
    [
        ({"name": ""}, "no name"),
        ({"read_only": True, "required": True}, "read_only leaves no room"),
        ({"required": True, "default": "x"}, "a required field has no default"),
        ({"secret": True}, "a secret must be write_only"),
        ({"type": "dict", "write_only": True, "compare": Compare.SUBSET}, "never compared"),
        ({"default": 3}, "not of type str"),
        ({"type": "int", "default": True}, "not of type int"),
        ({"choices": ("a",), "default": "b"}, "not among the choices"),
        ({"elements": "str"}, "only a list has elements"),
        ({"type": "list"}, "says what its elements are"),
        ({"fields": (NAME,)}, "only a dict"),
        ({"compare": Compare.UNORDERED}, "needs type list"),
        ({"compare": Compare.SUBSET}, "needs type dict"),
        ({"type": "int", "reference": "list"}, "a reference is a name"),
        ({"since": (6, 2), "until": (6, 0)}, "ends before it begins"),
        ({"default": " x ", "normalise": str.strip}, "not as the server would store it"),
    ],
)
def test_a_field_that_contradicts_itself_is_refused_when_declared(properties: dict[str, object], because: str) -> None:
    with pytest.raises(ImpossibleDeclaration, match=because):
        Field(**{"name": "x", "type": "str", **properties})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("properties", "because"),
    [
        ({"fields": (NAME, NAME)}, "declared twice"),
        ({"fields": (NAME, Field(name="title", option="name", type="str"))}, "option declared twice"),
        ({"identity": ()}, "nothing identifies it"),
        ({"identity": ("slug",)}, "is no field"),
        ({"fields": (Field(name="name", type="str", write_only=True),), "secrets_policy": "update_password"}, "cannot be read"),
        ({"fields": (NAME, Field(name="password", type="str", write_only=True, secret=True))}, "need an option"),
        ({"secrets_policy": "update_password"}, "without a write-only field"),
    ],
)
def test_a_resource_that_contradicts_itself_is_refused_when_declared(properties: dict[str, object], because: str) -> None:
    with pytest.raises(ImpossibleDeclaration, match=because):
        Resource(**{"kind": "thing", "identity": ("name",), "fields": (NAME,), **properties})  # type: ignore[arg-type]


@pytest.fixture
def relay() -> Resource:
    return Resource(
        kind="relay",
        identity=("name",),
        secrets_policy="update_password",
        fields=(
            NAME,
            Field(name="id", type="int", read_only=True),
            Field(name="tls_type", option="tls", type="str", choices=("none", "TLS")),
            Field(
                name="headers",
                type="list",
                elements="dict",
                fields=(Field(name="key", type="str"), Field(name="at", type="str", read_only=True)),
            ),
            Field(name="password", type="str", write_only=True, secret=True),
            Field(name="token_name", type="str"),
        ),
    )


def test_the_options_follow_from_the_declaration(relay: Resource) -> None:
    assert argument_spec(relay) == {
        "name": {"type": "str"},
        "tls": {"type": "str", "choices": ["none", "TLS"]},
        "headers": {"type": "list", "elements": "dict", "options": {"key": {"type": "str"}}},
        "password": {"type": "str", "no_log": True},
        "token_name": {"type": "str", "no_log": False},
        "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    }


def test_only_given_options_say_something_and_explicit_empty_ones_do(relay: Resource) -> None:
    assert values_of(relay, {"name": "a", "tls": None, "headers": [], "url": "x"}) == {"name": "a", "headers": []}


def test_a_field_exists_only_in_the_versions_that_have_it() -> None:
    field = Field(name="x", type="str", since=(5, 1), until=(6, 2))
    assert [field.exists_in(version) for version in [(5, 0, 3), (5, 1), (5, 1, 0), (6, 1, 9), (6, 2), (6, 2, 0), ()]] == [
        False, True, True, True, False, False, True,
    ]  # fmt: skip
