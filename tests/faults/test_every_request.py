# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever goes wrong at whichever request of a module: the message is right, nothing is doubled, and running again completes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.scripted_server import FaultProxy, Kind
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, run_module

pytestmark = pytest.mark.server

HTML = '<html><body>{{ template "content" . }}</body></html>'
PAUSE = "ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.transport._sleep"
SILENCE = 0.4
"""Seconds until a task gives up on a server that does not answer."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One task, from the state that it changes to the one that it wants."""

    module: str
    options: dict[str, Any]
    prepare: Callable[[FreshListmonk], None]
    count: Callable[[FreshListmonk], Any]
    """What is on the server once the task is done, however often it was begun."""
    wanted: Any
    steps: int
    """Requests that the task makes when all is well."""
    read_only: bool = field(default=False)


def _lists(server: FreshListmonk, name: str) -> list[Any]:
    return [row for row in server.api("GET", "/api/lists?minimal=true")["results"] if row["name"] == name]


def _templates(server: FreshListmonk, name: str) -> list[Any]:
    return [row for row in server.api("GET", "/api/templates") if row["name"] == name]


def _without_lists(*names: str) -> Callable[[FreshListmonk], None]:
    def prepare(server: FreshListmonk) -> None:
        for name in names:
            for row in _lists(server, name):
                server.api("DELETE", f"/api/lists/{row['id']}")

    return prepare


def _with_list(name: str, **attributes: Any) -> Callable[[FreshListmonk], None]:
    def prepare(server: FreshListmonk) -> None:
        _without_lists(name)(server)
        server.api("POST", "/api/lists", json={"name": name, "type": "private", "optin": "single", **attributes})

    return prepare


def _without_template(name: str) -> Callable[[FreshListmonk], None]:
    def prepare(server: FreshListmonk) -> None:
        for row in _templates(server, name):
            server.api("DELETE", f"/api/templates/{row['id']}")

    return prepare


SCENARIOS = {
    "a list is created": Scenario(
        module="listmonk_list",
        options={"name": "Made", "tags": ["a"]},
        prepare=_without_lists("Made"),
        count=lambda server: [row["tags"] for row in _lists(server, "Made")],
        wanted=[["a"]],
        steps=4,
    ),
    "a list is changed": Scenario(
        module="listmonk_list",
        options={"name": "Changed", "tags": ["new"]},
        prepare=_with_list("Changed", tags=["old"]),
        count=lambda server: [row["tags"] for row in _lists(server, "Changed")],
        wanted=[["new"]],
        steps=3,
    ),
    "a list is removed": Scenario(
        module="listmonk_list",
        options={"name": "Gone", "state": "absent"},
        prepare=_with_list("Gone"),
        count=lambda server: _lists(server, "Gone"),
        wanted=[],
        steps=2,
    ),
    "a template is created": Scenario(
        module="listmonk_template",
        options={"name": "Framed", "type": "campaign", "body": HTML},
        prepare=_without_template("Framed"),
        count=lambda server: [row["body"] for row in _templates(server, "Framed")],
        wanted=[HTML],
        steps=6,
    ),
    "lists are read": Scenario(
        module="listmonk_list_info",
        options={},
        prepare=lambda _server: None,
        count=lambda _server: "nothing to count",
        wanted="nothing to count",
        steps=1,
        read_only=True,
    ),
    "templates are read": Scenario(
        module="listmonk_template_info",
        options={"include_body": False},
        prepare=lambda _server: None,
        count=lambda _server: "nothing to count",
        wanted="nothing to count",
        steps=1,
        read_only=True,
    ),
}

FAULTS: dict[Kind, str] = {
    "refused": "refused",
    "reset_before": "",
    "reset_after": "",
    "silent": "",
    "429": "429",
    "502": "502",
    "truncated": "",
    "html": "web page",
}
"""What goes wrong, and what the message must say of it."""


@pytest.fixture
def proxy(listmonk: FreshListmonk, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    monkeypatch.setattr(PAUSE, lambda _seconds: None)
    with FaultProxy(listmonk.base_url) as proxy:
        yield proxy


def task(listmonk: FreshListmonk, proxy: FaultProxy, scenario: Scenario) -> Result:
    options = {**listmonk.connection, "url": proxy.url, "timeout": SILENCE, **scenario.options}
    return run_module(scenario.module, options)


CASES = [
    pytest.param(scenario, step, kind, id=f"{name}, request {step}, {kind}")
    for name, scenario in SCENARIOS.items()
    for step in range(1, scenario.steps + 1)
    for kind in FAULTS
]


@pytest.mark.parametrize(("scenario", "step", "kind"), CASES)
def test_a_fault_at_any_request_gets_a_sentence_doubles_nothing_and_a_second_run_completes(
    listmonk: FreshListmonk, proxy: FaultProxy, scenario: Scenario, step: int, kind: Kind
) -> None:
    scenario.prepare(listmonk)
    proxy.fail(step, kind, times=10)
    failed = task(listmonk, proxy, scenario)

    assert failed.failed, f"{kind} at request {step} of {proxy.log} went unnoticed"
    assert FAULTS[kind] in failed.msg
    assert "Traceback" not in failed.output
    assert listmonk.api_token not in failed.output
    assert 20 < len(failed.msg) < 1200

    proxy.well_again()
    completed = task(listmonk, proxy, scenario)
    assert not completed.failed, completed.msg
    assert scenario.count(listmonk) == scenario.wanted
    assert not task(listmonk, proxy, scenario).changed
    assert scenario.count(listmonk) == scenario.wanted


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_matrix_covers_every_request_of_the_task(listmonk: FreshListmonk, proxy: FaultProxy, name: str) -> None:
    scenario = SCENARIOS[name]
    scenario.prepare(listmonk)
    done = task(listmonk, proxy, scenario)
    assert not done.failed, done.msg
    assert len(proxy.seen) == scenario.steps, proxy.log


@pytest.mark.parametrize("kind", ["reset_before", "502", "429", "truncated"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_passing_fault_of_a_read_is_not_even_noticed(listmonk: FreshListmonk, proxy: FaultProxy, name: str, kind: Kind) -> None:
    scenario = SCENARIOS[name]
    scenario.prepare(listmonk)
    proxy.fail(1, kind, times=1)
    assert not task(listmonk, proxy, scenario).failed
