# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever goes wrong at whichever request of a task: the message is right, nothing is doubled, and running again completes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import requests

from tests.faults.scenario import FAULTS, SEED, SILENCE, Point, World, cases, collapsed
from tests.faults.scenarios import SCENARIOS
from tests.faults.scripted_server import FaultProxy, Kind
from tests.fresh_listmonk import FreshListmonk
from tests.task_in_process import MODULES

pytestmark = pytest.mark.server

OURS = "ansible_collections.clarivum.mailing.plugins.module_utils._listmonk"
NUMBERS = count(1)


@pytest.fixture
def world(listmonk: FreshListmonk, tmp_path: Path) -> World:
    return World(listmonk, tmp_path)


@pytest.fixture
def proxy(listmonk: FreshListmonk, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """What a person would wait for is short: pauses before a repetition, and patience with a lost upload."""
    monkeypatch.setattr(f"{OURS}.transport._sleep", lambda _seconds: None)
    monkeypatch.setattr(f"{OURS}.imports.sending._ARRIVES_WITHIN", 0.5)
    with FaultProxy(listmonk.base_url) as proxy:
        yield proxy


def idle(server: FreshListmonk) -> None:
    """Wait until no import is running and no restart: what a task that failed had begun goes on by itself."""
    until = time.monotonic() + 30
    while _busy(server):
        assert time.monotonic() < until
        time.sleep(0.05)


def _busy(server: FreshListmonk) -> bool:
    try:
        status: str = server.api("GET", "/api/import/subscribers")["status"]
    except requests.RequestException:  # it restarts
        return True
    return status in ("importing", "stopping")


CASES = [pytest.param(point, kind, id=f"{name}, {point.step}, {kind}") for name, point, kind in cases(SCENARIOS)]


@pytest.mark.parametrize(("point", "kind"), CASES)
def test_a_fault_at_any_request_gets_a_sentence_doubles_nothing_and_a_second_run_completes(
    world: World, proxy: FaultProxy, point: Point, kind: Kind
) -> None:
    print(f"FAULTS_SEED={SEED} chose this; REHEARSE=1 tries every fault")
    scenario, number = point.scenario, next(NUMBERS)
    survived = scenario.survives(point.request, kind)
    scenario.prepare(world, number)
    point.break_at(proxy, kind, survived=survived)
    first = scenario.run(world, number, proxy.url, timeout=SILENCE if kind == "silent" else 30)

    assert "Traceback" not in first.output
    assert world.server.api_token not in first.output
    if survived:
        assert first.changed
        assert scenario.seen(world, number) == scenario.wanted(number)
    else:
        assert first.failed, f"{kind} at {point.request} of {proxy.log} went unnoticed"
        assert FAULTS[kind] in first.msg
        assert 20 < len(first.msg) < 1200

    proxy.well_again()
    idle(world.server)
    second = scenario.run(world, number, proxy.url)
    assert not second.failed, second.msg
    assert scenario.seen(world, number) == scenario.wanted(number)
    assert not scenario.run(world, number, proxy.url).changed
    assert scenario.seen(world, number) == scenario.wanted(number)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_matrix_covers_every_request_of_the_task(world: World, proxy: FaultProxy, name: str) -> None:
    scenario, number = SCENARIOS[name], next(NUMBERS)
    scenario.prepare(world, number)
    done = scenario.run(world, number, proxy.url)
    assert not done.failed, done.msg
    assert collapsed(scenario, proxy.log) == scenario.requests


@pytest.mark.parametrize("kind", ["reset_before", "502", "429", "truncated"])
@pytest.mark.parametrize("name", [name for name, scenario in SCENARIOS.items() if not scenario.expensive])
def test_a_passing_fault_of_a_read_is_not_even_noticed(world: World, proxy: FaultProxy, name: str, kind: Kind) -> None:
    scenario, number = SCENARIOS[name], next(NUMBERS)
    scenario.prepare(world, number)
    proxy.fail(1, kind, times=1)
    assert not scenario.run(world, number, proxy.url).failed


def test_every_module_has_a_scenario() -> None:
    assert sorted({scenario.module for scenario in SCENARIOS.values()}) == MODULES
