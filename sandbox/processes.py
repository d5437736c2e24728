# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that outlive the program that started them: found again by pid and start time, so that a reused pid is nobody's."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
REPOSITORY = Path(__file__).resolve().parent.parent  # on PYTHONPATH of what runs a part of the sandbox


@dataclass(frozen=True)
class Process:
    pid: int
    started: int  # clock ticks after the machine's boot; 0 when unknown

    def alive(self) -> bool:
        return bool(self.started) and start_time(self.pid) == self.started

    def end(self, timeout: float = 10.0, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end; kill it if it has not after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, with_signal if time.monotonic() < deadline else signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)  # our own child would stay a zombie
            time.sleep(0.02)


def start(command: Sequence[str], *, log: Path, environment: Mapping[str, str], cwd: Path | None = None) -> Process:
    """Start a program in the background: its output goes to the log, and it lives on when we end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as output:
        child = subprocess.Popen(
            command, env=dict(environment), cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    return Process(child.pid, start_time(child.pid) or 0)


def state_directory() -> Path:
    """Where the sandbox keeps what is running: SANDBOX_STATE, else .cache/sandbox in the repository."""
    given = os.environ.get("SANDBOX_STATE")
    return Path(given).absolute() if given else REPOSITORY / ".cache" / "sandbox"


def environment_for_listmonk(**variables: str) -> dict[str, str]:
    """Our environment for a listmonk, without the LISTMONK_* that are meant for Ansible (a token would be none of its business)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LISTMONK_")}
    return {**kept, **variables}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def end_of(log: Path, lines: int = 5) -> str:
    """The last lines of a log, for the sentence that says what went wrong."""
    if not log.exists():
        return "(no log)"
    return " / ".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


def start_time(pid: int) -> int | None:
    """When the process started, in clock ticks after the boot; None when there is no such process, or just its zombie."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in ("Z", "X") else int(fields[18])
