# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports from what people really ran into: tests/cases/01 to 05, each task in check mode, for real, and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fresh_listmonk import FreshListmonk
from tests.modules.audience import IMPORT, Audience, audience_on

CASES = Path(__file__).resolve().parent.parent / "cases"


@pytest.fixture
def audience(listmonk: FreshListmonk, tmp_path: Path) -> Iterator[Audience]:
    made = audience_on(listmonk, tmp_path)
    yield made
    listmonk.api("DELETE", f"/api/lists/{made.list_id}")


def case(name: str) -> tuple[Path, dict[str, Any], list[dict[str, Any]]]:
    """The folder of a case, what is expected, and the options of its import tasks."""
    folder = CASES / name
    expected = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    fragment = folder / "tasks.yml"
    tasks = yaml.safe_load(fragment.read_text(encoding="utf-8")) if fragment.exists() else []
    return folder, expected, [task["listmonk_subscriber_import"] for task in tasks if "listmonk_subscriber_import" in task]


def in_folder(folder: Path, options: dict[str, Any]) -> dict[str, Any]:
    return {**options, "src": str(folder / options["src"])}


@pytest.mark.usefixtures("split_overwrite")
def test_case_01_three_files_of_one_audience_keep_everybodys_consent(audience: Audience) -> None:
    folder, expected, tasks = case("01-three-mailchimp-files")
    for options, outcome in zip(tasks, expected["first_run"], strict=True):
        checked, done, _again = audience.three_times(**in_folder(folder, options))
        assert done.changed is (outcome == "changed")
        assert checked.changed is done.changed
        rows = expected["rows"][options["src"]]
        assert {"read": done["rows"], "accepted": done["accepted"], "rejected": done["rejected"]} == rows
    first = audience.everybody()
    assert set(first) == set(expected["subscribers"])
    for email, person in expected["subscribers"].items():
        assert {key: first[email][key] for key in person} == person
    for options in tasks:
        audience.imports(**in_folder(folder, options))
    assert audience.everybody() == first


def test_case_01_a_column_that_is_not_there_is_refused_with_the_ones_that_are(audience: Audience) -> None:
    folder, _expected, tasks = case("01-three-mailchimp-files")
    result = audience.imports(**in_folder(folder, {**tasks[0], "columns": {"email": "E-Mail"}}))
    assert result.failed
    assert not result.writes
    assert "'E-Mail'" in result.msg
    assert "'E-Mail-Adresse'" in result.msg
    assert "'Vorname'" in result.msg


def test_case_02_every_dirty_address_gets_its_verdict(audience: Audience) -> None:
    folder, expected, tasks = case("02-dirty-addresses")
    checked, done, _again = audience.three_times(**in_folder(folder, tasks[0]))
    assert done.changed
    assert ("GET", IMPORT) not in checked.requests
    counts = {key: done[key] for key in ("rows", "accepted", "rejected")} | {"unique_addresses": done["distinct"]}
    assert counts == expected["counts"]
    rejected = {row["line"]: row for row in done["rejected_rows"]}
    for verdict in expected["verdicts"]:
        assert (verdict["line"] in rejected) is (verdict["verdict"] == "reject"), verdict
        if verdict["line"] in rejected:
            assert rejected[verdict["line"]]["address"] == verdict["address"]
            assert rejected[verdict["line"]]["reason"]
        else:
            assert verdict.get("stored_as", verdict["address"]) in audience.everybody()
    assert done["duplicate_addresses"] == ["anna@example.com"]


def test_case_02_more_bad_rows_than_allowed_stop_the_import_before_it_begins(audience: Audience) -> None:
    folder, expected, tasks = case("02-dirty-addresses")
    for check in (True, False):
        result = audience.imports(check=check, **in_folder(folder, tasks[1]))
        assert result.failed
        assert not result.writes
        assert f"{expected['counts']['rejected']} of {expected['counts']['rows']}" in result.msg
        assert all(f"line {line}" in result.msg for line in (7, 8, 9))
    assert audience.everybody() == {}


@pytest.mark.parametrize("which", range(5), ids="ABCDE")
def test_case_03_delimiters_and_file_names_do_not_matter_and_nonsense_is_refused(audience: Audience, which: int) -> None:
    folder, expected, tasks = case("03-delimiters-and-extensions")
    name = "ABCDE"[which]
    wanted = expected["B"] if name == "C" else expected[name]
    options = in_folder(folder, tasks[which])
    if wanted["outcome"] == "failed":
        result = audience.imports(**options)
        assert result.failed
        assert result.requests == []
        assert "'||'" in result.msg
        return
    _checked, done, _again = audience.three_times(**options)
    assert done.changed
    assert done["accepted"] == wanted.get("accepted", 2)
    for email, person_name in wanted.get("names", {}).items():
        assert audience.of(email)["name"] == person_name
    for email, attribs in wanted.get("attribs", {}).items():
        assert audience.of(email)["attribs"] == attribs


@pytest.mark.usefixtures("split_overwrite")
def test_case_04_counts_add_up_and_nobody_loses_attributes(audience: Audience) -> None:
    folder, expected, tasks = case("04-counts-that-add-up")
    for email in ("c@example.com", "d@example.com"):
        audience.person(email, attribs={"keep": True})
    _checked, done, _again = audience.three_times(**in_folder(folder, tasks[0]))
    wanted = expected["A"]
    assert done.changed
    assert {key: done[key] for key in wanted["counts"]} == wanted["counts"]
    assert [row["line"] for row in done["rejected_rows"]] == wanted["rejected_lines"]
    assert done["duplicate_addresses"] == ["a@example.com"]
    people = audience.everybody()
    for email, person in wanted["subscribers"].items():
        assert {key: people[email][key] for key in person} == person
    assert not set(wanted["absent"]) & set(people)


def test_case_04_a_header_alone_is_a_quiet_night_and_an_empty_file_a_broken_export(audience: Audience) -> None:
    folder, expected, tasks = case("04-counts-that-add-up")
    quiet = audience.imports(**in_folder(folder, tasks[1]))
    assert not quiet.changed
    assert quiet["rows"] == expected["B"]["counts"]["rows"]
    assert not quiet.writes
    broken = audience.imports(**in_folder(folder, tasks[2]))
    assert broken.failed
    assert expected["C"]["message"] in broken.msg
    assert not broken.writes


@pytest.mark.usefixtures("split_overwrite")
def test_case_05_a_no_ends_a_subscription_and_nothing_else_makes_one(audience: Audience) -> None:
    folder, expected, _tasks = case("05-consent-column")
    for person in yaml.safe_load((folder / "before.yml").read_text(encoding="utf-8")):
        audience.person(person["email"], newsletter=person["newsletter"])
    source = yaml.safe_load((folder / "sync.yml").read_text(encoding="utf-8"))["audience_source"]
    options = {"src": source.pop("file"), **source, "subscription_status": "confirmed"}
    checked, done, _again = audience.three_times(**in_folder(folder, options))
    numbers = {"created": 1, "unsubscribed": 1, "protected": 1, "untouched": 3, "rejected": 1}
    assert {key: checked[key] for key in numbers} == numbers
    assert done.changed
    people = audience.everybody()
    for email, wanted in expected.items():
        if "rejected" in wanted:
            assert [f"line {row['line']}" for row in done["rejected_rows"]] == [wanted["rejected"]]
            assert email not in people
        elif wanted["newsletter"] == "not confirmed":
            assert people.get(email, {}).get("newsletter") != "confirmed"
        else:
            assert people[email]["newsletter"] == wanted["newsletter"], email
