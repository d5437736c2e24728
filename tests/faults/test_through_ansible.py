# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault for each module through a real ansible-playbook: sentences in the output, and the same playbook again completes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ansible_playbook import AS_JSON, Run, run_playbook
from tests.faults.scripted_server import FaultProxy, Kind
from tests.fresh_listmonk import FreshListmonk
from tests.task_in_process import MODULES

pytestmark = pytest.mark.server

HTML = '<html><body>{{ template "content" . }}</body></html>'


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A task, the request at which something happens to it, and what its message says."""

    module: str
    options: dict[str, Any]
    at: str
    kind: Kind
    words: str
    """Empty where the task is done in spite of it."""


TROUBLES = (
    Trouble(
        module="listmonk_list", options={"name": "Through"}, at="POST /api/lists", kind="reset_after", words="may or may not have happened"
    ),
    Trouble(module="listmonk_list_info", options={}, at="GET /api/lists", kind="html", words="a web page"),
    Trouble(
        module="listmonk_template",
        options={"name": "Through", "body_file": "{{ playbook_dir }}/frame.html"},
        at="POST /api/templates",
        kind="502_after",
        words="with status 502",
    ),
    Trouble(module="listmonk_template_info", options={}, at="GET /api/templates", kind="502", words="status 502"),
    Trouble(
        module="listmonk_smtp",
        options={"name": "through", "host": "relay.example.com", "auth_protocol": "none"},
        at="PUT /api/settings",
        kind="429",
        words="status 429",
    ),
    Trouble(module="listmonk_smtp_info", options={}, at="GET /api/settings", kind="truncated", words="no whole answer"),
    Trouble(
        module="listmonk_settings",
        options={"settings": {"app.site_name": "Through"}},
        at="PUT /api/settings",
        kind="reset_after",
        words="",
    ),
    Trouble(module="listmonk_settings_info", options={}, at="GET /api/settings", kind="reset_before", words="the connection broke"),
    Trouble(
        module="listmonk_subscriber_import",
        options={"src": "people.csv", "lists": ["Default list"]},
        at="POST /api/import/subscribers",
        kind="reset_before",
        words="listmonk knows of no such import",
    ),
    Trouble(
        module="listmonk_config",
        options={"lists": [{"name": "Whole"}], "templates": [{"name": "Whole", "body_file": "{{ playbook_dir }}/frame.html"}]},
        at="POST /api/templates",
        kind="closed_after",
        words="may or may not have happened",
    ),
)


@pytest.fixture
def proxies(listmonk: FreshListmonk) -> Iterator[list[FaultProxy]]:
    """A proxy for each task, in front of the same server."""
    with ExitStack() as stack:
        yield [stack.enter_context(FaultProxy(listmonk.base_url)) for _trouble in TROUBLES]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("email,name\nann@example.com,Ann\nbob@example.com,Bob\n")
    (tmp_path / "frame.html").write_text(HTML)
    return tmp_path


def run_all(folder: Path, proxies: list[FaultProxy], listmonk: FreshListmonk) -> Run:
    """A task of every module; each goes on if it fails."""
    tasks = [
        {f"clarivum.mailing.{one.module}": {**one.options, "url": proxy.url}, "ignore_errors": True}
        for one, proxy in zip(TROUBLES, proxies, strict=True)
    ]
    return run_playbook(tasks, folder, environment={**listmonk.environment, **AS_JSON})


def names(listmonk: FreshListmonk, path: str) -> list[str]:
    rows = listmonk.api("GET", path)
    return [row["name"] for row in (rows["results"] if isinstance(rows, dict) else rows)]


@pytest.mark.slow
def test_every_module_says_what_happened_and_the_second_run_completes_it(
    listmonk: FreshListmonk, proxies: list[FaultProxy], folder: Path
) -> None:
    for trouble, proxy in zip(TROUBLES, proxies, strict=True):
        proxy.fail(lambda seen, at=trouble.at: str(seen) == at, trouble.kind, times=10)
    troubled = run_all(folder, proxies, listmonk)
    assert "Traceback" not in troubled.output
    assert listmonk.api_token not in troubled.output
    results = troubled.results()
    assert [result["failed"] for result in results] == [bool(trouble.words) for trouble in TROUBLES], troubled.output
    for trouble, result in zip(TROUBLES, results, strict=True):
        assert trouble.words in result.get("msg", ""), trouble.module

    for proxy in proxies:
        proxy.well_again()
    second = run_all(folder, proxies, listmonk).results()
    assert not any(result["failed"] for result in second)
    assert names(listmonk, "/api/lists?per_page=all").count("Through") == 1
    assert names(listmonk, "/api/lists?per_page=all").count("Whole") == 1
    assert names(listmonk, "/api/templates").count("Through") == 1
    assert names(listmonk, "/api/templates").count("Whole") == 1
    settings = listmonk.api("GET", "/api/settings")
    assert [block["name"] for block in settings["smtp"]].count("email-through") == 1
    assert settings["app.site_name"] == "Through"
    assert listmonk.api("GET", "/api/subscribers?search=ann@example.com")["total"] == 1


def test_every_module_is_troubled_once() -> None:
    assert sorted(trouble.module for trouble in TROUBLES) == MODULES
