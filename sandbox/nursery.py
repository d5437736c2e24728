# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that has everything imported and forks fresh listmonks on request.

A server's start is mostly Python's imports; a test run that starts hundreds would spend most of its time there. Whoever asks sends
``{"start", "slot", "environment", "digest"}`` as one line over a Unix socket and gets the server's facts, or ``{"error"}``, as one line.
When the sources have changed (another digest) the nursery answers ``{"stale": true}`` and ends. It also ends when nobody has asked for
IDLE_S seconds or its socket is deleted; the servers that it forked live on.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from . import fresh
from .digest import digest_of_sources
from .listmonk import command_line, groups, server
from .processes import Process, start_time

IDLE_S = 600
LOOK_S = 2.0  # how often it looks whether it is still wanted
SOCKET = "nursery.sock"
AGAIN = 75  # the exit status of a server that restarts
PR_SET_PDEATHSIG = 1  # prctl(2): the signal to get when the parent ends


def serve(directory: Path) -> None:
    """Listen in the directory until idle, stale or deleted."""
    _import_everything()
    digest = digest_of_sources()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    os.chdir(directory)  # the path of a Unix socket may have 107 characters, a relative one is short
    Path(SOCKET).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(SOCKET)
        Path(SOCKET).chmod(0o600)
        listener.listen(64)
        listener.settimeout(LOOK_S)
        deadline = time.monotonic() + IDLE_S
        while Path(SOCKET).exists() and time.monotonic() < deadline:
            try:
                connection, _address = listener.accept()
            except TimeoutError:
                continue
            deadline = time.monotonic() + IDLE_S
            with connection:
                line = connection.makefile("rb").readline()
                if not line:
                    continue  # somebody looked whether we are here
                request = json.loads(line)
                if request.get("digest") != digest:
                    connection.sendall(b'{"stale": true}\n')
                    return
                if os.fork() == 0:
                    listener.close()
                    _answer(connection, request)


def _import_everything() -> None:
    importlib.import_module(server.__name__)
    for module in pkgutil.iter_modules(groups.__path__):
        importlib.import_module(f"{groups.__name__}.{module.name}")


def _answer(connection: socket.socket, request: dict[str, Any]) -> None:
    """In a child: prepare a fresh listmonk, fork it off, say where it is, end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request["environment"])
    try:
        answer = fresh.facts(fresh.fresh(request["start"], request["slot"], launch=_fork_listmonk))
    except Exception as error:
        answer = {"error": f"{error}" or type(error).__name__}
    connection.sendall(json.dumps(answer).encode() + b"\n")
    os._exit(0)


def _fork_listmonk(environment: dict[str, str], log: Path) -> Process:
    """Start ``listmonk --config ''`` as a child that has all of its imports done, also when it restarts."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    pid = os.fork()
    if pid:
        os.close(output)
        return Process(pid, start_time(pid) or 0)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2:  # locks and connections of our parent, which its end must free
            with contextlib.suppress(OSError):
                os.close(descriptor)
    os.chdir("/")
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["listmonk", "--config", ""]
    status = 1
    try:
        status = _serve_in_children()
    finally:
        os._exit(status)


def _serve_in_children() -> int:
    """Each life of the server is a child, while this process keeps the pid and the imports; its end is that of the last life."""
    while True:
        parent, child = os.getpid(), os.fork()
        if not child:
            _live(parent)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, partial(_pass_on, child))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != AGAIN:
            return status if status >= 0 else 128 - status


def _pass_on(child: int, number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(ProcessLookupError):  # it is just ending
        os.kill(child, number)


def _live(parent: int) -> NoReturn:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it ended before it could have told us
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    server.begin_again = _end_to_live_again
    status = 1
    try:
        status = command_line.main(sys.argv[1:])
    finally:
        sys.stdout.flush()
        os._exit(status)


def _end_to_live_again() -> NoReturn:
    sys.stdout.flush()
    os._exit(AGAIN)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
