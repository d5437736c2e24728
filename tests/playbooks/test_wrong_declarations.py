# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is wrong in a configuration is said in a sentence that names the entry, before anything is written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ansible_playbook import Run, run_playbook
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

SMTP = {"name": "out", "host": "mail.example.com"}
PEOPLE = {"src": "people.csv", "lists": ["Default list"]}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"lists": [{"name": "Fine"}, "Newsletter"]}, "lists[1] must be a dictionary of options such as {name: ...}, not a text."),
    ({"lists": [{"type": "public"}]}, "lists[0] has no name"),
    ({"lists": [{"name": "Twice"}, {"name": "Twice"}]}, "lists[1]: list 'Twice' is wanted a second time; lists[0] already says"),
    (
        {"lists": [{"name": "Fine"}, {"name": "Bad", "optin": "tripple"}]},
        "lists[1]: value of optin must be one of: single, double, got: tripple",
    ),
    ({"lists": [{"name": "Fine"}, {"name": "x" * 2001}]}, "lists[1]: a list's name has 1 to 2000 characters; this one has 2001."),
    ({"lists": [{"name": "Described", "description": ""}]}, "lists[0]: list 'Described': description cannot be cleared"),
    ({"settings": {"app.mesage_rate": 5}}, "app.message_rate"),
    ({"settings": {"app.message_rate": "fast"}}, "app.message_rate must be a whole number"),
    ({"settings": {"app.lang": ""}}, "app.lang"),
    ({"smtp": [{**SMTP, "password": "hunter2"}]}, "smtp[0].password: a secret does not stand in a configuration"),
    ({"smtp": [{**SMTP, "password_from": {"env": "NO_SUCH"}}]}, "smtp[0].password_from: the environment variable NO_SUCH is not set"),
    ({"smtp": [{**SMTP, "idle_timeout": "1d"}]}, "smtp[0]: "),
    ({"templates": [{"name": "Bad", "body": "no placeholder"}]}, "templates[0]: template 'Bad': the content placeholder is missing"),
    ({"templates": [{"name": "Bad", "body_file": "nowhere.html"}]}, "nowhere.html' cannot be read: No such file or directory."),
    ({"templates_directory": "nowhere"}, "templates_directory: there is no folder"),
    ({"imports": [{**PEOPLE, "lists": ["Defualt list"]}]}, "imports[0]: There is no list named 'Defualt list'."),
    ({"imports": [{**PEOPLE, "src": "nowhere.csv"}]}, "nowhere.csv"),
    (
        {"lists": [{"name": "Default list", "state": "absent"}], "imports": [PEOPLE]},
        "people.csv' is for the list 'Default list', which the same run is to remove.",
    ),
    ({"imports": [PEOPLE, {**PEOPLE, "lists": ["Opt-in list"], "columns": {"email": "E-Mail"}}]}, "imports[1]: "),
]


@pytest.fixture(scope="module")
def run(listmonk: FreshListmonk, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run with a task for each mistake, beside a list and a setting that would be written if it were overlooked."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "people.csv").write_text("email,name\nada@example.com,Ada\n")
    listmonk.api("POST", "/api/lists", json={"name": "Described", "type": "private", "optin": "single", "description": "Old text"})
    tasks = []
    for number, (wrong, _sentence) in enumerate(WRONG):
        declared = {"lists": [{"name": "Never made"}], "settings": {"app.site_name": "Never written"}, **wrong}
        task = {
            "name": f"mistake {number}",
            "clarivum.mailing.listmonk_config": {"directory": str(folder), **declared},
            "ignore_errors": True,
        }
        tasks.append(task)
    return run_playbook(tasks, folder, "-vvv", environment=listmonk.environment)


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[sentence for _wrong, sentence in WRONG])
def test_a_mistake_is_a_sentence_that_says_where_it_is(run: Run, number: int) -> None:
    said = re.split(r"TASK \[mistake (?:\d+)\]", run.stdout)[number + 1]
    assert '"failed": true' in said or "fatal:" in said
    assert WRONG[number][1] in " ".join(said.replace('\\"', '"').split())
    assert "Traceback" not in said


def test_none_of_them_wrote_anything_or_repeated_a_secret(run: Run, listmonk: FreshListmonk) -> None:
    assert listmonk.api("GET", "/api/settings")["app.site_name"] == "Mailing list"
    assert sorted(one["name"] for one in listmonk.api("GET", "/api/lists")["results"]) == ["Default list", "Described", "Opt-in list"]
    assert listmonk.api("GET", "/api/subscribers", params={"query": "subscribers.email = 'ada@example.com'"})["total"] == 0
    assert "hunter2" not in run.output
    assert listmonk.api_token not in run.output


def test_the_run_had_a_task_for_each_mistake(run: Run) -> None:
    assert run.code == 0, run.output
    assert f"ignored={len(WRONG)}" in run.stdout
