# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""molecule as a person runs it: a process whose whole output is looked at, and which ends with us, as does what it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fresh_listmonk import ROOT

GRACE_S = 10.0
NOT_OURS = ("AWS_", "ANSIBLE_", "LISTMONK_", "MOLECULE_")
UNTIL_WE_END = ("setpriv", "--pdeathsig", "TERM", "sh", "-c", 'trap "trap - TERM; kill 0" TERM; "$@" & wait $!', "sh")
"""Runs a program in the shell's process group, and ends that group when we are killed: the signal alone would reach no grandchild."""
IDLE_S = 120
"""Seconds after which a listmonk ends that nobody asks anything any more."""


@dataclass(frozen=True)
class Ended:
    code: int
    output: str


@dataclass(frozen=True)
class Scenario:
    """A scenario in a folder of its own, which is all that runs beside each other do not share."""

    name: str
    folder: Path
    ends_with: Path
    """A pipe that this process holds open: the AWS of the scenario ends once nobody does."""

    def molecule(self, command: str, timeout: float) -> Ended:
        """``molecule test``, or another of its commands, on this scenario; it is ended when it takes longer than ``timeout`` seconds."""
        process = subprocess.Popen(
            [*UNTIL_WE_END, sys.executable, "-m", "molecule", command, "-s", self.name],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        too_long = ""
        try:
            output, _nothing = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            end_group(process)
            output, _nothing = process.communicate()
            too_long = f"\nEnded because it took longer than {timeout:g} s."
        finally:
            end_group(process)
        return Ended(process.returncode, output + too_long)

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(NOT_OURS)}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_HOME": str(ROOT / ".ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "FRESH_IDLE": str(IDLE_S),
            "MOLECULE_EPHEMERAL_DIRECTORY": str(self.folder),
            "NO_COLOR": "1",
            "SANDBOX_ENDS_WITH": str(self.ends_with),
        }


def end_group(process: subprocess.Popen[str]) -> None:
    """End it and what it runs; nothing happens when it has ended by itself."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)


@contextlib.contextmanager
def scenario(name: str, folder: Path) -> Iterator[Scenario]:
    """Whatever AWS the scenario started, and did not end, ends with the block or with this process."""
    pipe = folder / "held-open"
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)  # to open it for writing alone would wait for a reader
    ephemeral = folder / "scenario"
    ephemeral.mkdir()
    try:
        yield Scenario(name, ephemeral, pipe)
    finally:
        os.close(descriptor)
