# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 09 as tasks: addresses as people type them, and servers that answer something else than the API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.ansible_playbook import AS_JSON, run_playbook
from tests.faults.scripted_answers import Reply, Seen, as_json, data
from tests.faults.scripted_server import FaultProxy
from tests.fresh_listmonk import ROOT
from tests.module_in_process import Result, run_module
from tests.sign_in_page import SignInPage, sign_in_page as start_sign_in_page
from tests.task_in_process import MODULES, run_task

CASE = ROOT / "tests" / "cases" / "09-base-url-shapes"
SHAPES: dict[str, Any] = yaml.safe_load((CASE / "urls.yml").read_text())
EXPECTED: dict[str, Any] = yaml.safe_load((CASE / "expected.yml").read_text())
TASKS: list[dict[str, Any]] = yaml.safe_load((CASE / "tasks.yml").read_text())
TOKEN = "throw-away-token"

MINIMAL: dict[str, dict[str, Any]] = {
    "listmonk_config": {"lists": [{"name": "Newsletter"}]},
    "listmonk_list": {"name": "Newsletter"},
    "listmonk_list_info": {},
    "listmonk_settings": {"settings": {"app.site_name": "Newsletter"}},
    "listmonk_settings_info": {},
    "listmonk_smtp": {"name": "ses", "host": "smtp.example.com", "auth_protocol": "none"},
    "listmonk_smtp_info": {},
    "listmonk_subscriber_import": {"src": "people.csv", "lists": ["Newsletter"]},
    "listmonk_template": {"name": "Frame", "body": '{{ template "content" . }}'},
    "listmonk_template_info": {},
}
"""The least that a task of each module says."""

NOT_THE_API: dict[str, tuple[Reply, str]] = {
    "an empty answer": (Reply(200, b"", (("Content-Type", "application/json"),)), "empty"),
    "JSON without data": (as_json({"results": []}), "data"),
    "a list where an object is due": (as_json([{"id": 1, "name": "Newsletter"}]), "list"),
    "a text where an object is due": (data("Newsletter"), "text"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("email\nann@example.com\n")
    return tmp_path


@pytest.fixture
def sign_in_page(tmp_path: Path) -> Iterator[SignInPage]:
    with start_sign_in_page(tmp_path) as page:
        yield page


def connection(url: str) -> dict[str, Any]:
    return {"url": url, "username": "ansible", "api_token": TOKEN, "timeout": 5}


def lists_asked_at(url: str) -> Result:
    return run_module("listmonk_list_info", connection(url))


def one_list(seen: Seen) -> Reply:
    return data({"results": [{"id": 1, "uuid": "u", "name": "Newsletter"}], "total": 1})


def is_refused_without_a_request(result: Result) -> bool:
    return result.failed and not result.requests and "Traceback" not in result.output


def the_page_is_said(text: str, url: str) -> None:
    """The message that expected.yml describes."""
    assert "a web page" in text
    assert "status 200" in text
    assert url in text
    assert "sign-in page or a proxy may stand in front" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("shape", SHAPES["good"], ids=lambda shape: shape["url"])
def test_every_good_address_works_as_it_is_written(shape: Mapping[str, str]) -> None:
    wanted = urlsplit(shape["get"])
    with FaultProxy(one_list, host=wanted.hostname or "") as server:
        found = lists_asked_at(shape["url"].replace(":9000", f":{urlsplit(server.url).port}"))
    assert not found.failed, found.msg
    assert [one["name"] for one in found["lists"]] == ["Newsletter"]
    assert server.log == [f"GET {wanted.path}"]


@pytest.mark.parametrize("url", SHAPES["forgiven_or_refused_with_the_right_form"], ids=repr)
def test_an_address_that_is_nearly_right_works_or_is_refused_with_the_right_one(url: str) -> None:
    with FaultProxy(one_list) as server:
        found = lists_asked_at(url.replace("http://127.0.0.1:9000", server.url))
    if found.failed:
        assert is_refused_without_a_request(found)
        assert re.search(re.escape(server.url) + r"(?!/(api|admin))", found.msg)
    else:
        assert server.log == ["GET /api/lists"]


@pytest.mark.parametrize("shape", SHAPES["refused"], ids=lambda shape: repr(shape["url"]))
def test_an_impossible_address_is_refused_before_a_connection_is_opened_and_its_password_is_not_repeated(
    shape: Mapping[str, str],
) -> None:
    for module in ("listmonk_list", "listmonk_list_info"):
        refused = run_module(module, {**MINIMAL[module], **connection(shape["url"])})
        assert is_refused_without_a_request(refused), refused.msg
        assert "url" in refused.msg.lower()
        assert shape.get("never_printed", "no such text") not in refused.output


@pytest.mark.parametrize("letter", ["A", "B", "C"])
@pytest.mark.parametrize("check", [True, False], ids=["checked", "for real"])
def test_behind_a_sign_in_page_each_task_of_the_case_fails_and_writes_nothing(sign_in_page: SignInPage, letter: str, check: bool) -> None:
    (task,) = [task for task in TASKS if task["name"].startswith(letter)]
    ((module, options),) = [(key, value or {}) for key, value in task.items() if key != "name"]
    ended = run_module(module, {**options, **connection(sign_in_page.url)}, check=check)
    assert ("failed" if ended.failed else "ok") == EXPECTED[letter]["outcome"]
    assert len(ended.writes) == EXPECTED[letter].get("requests_that_write", 0)
    assert not ended.get("lists")
    the_page_is_said(ended.msg, sign_in_page.url)
    assert len(ended.msg) < 700, "at most a few hundred characters of the page"
    assert TOKEN not in ended.output


def test_behind_a_sign_in_page_the_tasks_of_the_case_fail_in_a_playbook_too(sign_in_page: SignInPage, tmp_path: Path) -> None:
    tasks = [
        {
            "name": task["name"],
            "ignore_errors": True,
            **{f"clarivum.mailing.{key}": value or {} for key, value in task.items() if key != "name"},
        }
        for task in TASKS
    ]
    environment = {"LISTMONK_URL": sign_in_page.url, "LISTMONK_USERNAME": "ansible", "LISTMONK_API_TOKEN": TOKEN}
    ended = run_playbook(tasks, tmp_path, environment={**environment, **AS_JSON})
    results = ended.results()
    assert [bool(result.get("failed")) for result in results] == [True] * len(TASKS)
    for result in results:
        the_page_is_said(result["msg"], sign_in_page.url)
    assert not [line for line in sign_in_page.requests() if not line.startswith("GET ")]
    assert TOKEN not in ended.output


def test_every_module_is_in_the_table_of_minimal_options() -> None:
    assert sorted(MINIMAL) == MODULES


@pytest.mark.parametrize("module", MINIMAL)
def test_every_module_says_that_a_web_page_answered(sign_in_page: SignInPage, folder: Path, module: str) -> None:
    ended = run_task(module, {**MINIMAL[module], **connection(sign_in_page.url)}, folder)
    assert ended.failed
    the_page_is_said(ended.msg, sign_in_page.url)
    assert not [line for line in sign_in_page.requests() if not line.startswith("GET ")]


@pytest.mark.parametrize("answer", NOT_THE_API)
@pytest.mark.parametrize("module", MINIMAL)
def test_no_module_takes_something_else_for_the_api(folder: Path, module: str, answer: str) -> None:
    reply, words = NOT_THE_API[answer]
    with FaultProxy(lambda seen: reply) as server:
        ended = run_task(module, {**MINIMAL[module], **connection(server.url)}, folder)
    assert ended.failed
    assert words in ended.msg
    assert server.url in ended.msg
    assert "Traceback" not in ended.output
    assert not ended.writes
