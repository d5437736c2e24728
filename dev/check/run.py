# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs steps side by side as far as the cores allow, and keeps what each printed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from dev.check.steps import REPORTS, ROOT, Step

CORES = 2
GRACE = 20.0
"""Seconds that a step gets to clean up when it is ended."""


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True)
class Result:
    step: Step
    returncode: int
    seconds: float
    counts: Counts | None
    """What pytest counted; None for other steps, and where pytest died before it could write its report."""

    @property
    def passed(self) -> bool:
        return self.returncode == 0 and (self.step.report is None or (self.counts is not None and self.counts.passed > 0))


@dataclass
class Running:
    step: Step
    process: subprocess.Popen[bytes]
    began: float


def run_stage(steps: Iterable[Step]) -> Iterator[Result]:
    """Yields each result as soon as it is there."""
    waiting = list(steps)
    running: list[Running] = []
    REPORTS.mkdir(parents=True, exist_ok=True)
    try:
        while waiting or running:
            free = CORES - sum(entry.step.cores for entry in running)
            startable = next((step for step in waiting if step.cores <= free), None)
            if startable is not None:
                waiting.remove(startable)
                running.append(start(startable))
                continue
            for entry in running:
                end_if_overdue(entry)
            ended = [entry for entry in running if entry.process.poll() is not None]
            for entry in ended:
                running.remove(entry)
                yield finished(entry)
            if not ended:
                time.sleep(0.05)
    finally:
        for entry in running:
            end(entry)


def end_if_overdue(entry: Running) -> None:
    if time.monotonic() - entry.began > entry.step.limit and entry.process.poll() is None:
        end(entry)
        with entry.step.output.open("a") as output:
            output.write(f"\nEnded because it took longer than {entry.step.limit:g} s.\n")


def end(entry: Running) -> None:
    """Ends a step and what it started (it is a process group of its own), like Ctrl-C first: pytest then names what failed so far."""
    for how in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(entry.process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            entry.process.wait(timeout=GRACE)
            return


def start(step: Step) -> Running:
    command = list(step.command)
    if step.report is not None:
        step.report.unlink(missing_ok=True)
        command.append(f"--junitxml={step.report}")
    with step.output.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(step, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=hear_ctrl_c,
        )
    return Running(step, process, time.monotonic())


def hear_ctrl_c() -> None:
    """In the step's process: who starts us in the background lets us, and all that we start, ignore it, and a step could not be ended so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def environment(step: Step, inherited: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would point a test at a real listmonk or bend Ansible's behaviour."""
    kept = {key: value for key, value in inherited.items() if not key.startswith(("ANSIBLE_", "LISTMONK_", "PYTEST_"))}
    folder = ROOT / step.end.folder
    return kept | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{inherited.get('PATH', '')}",
        "VIRTUAL_ENV": str(folder),
        "ANSIBLE_HOME": str(ROOT / ".ansible"),
        "PYTHONUNBUFFERED": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".cache/hypothesis"),
        "TEST_END": step.end.folder.lstrip("."),
    }


def finished(entry: Running) -> Result:
    return Result(entry.step, entry.process.returncode, time.monotonic() - entry.began, read_counts(entry.step))


def read_counts(step: Step) -> Counts | None:
    if step.report is None or not step.report.exists():
        return None
    total = Counts()
    for suite in ElementTree.parse(step.report).getroot().iter("testsuite"):
        ran, failures, errors, skipped = (int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped"))
        total += Counts(passed=ran - failures - errors - skipped, failed=failures + errors, skipped=skipped)
    return total
