# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds the run lock: a process of a machine, recognised again on that machine, and otherwise judged by its silence."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")


@dataclass(frozen=True)
class Owner:
    """``boot`` tells a machine apart from itself before a restart, ``started`` a process from a later one of the same number."""

    host: str
    boot: str
    pid: int
    started: str
    user: str

    @staticmethod
    def of(record: dict[str, Any]) -> Owner:
        return Owner(
            host=str(record.get("host", "")),
            boot=str(record.get("boot", "")),
            pid=int(record.get("pid", 0)),
            started=str(record.get("started", "")),
            user=str(record.get("user", "")),
        )

    def described(self) -> str:
        return f"{self.user}@{self.host} (process {self.pid})"

    def is_gone(self) -> bool:
        """Whether the process certainly does not run any more. Of another machine nothing is certain."""
        here = this_process(self.pid)
        if (self.host, self.boot) != (here.host, here.boot) or not self.boot:
            return False
        return not here.started or here.started != self.started


def this_process(pid: int) -> Owner:
    """The owner that a run with this process is. ``started`` is empty if there is no such process."""
    return Owner(host=socket.gethostname(), boot=_boot(), pid=pid, started=_started(pid), user=_user())


def _boot() -> str:
    """The kernel's number of this start of the machine; empty where there is no Linux, so that only silence counts there."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process started, in clock ticks since the machine did; empty if there is no such process, or only its body."""
    try:
        # The name in the second field may hold blanks and brackets; what follows its last bracket is state, parent, ...
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that no user has
        return str(os.getuid())
