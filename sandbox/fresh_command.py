# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``fresh-listmonk fresh|fresh-no-admin``: a fresh listmonk; the last line printed is JSON (base_url, api_user, api_token, …).

It only asks the nursery (nursery.py), starting one when there is none, so that it needs no imports of its own to speak of.
SANDBOX_NURSERY=0 does without: everything happens in this process, and the server is started as a program.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .digest import digest_of_sources
from .locks import locked
from .processes import REPOSITORY, state_directory

START_TIMEOUT_S = 60.0
ANSWER_TIMEOUT_S = 120.0


class NoNursery(Exception):
    """It did not come up, or broke off."""


def main(arguments: list[str]) -> int:
    start = arguments[0] if arguments else "fresh"
    try:
        if os.environ.get("SANDBOX_NURSERY") == "0":
            from . import fresh

            answer = fresh.facts(fresh.fresh(start))
        else:
            answer = ask(start, os.environ.get("FRESH_SLOT", "default"))
    except Exception as error:
        answer = {"error": str(error)}
    if "error" in answer:
        sys.stderr.write(f"no fresh listmonk: {answer['error']}\n")
        return 1
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def ask(start: str, slot: str) -> dict[str, Any]:
    """A fresh server from the nursery of this interpreter and this state directory."""
    kind = hashlib.sha256(sys.executable.encode()).hexdigest()[:8]
    directory = state_directory() / "nursery" / kind
    request = {"start": start, "slot": slot, "environment": dict(os.environ)}
    answer = _send(directory, request)
    if answer is not None:
        return answer
    with locked(directory / "lock"):
        for _ in range(5):  # the sources may be changed again while a nursery starts
            answer = _send(directory, request)
            if answer is not None:
                return answer
            _start(directory)
    raise NoNursery(f"the sandbox's sources change faster than it starts, or its nursery ends: {_log_of(directory)}")


def _log_of(directory: Path) -> str:
    return (directory / "log").read_text("utf-8", "replace")[-2000:].strip() or "(nothing in its log)"


def _send(directory: Path, request: dict[str, Any]) -> dict[str, Any] | None:
    """None when there is no nursery, or a stale one (which then ends)."""
    line = json.dumps({**request, "digest": digest_of_sources()}) + "\n"
    try:
        with _connect(directory) as connection:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.sendall(line.encode())
            answer = connection.makefile("rb").readline()
    except (FileNotFoundError, ConnectionError):
        return None
    if not answer:
        raise NoNursery("the nursery broke off without an answer")
    said: dict[str, Any] = json.loads(answer)
    return None if said.get("stale") else said


def _connect(directory: Path) -> socket.socket:
    """By a path through /proc: a Unix socket's own may be too long for its 107 characters."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(f"/proc/self/fd/{descriptor}/nursery.sock")
    except OSError:
        connection.close()
        raise
    finally:
        os.close(descriptor)
    return connection


def _start(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "nursery.sock").unlink(missing_ok=True)
    with open(directory / "log", "wb") as log:
        nursery = subprocess.Popen(
            [sys.executable, "-m", "sandbox.nursery", str(directory)],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if nursery.poll() is not None:
            raise NoNursery(f"the nursery ended at its start: {_log_of(directory)}")
        try:
            _connect(directory).close()
        except (FileNotFoundError, ConnectionError):
            time.sleep(0.02)
        else:
            return
    raise NoNursery(f"the nursery did not start within {START_TIMEOUT_S:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
