# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of a plan."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.diff import ansible_diff
from ansible_collections.clarivum.mailing.plugins.module_utils._core.fields import Compare, Field
from ansible_collections.clarivum.mailing.plugins.module_utils._core.plan import plan
from ansible_collections.clarivum.mailing.plugins.module_utils._core.printable import printable
from ansible_collections.clarivum.mailing.plugins.module_utils._core.redact import MASK, scrub
from ansible_collections.clarivum.mailing.plugins.module_utils._core.resource import Resource

PAGE = Resource(
    kind="page",
    identity=("name",),
    secrets_policy="update_password",
    fields=(
        Field(name="id", type="int", read_only=True),
        Field(name="name", type="str", required=True),
        Field(name="size", type="int"),
        Field(name="body", type="str", compare=Compare.TEXT),
        Field(name="password", type="str", write_only=True, secret=True),
    ),
)


def diff(wish: dict[str, Any] | None, there: dict[str, Any] | None, **how: Any) -> dict[str, str]:
    (entry,) = ansible_diff([plan(PAGE, wish, there, **how)])
    return entry


def test_no_change_shows_nothing() -> None:
    assert ansible_diff([plan(PAGE, {"name": "p"}, {"name": "p"})]) == []


def test_an_update_shows_just_what_changes() -> None:
    entry = diff({"name": "p", "size": 2}, {"id": 1, "name": "p", "size": 1, "body": "<p>"})
    assert (entry["before"], entry["after"]) == ("size: 1\n", "size: 2\n")
    assert entry["before_header"] == "page 'p'"


def test_a_creation_shows_the_whole_object_and_a_removal_what_goes() -> None:
    assert diff({"name": "p", "size": 2}, None)["after"] == 'name: "p"\nsize: 2\n'
    assert diff(None, {"id": 1, "name": "p", "size": 1})["before"] == 'name: "p"\nsize: 1\n'


def test_a_difference_in_line_endings_is_said_in_words() -> None:
    entry = diff({"name": "p", "body": "a\nb\n"}, {"name": "p", "body": "a\r\nb\r\n"})
    assert entry["before"] == "body: only line endings differ: 2 × CRLF\n"
    assert entry["after"] == "body: only line endings differ: 2 × LF\n"


def test_a_change_deep_in_a_long_line_is_seen_without_printing_the_line() -> None:
    entry = diff({"name": "p", "body": "x" * 10**6 + "B"}, {"name": "p", "body": "x" * 10**6 + "A"})
    assert entry["before"] != entry["after"]
    assert len(entry["before"]) < 400


def test_a_long_new_text_is_cut_and_says_so() -> None:
    after = diff({"name": "p", "body": "line\n" * 5000}, None)["after"]
    assert "more lines" in after
    assert len(after) < 5000


@pytest.mark.parametrize("there", [None, {"name": "p", "size": 1}])
def test_a_diff_says_that_a_secret_is_written_and_not_which(there: dict[str, Any] | None) -> None:
    entry = diff({"name": "p", "password": "s3cret"}, there, write_secrets=True)
    assert "password: (written; not shown)" in entry["after"]
    assert "s3cret" not in str(entry)


def test_a_long_text_is_returned_as_size_and_checksum() -> None:
    assert printable(PAGE, {"id": 1, "body": "ä", "password": "s3cret", "other": 1}) == {
        "id": 1,
        "body_bytes": 2,
        "body_sha256": "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc",
    }


def test_a_secret_is_scrubbed_from_every_depth_longer_ones_first() -> None:
    value = {"a": ["key s3cret-long", ("s3cret",)], "s3cret": 1}
    assert scrub(value, ["s3cret", "s3cret-long", ""]) == {"a": [f"key {MASK}", [MASK]], MASK: 1}
