# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario that is not brought to its end leaves nothing running."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.fresh_listmonk import ROOT
from tests.molecule.scenario import scenario

LIMIT_S = 300.0
SOON_S = 90.0

RUN_A_SCENARIO = """
import sys
from pathlib import Path
from tests.molecule.scenario import scenario
with scenario("aws_network", Path(sys.argv[1])) as found:
    found.molecule("test", 900.0)
"""


def comes_true(condition: Callable[[], bool], limit: float) -> bool:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def running_in(folder: Path) -> list[str]:
    """The command lines on this machine that name the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [line for line in found if str(folder) in line]


def test_a_scenario_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    with scenario("aws_network", tmp_path) as found:
        ended = found.molecule("test", 8.0)
    assert ended.code != 0
    assert ended.output.endswith("Ended because it took longer than 8 s.")
    assert comes_true(lambda: not running_in(tmp_path), SOON_S), running_in(tmp_path)


def test_a_scenario_ends_with_all_that_it_started_when_whoever_ran_it_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", RUN_A_SCENARIO, str(tmp_path)], cwd=ROOT)
    assert comes_true((tmp_path / "scenario/aws.json").exists, LIMIT_S)
    assert any("sandbox.aws" in line for line in running_in(tmp_path))
    owner.kill()
    owner.wait()
    assert comes_true(lambda: not running_in(tmp_path), SOON_S), running_in(tmp_path)
