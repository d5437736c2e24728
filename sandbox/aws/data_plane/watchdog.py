# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends what a sandbox's AWS left running: ``python watchdog.py HOME``, as a child of the server, with a pipe as standard input.

The pipe closes when the server ends, however it ends. Then every process that carries this home in its environment is killed, and so
is every PostgreSQL below it (which has overwritten its environment, but leaves its number in postmaster.pid). A parent-death signal
(prctl) would not do: it comes when the *thread* that started the process ends, and not to grandchildren.

Run as a file, with the standard library alone, so that it takes little time and memory.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

HOME_VARIABLE = "SANDBOX_AWS_HOME"


def main(home: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end we wait for
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while os.read(0, 1024):
        pass
    end_all(Path(home))


def end_all(home: Path) -> None:
    for pid in [*_databases(home), *_marked(home)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _marked(home: Path) -> list[int]:
    """Processes with our mark in their environment."""
    mark = f"{HOME_VARIABLE}={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile, or somebody else's
        if mark in variables:
            found.append(int(entry.name))
    return found


def _databases(home: Path) -> list[int]:
    """PostgreSQL ends all of its children when its first process is killed."""
    found = []
    for file in home.glob("databases/*/data-*/postmaster.pid"):
        try:
            pid = int(file.read_text().split("\n", 1)[0])
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue
        if str(file.parent).encode() in arguments:
            found.append(pid)
    return found


if __name__ == "__main__":
    main(sys.argv[1])
