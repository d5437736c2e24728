# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning: from a wish and what is there to what has to be done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.compare import equal
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._core.fields import Compare, Field
from ansible_collections.clarivum.mailing.plugins.module_utils._core.plan import Plan, plan
from ansible_collections.clarivum.mailing.plugins.module_utils._core.resource import Resource

THING = Resource(
    kind="thing",
    identity=("name",),
    secrets_policy="update_password",
    fields=(
        Field(name="id", type="int", read_only=True),
        Field(name="name", type="str", required=True),
        Field(name="kind", type="str", choices=("a", "b"), default="a", immutable=True),
        Field(name="count", type="int", default=0),
        Field(name="on", type="bool"),
        Field(name="tags", type="list", elements="str", compare=Compare.UNORDERED),
        Field(name="title", type="str", normalise=str.strip),
        Field(name="note", type="str", clearable=False),
        Field(name="attribs", type="dict", compare=Compare.SUBSET),
        Field(name="at", type="str", compare=Compare.INSTANT),
        Field(name="later", type="str", since=(6, 2)),
        Field(name="password", type="str", write_only=True, secret=True),
    ),
)
THERE = {
    "id": 7,
    "name": "x",
    "kind": "a",
    "count": 3,
    "on": True,
    "tags": ["p", "q"],
    "title": "T",
    "note": "n",
    "attribs": {"city": "Graz", "age": 3},
}


def options_of(plan: Plan) -> list[str]:
    return [change.field.option for change in plan.changes]


def test_a_new_object_gets_what_was_said_and_the_defaults() -> None:
    made = plan(THING, {"name": "x", "title": " T "}, None)
    assert made.action == "create"
    assert made.writes == {"name": "x", "kind": "a", "count": 0, "title": "T"}


def test_a_new_object_without_what_it_needs_is_refused() -> None:
    with pytest.raises(Refusal, match="to create it name must be given"):
        plan(THING, {"title": "T"}, None)


@pytest.mark.parametrize("said", [{}, {"count": None}, {"on": None, "tags": None}])
def test_what_is_missing_or_null_is_left_alone(said: dict[str, Any]) -> None:
    assert plan(THING, {"name": "x", **said}, THERE).action == "none"


@pytest.mark.parametrize(("option", "value"), [("on", False), ("count", 0), ("title", ""), ("tags", [])])
def test_an_explicit_empty_value_is_meant(option: str, value: Any) -> None:
    made = plan(THING, {"name": "x", option: value}, THERE)
    assert made.action == "update"
    assert made.writes == {option: value}


def test_an_empty_dict_of_a_subset_field_asks_for_nothing_more() -> None:
    assert plan(THING, {"name": "x", "attribs": {}}, THERE).action == "none"


def test_a_subset_keeps_what_it_does_not_mention() -> None:
    made = plan(THING, {"name": "x", "attribs": {"city": "Linz"}}, THERE)
    assert made.writes == {"attribs": {"city": "Linz", "age": 3}}


def test_the_order_of_an_unordered_list_means_nothing_but_its_members_do() -> None:
    assert plan(THING, {"name": "x", "tags": ["q", "p"]}, THERE).action == "none"
    assert options_of(plan(THING, {"name": "x", "tags": ["p", "p", "q"]}, THERE)) == ["tags"]


def test_one_moment_written_with_two_offsets_is_no_change() -> None:
    there = {**THERE, "at": "2026-11-25T13:49:50Z"}
    assert plan(THING, {"name": "x", "at": "2026-11-25T14:49:50+01:00"}, there).action == "none"
    assert plan(THING, {"name": "x", "at": "2026-11-25T14:49:51+01:00"}, there).action == "update"


def test_true_is_not_one() -> None:
    with pytest.raises(Refusal, match="count must be a whole number, not bool"):
        plan(THING, {"name": "x", "count": True}, THERE)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"colour": "red"}, "there is no 'colour'; what can be set is .*attribs.*title"),
        ({"id": 3}, "id is set by the server"),
        ({"kind": "c"}, "kind must be one of a, b, not 'c'"),
        ({"kind": "b"}, "kind is 'a' and cannot become 'b'"),
        ({"note": ""}, "note cannot be cleared.*keeps the old text"),
        ({"tags": "p"}, "tags must be a list, not str"),
        ({"later": "x"}, r"later exists since listmonk 6\.2; this server is 6\.1\.0"),
    ],
)
def test_an_impossible_wish_is_a_sentence(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        plan(THING, {"name": "x", **said}, THERE, version=(6, 1, 0))


def test_a_default_is_not_sent_to_a_server_that_lacks_the_attribute() -> None:
    newer = Resource(
        kind="thing", identity=("name",), fields=(Field(name="name", type="str"), Field(name="s", type="str", default="x", since=(6, 0)))
    )
    assert plan(newer, {"name": "x"}, None, version=(5, 1, 0)).writes == {"name": "x"}
    assert plan(newer, {"name": "x"}, None, version=(6, 0, 0)).writes == {"name": "x", "s": "x"}


def test_a_secret_is_written_on_create_and_later_only_on_demand() -> None:
    said = {"name": "x", "password": "s3cret"}
    assert (plan(THING, said, None).writes or {})["password"] == "s3cret"
    assert plan(THING, said, THERE).action == "none"
    forced = plan(THING, said, THERE, write_secrets=True)
    assert (forced.action, forced.writes) == ("update", {"password": "s3cret"})


@pytest.mark.parametrize("current", [None, THERE])
def test_a_secret_is_in_no_part_of_a_plan_that_is_shown(current: dict[str, Any] | None) -> None:
    made = plan(THING, {"name": "x", "password": "s3cret"}, current, write_secrets=True)
    assert "s3cret" not in repr((made.before, made.after, made.changes))


def test_removal_is_planned_only_where_there_is_something() -> None:
    assert plan(THING, None, THERE).action == "delete"
    assert plan(THING, None, None, name="x").action == "none"


values = st.fixed_dictionaries(
    {"name": st.just("x"), "kind": st.just("a")},
    optional={
        "count": st.integers(),
        "on": st.booleans(),
        "tags": st.lists(st.text(max_size=3), max_size=4),
        "title": st.text(max_size=9),
        "note": st.text(min_size=1, max_size=9),
        "attribs": st.dictionaries(
            st.text(max_size=3), st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=4)
        ),
        "at": st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    },
)


@given(values)
def test_an_object_that_is_as_wished_needs_nothing(wish: dict[str, Any]) -> None:
    assert plan(THING, wish, wish).action == "none"


@given(values, values)
def test_what_a_plan_leads_to_is_what_was_wished(wish: dict[str, Any], there: dict[str, Any]) -> None:
    made = plan(THING, wish, there)
    assert plan(THING, wish, made.after).action == "none"


@given(values, values)
def test_a_plan_touches_nothing_that_was_not_mentioned(wish: dict[str, Any], there: dict[str, Any]) -> None:
    after = plan(THING, wish, there).after or {}
    assert {key: after.get(key) for key in there if key not in wish} == {key: value for key, value in there.items() if key not in wish}


@given(values)
def test_a_created_object_needs_nothing_more(wish: dict[str, Any]) -> None:
    assert plan(THING, wish, plan(THING, wish, None).after).action == "none"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [(1, 1.0, True), (True, 1, False), ([1, [True]], [1, [1]], False), ({"a": 1}, {"a": 1.0}, True), ("1", 1, False), (None, "", False)],
)
def test_values_are_equal_as_json_has_it(one: Any, other: Any, is_same: bool) -> None:
    assert equal(one, other) is is_same
