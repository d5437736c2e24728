# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what stands in variables to wishes: what is left alone, what is meant, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.configuration import (
    EVERYWHERE,
    SECTIONS,
    Section,
    Surroundings,
    entries_of,
    wishes_of,
)
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.secret_reference import SecretPlaces
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.wish import Wish

AROUND = Surroundings(
    directory=Path("/mailing"),
    secrets=SecretPlaces(directory=Path("/mailing"), environment={"PASSWORD": "canary"}),
    coerce=lambda _spec, values, _where: values,
    defaults={name: option["default"] for name, option in EVERYWHERE.items()},
)


def section(option: str) -> Section:
    return next(one for one in SECTIONS if one.option == option)


def wishes(option: str, declared: Any, secrets: Any = None) -> list[Wish]:
    return wishes_of(section(option), entries_of(section(option), declared, secrets), AROUND)[0]


def refusal(option: str, declared: Any) -> str:
    with pytest.raises(Refusal) as refused:
        wishes(option, declared)
    return str(refused.value)


def test_settings_are_written_before_everything_that_obeys_them_and_lists_before_what_names_them() -> None:
    assert [one.option for one in SECTIONS] == ["settings", "smtp", "lists", "templates", "imports"]


@pytest.mark.parametrize("option", [one.option for one in SECTIONS])
def test_what_is_missing_or_null_declares_nothing(option: str) -> None:
    assert wishes(option, None) == []


def test_null_in_an_entry_says_nothing_and_explicit_emptiness_is_meant() -> None:
    (wish,) = wishes("lists", [{"name": "Customers", "tags": [], "description": None}])
    assert wish.values == {"name": "Customers", "tags": []}


def test_an_entry_can_want_an_object_gone() -> None:
    (wish,) = wishes("lists", [{"name": "Trial", "state": "absent"}])
    assert (wish.state, wish.where) == ("absent", "lists[0]")


def test_relative_paths_start_at_the_directory() -> None:
    (wish,) = wishes("imports", [{"src": "audience/people.csv", "lists": ["Customers"]}])
    assert wish.name == "/mailing/audience/people.csv"


def test_a_secret_is_looked_up_and_handed_back_so_that_it_can_be_kept_out_of_output() -> None:
    entries = entries_of(section("smtp"), [{"name": "out", "host": "mail.example.com", "password_from": {"env": "PASSWORD"}}])
    (wish,), secrets = wishes_of(section("smtp"), entries, AROUND)
    assert wish.values["password"] == "canary"
    assert secrets == {"canary"}


def test_secrets_of_settings_are_looked_up_too() -> None:
    (wish,) = wishes("settings", None, {"bounce.sendgrid_key": {"env": "PASSWORD"}})
    assert wish.options["secrets"] == {"bounce.sendgrid_key": "canary"}


def test_an_entry_may_differ_from_what_holds_everywhere() -> None:
    first, second = wishes("smtp", [{"name": "a", "host": "a.example"}, {"name": "b", "host": "b.example", "if_busy": "wait"}])
    assert (first.options["if_busy"], second.options["if_busy"]) == ("fail", "wait")


@pytest.mark.parametrize(
    ("option", "declared", "sentence"),
    [
        ("lists", {"name": "Newsletter"}, "lists must be a list of dictionaries, not a dictionary."),
        ("lists", "Newsletter", "lists must be a list of dictionaries, not a text."),
        ("lists", [None], "lists[0] must be a dictionary of options such as {name: ...}, not null."),
        ("lists", [{"name": "A"}, {"name": None}], "lists[1] has no name: that is what the list is known by."),
        ("lists", [{"name": "A", "descripton": "x"}], "lists[0] has an unknown key 'descripton'. Did you mean 'description'?"),
        ("settings", ["app.lang"], "settings must be a dictionary, not a list."),
        ("imports", [{"lists": ["A"]}], "imports[0] has no src: that is what the import is known by."),
        ("imports", [{"src": "a.csv", "state": "absent"}], "imports[0] has an unknown key 'state'."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(option: str, declared: Any, sentence: str) -> None:
    assert refusal(option, declared).startswith(sentence)


def test_a_secret_in_an_entry_is_refused_without_being_repeated() -> None:
    said = refusal("smtp", [{"name": "out", "host": "mail.example.com", "password": "hunter2"}])
    assert "smtp[0].password: a secret does not stand in a configuration" in said
    assert "hunter2" not in said
