# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task to which something happens: what it begins from, the requests it makes, and which faults it is expected to live through."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.faults.scripted_answers import Seen
from tests.faults.scripted_server import FaultProxy, Kind
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result
from tests.task_in_process import run_task

FAULTS: dict[Kind, str] = {
    "refused": "refused",
    "reset_before": "",
    "reset_after": "",
    "silent": "",
    "429": "429",
    "502": "502",
    "502_after": "502",
    "truncated": "",
    "html": "web page",
}
"""What goes wrong, and what the message must say of it."""

IN_A_ROW = 10
"""Requests to which it happens: more than a task repeats a request."""

AWAY = 1.5
"""Seconds for which nobody listens where a task is expected to wait that out."""

SILENCE = 0.4
"""Seconds until a task gives up on a server that does not answer."""

SEED = int(os.environ.get("FAULTS_SEED") or 20261125)
ALL = os.environ.get("REHEARSE") == "1"
SAMPLE = 4
"""Of a task that restarts the server or imports so many faults are tried, unless REHEARSE=1 asks for all of them."""


@dataclass(frozen=True)
class World:
    """A server, and a folder for the files of a task."""

    server: FreshListmonk
    folder: Path


def _nothing(_world: World, _number: int) -> None:
    return None


def _never(_request: str, _kind: Kind) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One task. ``number`` is another one each time, so that no try meets what an earlier one left behind."""

    module: str
    requests: tuple[str, ...]
    """What the task asks when all is well; a request that is repeated until something has happened is there once, marked with POLLED."""
    options: Callable[[int], dict[str, Any]]
    prepare: Callable[[World, int], None] = _nothing
    seen: Callable[[World, int], Any] = lambda _world, _number: "nothing to see"
    """What is on the server once the task is done, however often it was begun."""
    wanted: Callable[[int], Any] = lambda _number: "nothing to see"
    survives: Callable[[str, Kind], bool] = _never
    """Whether the task is done in spite of such a fault, by the request as it stands in ``requests``."""
    expensive: bool = field(default=False)

    def run(self, world: World, number: int, url: str, timeout: float = 30.0) -> Result:
        options = {**world.server.connection, "url": url, "timeout": timeout, **self.options(number)}
        return run_task(self.module, options, world.folder)


POLLED = " until it is so"


@dataclass(frozen=True)
class Point:
    """Where something goes wrong: at the ``step``-th of the scenario's requests."""

    scenario: Scenario
    step: int

    @property
    def request(self) -> str:
        return self.scenario.requests[self.step - 1]

    @property
    def number_is_known(self) -> bool:
        """Nobody knows how often a request before it is repeated."""
        return not any(request.endswith(POLLED) for request in self.scenario.requests[: self.step - 1])

    def break_at(self, proxy: FaultProxy, kind: Kind, *, survived: bool) -> None:
        if kind == "refused":
            proxy.fail(self.step, kind, seconds=AWAY if survived else None)
        else:
            proxy.fail(self._from_here_on(), kind, times=IN_A_ROW)

    def _from_here_on(self) -> Callable[[Seen], bool]:
        """Requests are found in their order, since polling makes their number unknown."""
        awaited = [request.removesuffix(POLLED) for request in self.scenario.requests[: self.step]]

        def matches(seen: Seen) -> bool:
            if awaited and line_of(seen) == awaited[0]:
                awaited.pop(0)
            return not awaited

        return matches


def line_of(seen: Seen | str) -> str:
    """A request as scenarios write it: without the id that its path ends with."""
    return re.sub(r"/\d+$", "/", str(seen))


def collapsed(scenario: Scenario, log: Iterable[str]) -> tuple[str, ...]:
    """A log as scenarios write it: what is repeated until it is so is there once."""
    polled = {request.removesuffix(POLLED): request for request in scenario.requests if request.endswith(POLLED)}
    lines: list[str] = []
    for line, repeated in groupby(map(line_of, log)):
        times = len(list(repeated))
        follows_a_write = bool(lines) and not lines[-1].startswith("GET")
        lines += [polled[line]] if line in polled and follows_a_write else [line] * times
    return tuple(lines)


def cases(scenarios: dict[str, Scenario]) -> Iterator[tuple[str, Point, Kind]]:
    """Every fault at every request; of an expensive scenario a sample that SEED chooses."""
    for name, scenario in scenarios.items():
        points = [Point(scenario, step + 1) for step in range(len(scenario.requests))]
        every = [(name, point, kind) for point in points for kind in FAULTS if kind != "refused" or point.number_is_known]
        if scenario.expensive and not ALL:
            every = random.Random(f"{SEED} {name}").sample(every, SAMPLE)
        yield from every
