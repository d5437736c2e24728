# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running process: boot, serve, restart (same pid, listener closed meanwhile), end."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
import types
from collections.abc import Mapping
from typing import Any

from cheroot import wsgi
from flask import Flask

from . import app
from .configuration import Configuration
from .database import Pool
from .log import Log
from .state import State

THREADS = 16
_CONNECTION = "sandbox.connection"
EXIT_BY_SIGTERM = 143
IDLE_VARIABLE = "SANDBOX_IDLE_SECONDS"  # ends a forgotten server of a test run; listmonk has no such thing


def hang_up(environ: Mapping[str, Any]) -> None:
    """Close the connection of the request, so that its client gets no answer at all."""
    with contextlib.suppress(OSError):
        environ[_CONNECTION].socket.shutdown(socket.SHUT_RDWR)


def serve(configuration: Configuration, log: Log) -> int:
    """Serve until a signal ends the process; a reload replaces the process by a new one with the same arguments."""
    state = boot(configuration, log)
    application = app.create(state)
    idle = float(os.environ.get(IDLE_VARIABLE, "0"))
    if idle:
        _end_when_idle(application, idle, log)
    http = _HttpServer(_address(configuration.address), application, numthreads=THREADS, server_name="listmonk", shutdown_timeout=1)
    http.gateway = _Gateway
    try:
        http.prepare()
    except OSError as error:
        log(f"error starting HTTP server: listen tcp {configuration.address}: {error}")
        return 1
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, lambda _number, _frame: state.reload.set())
    threading.Thread(target=http.serve, name="http", daemon=True).start()
    log(f"http server started on {configuration.address}")
    state.reload.wait()
    log("reloading on signal ...")
    http.stop()
    state.pool.close()
    os.execv(sys.executable, [sys.executable, "-m", "sandbox.listmonk", *sys.argv[1:]])


class _Gateway(wsgi.Gateway_10):
    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[_CONNECTION] = self.req.conn
        return environ


class _HttpServer(wsgi.Server):
    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Broken connections and the like are not listmonk's log."""


def boot(configuration: Configuration, log: Log) -> State:
    """Read the settings once: what is written later takes effect with the next boot."""
    state = State(configuration=configuration, pool=Pool(configuration.database), log=log)
    with state.db() as cur:
        state.settings = {row["key"]: row["value"] for row in cur.execute("SELECT key, value FROM settings").fetchall()}
    return state


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "0.0.0.0", int(port)


def _end_when_idle(application: Flask, seconds: float, log: Log) -> None:
    last = [time.monotonic()]

    def note() -> None:
        last[0] = time.monotonic()

    def watch() -> None:
        while (left := last[0] + seconds - time.monotonic()) > 0:
            time.sleep(left)
        log(f"no request for {seconds:.0f} s: ending")
        os._exit(0)

    application.before_request(note)
    threading.Thread(target=watch, name="idle", daemon=True).start()


def _end(_number: int, _frame: types.FrameType | None) -> None:
    os._exit(EXIT_BY_SIGTERM)


