# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk_template and listmonk_template_info, as somebody with a playbook meets them."""

from __future__ import annotations

import hashlib
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Tasks

pytestmark = pytest.mark.server
CASES = Path(__file__).parent.parent / "cases"
DESIGNER = CASES / "06-template-from-the-designer"
EXPECTED = yaml.safe_load((DESIGNER / "expected.yml").read_text())
HTML = '<html><body>{{ template "content" . }}</body></html>'


def named(server: FreshListmonk, name: str) -> list[Any]:
    return [row for row in server.api("GET", "/api/templates") if row["name"] == name]


def test_the_designers_file_arrives_byte_for_byte_and_a_lookup_is_the_same_thing(tasks: Tasks) -> None:
    crlf = DESIGNER / "newsletter-crlf.html"
    said = {"name": "Newsletter", "type": "campaign"}
    assert tasks.run("listmonk_template", **said, body_file=str(crlf)).changed
    (stored,) = named(tasks.server, "Newsletter")
    assert hashlib.sha256(stored["body"].encode()).hexdigest() == EXPECTED["A"]["sha256_of_body_on_server"]
    assert not tasks.run("listmonk_template", **said, body_file=str(crlf)).changed
    assert not tasks.run("listmonk_template", **said, body=crlf.read_bytes().decode()).changed


def test_other_line_endings_are_a_change_that_the_diff_names(tasks: Tasks) -> None:
    said = {"name": "Endings", "type": "campaign"}
    tasks.run("listmonk_template", **said, body_file=str(DESIGNER / "newsletter-crlf.html"))
    changed = tasks.run("listmonk_template", **said, body_file=str(DESIGNER / "newsletter-lf.html"))
    assert changed.changed
    assert "only line endings differ" in changed["diff"][0]["before"] + changed["diff"][0]["after"]
    assert changed["template"]["body_sha256"] == EXPECTED["D"]["sha256_of_body_on_server"]


def test_a_body_that_lost_its_placeholder_fails_with_advice(tasks: Tasks) -> None:
    failed = tasks.fails("listmonk_template", name="Broken", type="campaign", body="<html><body>content</body></html>")
    assert "the content placeholder is missing" in failed.msg
    assert "body_file" in failed.msg
    assert "unsafe" in failed.msg
    assert named(tasks.server, "Broken") == []


def test_a_megabyte_is_stored_and_neither_result_nor_diff_prints_it(tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(DESIGNER / "make_big.py"))
    said = {"name": "Big", "type": "campaign", "body_file": str(tmp_path / "big.html")}
    made = tasks.run("listmonk_template", **said)
    assert made.changed
    without_arguments = {key: value for key, value in made.values.items() if key != "invocation"}
    assert len(str(without_arguments)) < 20_000
    assert made["template"]["body_bytes"] == (tmp_path / "big.html").stat().st_size
    assert not tasks.run("listmonk_template", **said).changed


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": ""}, "has 1 to 2000 characters; this one has 0"),
        ({"name": "T"}, "to create it body must be given"),
        ({"name": "T", "body": ""}, "the body is empty"),
        ({"name": "T", "type": "tx", "body": "<p>"}, "a tx template needs a subject"),
        ({"name": "T", "type": "tx", "body": "<p>", "subject": " "}, "it cannot be blank"),
        ({"name": "T", "body": HTML, "subject": "Hello"}, "only a tx template has a subject"),
        ({"name": "T", "body": HTML, "body_source": "{}"}, "only type campaign_visual has it"),
        (
            {"name": "T", "type": "tx", "subject": "s", "body": "<p>", "is_default": True},
            "only a template of type campaign can be the default",
        ),
        ({"name": "T", "body": HTML + "{{ nosuchfunction }}"}, 'function "nosuchfunction" not defined'),
        ({"name": "T", "body": HTML + "{{ if }}"}, "the server cannot compile the body"),
        ({"name": "T", "body_file": "nosuch.html"}, "'nosuch.html' cannot be read: No such file"),
    ],
)
def test_a_template_that_cannot_be_is_a_sentence_before_anything_is_written(tasks: Tasks, options: dict[str, Any], sentence: str) -> None:
    assert sentence in tasks.fails("listmonk_template", **options).msg
    assert named(tasks.server, "T") == []


def test_a_file_that_is_not_utf_8_is_refused_with_the_place(tasks: Tasks, tmp_path: Path) -> None:
    path = tmp_path / "latin1.html"
    path.write_bytes("Grüße".encode("latin-1"))
    assert "is not UTF-8: byte 3 is 0xfc" in tasks.fails("listmonk_template", name="T", body_file=str(path)).msg


def test_a_template_that_only_lacks_sample_data_is_stored_with_a_warning(tasks: Tasks) -> None:
    made = tasks.run("listmonk_template", name="Nested", type="tx", subject="s", body="<p>{{ .Tx.Data.order.number }}</p>")
    assert made.changed
    assert named(tasks.server, "Nested")


def test_the_default_moves_to_a_campaign_template_and_never_away_from_the_last(tasks: Tasks) -> None:
    first = next(row for row in tasks.server.api("GET", "/api/templates") if row["is_default"])
    said = {"name": "Fresh default", "body": HTML, "is_default": True}
    assert tasks.run("listmonk_template", check=True, **said)["template"]["is_default"]
    assert tasks.run("listmonk_template", **said)["template"]["is_default"]
    assert not tasks.run("listmonk_template", **said).changed
    assert [row["name"] for row in tasks.server.api("GET", "/api/templates") if row["is_default"]] == ["Fresh default"]
    assert "listmonk always has one" in tasks.fails("listmonk_template", name="Fresh default", is_default=False).msg
    assert "make another one the default first" in tasks.fails("listmonk_template", name="Fresh default", state="absent").msg
    assert tasks.run("listmonk_template", id=first["id"], name=first["name"], is_default=True).changed


def test_a_campaign_and_a_tx_template_may_share_a_name_and_the_type_says_which(tasks: Tasks) -> None:
    tasks.run("listmonk_template", name="Shared", type="campaign", body=HTML)
    tasks.run("listmonk_template", name="Shared", type="tx", subject="s", body="<p>")
    assert {row["type"] for row in named(tasks.server, "Shared")} == {"campaign", "tx"}
    failed = tasks.fails("listmonk_template", name="Shared", state="absent")
    assert len(failed["ids"]) == 2
    assert "type tx" in failed.msg
    assert tasks.run("listmonk_template", name="Shared", type="tx", state="absent").changed
    assert [row["type"] for row in named(tasks.server, "Shared")] == ["campaign"]


def test_the_subject_that_the_server_invents_for_campaign_templates_is_never_a_change(tasks: Tasks) -> None:
    made = tasks.run("listmonk_template", name="Before", type="campaign", body=HTML)["template"]
    tasks.run("listmonk_template", id=made["id"], name="After")
    assert not tasks.run("listmonk_template", name="After", type="campaign", body=HTML).changed
    (row,) = tasks.run("listmonk_template_info", name="After")["templates"]
    assert row["subject"] == ""


def test_the_type_of_a_template_cannot_change(tasks: Tasks) -> None:
    made = tasks.run("listmonk_template", name="Typed", type="campaign", body=HTML)["template"]
    assert (
        "type is 'campaign' and cannot become 'campaign_visual'"
        in tasks.fails("listmonk_template", id=made["id"], name="Typed", type="campaign_visual").msg
    )


def test_info_returns_what_the_module_accepts_and_bodies_only_when_wanted(tasks: Tasks) -> None:
    tasks.run("listmonk_template", name="Trip", type="tx", subject="s", body="<p>{{ .Tx.Data.a }}</p>")
    (row,) = tasks.run("listmonk_template_info", name="Trip", type="tx")["templates"]
    accepted = {key: row[key] for key in ("id", "name", "type", "subject", "body", "is_default")}
    assert not tasks.run("listmonk_template", **accepted).changed
    bare = tasks.run("listmonk_template_info", include_body=False)
    assert all("body" not in each for each in bare["templates"])
    assert len(bare.requests) == 1


def test_names_with_punctuation_are_one_template_each(pristine_listmonk: FreshListmonk) -> None:
    tasks = Tasks(pristine_listmonk)
    names = yaml.safe_load((CASES / "10-the-21st-object" / "names.yml").read_text())["names"]
    before = len(pristine_listmonk.api("GET", "/api/templates?no_body=true"))
    for expected in (True, False):
        for name in names:
            done = tasks.run("listmonk_template", name=name, type="tx", subject="s", body="<p>hello</p>")
            assert done.changed is expected
            assert len(done.requests) <= 6
    assert len(pristine_listmonk.api("GET", "/api/templates?no_body=true")) == before + len(names)
