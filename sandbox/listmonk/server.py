# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running process: serve, restart (same pid, listener closed meanwhile), end."""

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
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from cheroot import wsgi
from flask import Flask

from . import app
from .boot import boot
from .configuration import Configuration
from .log import Log

THREADS = 16
_CONNECTION = "sandbox.connection"
EXIT_BY_SIGTERM = 143


def hang_up(environ: Mapping[str, Any]) -> None:
    """Close the connection of the request, so that its client gets no answer at all."""
    with contextlib.suppress(OSError):
        environ[_CONNECTION].socket.shutdown(socket.SHUT_RDWR)


def serve(configuration: Configuration, log: Log) -> int:
    """Serve until a signal ends the process (or return 1 when the address is taken); a reload replaces the process by a new one with the same arguments."""
    state = boot(configuration, log)
    application = app.create(state)
    if configuration.idle_seconds:
        _end_when_idle(application, configuration.idle_seconds, log)
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
    sys.stdout.write(f"⇨ http server started on {configuration.address}\n")
    sys.stdout.flush()
    state.reload.wait()
    log("reloading on signal ...")
    http.stop()
    state.pool.close()
    return begin_again()


def _execute_again() -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", "sandbox.listmonk", *sys.argv[1:]])


begin_again: Callable[[], NoReturn] = _execute_again
"""How a reload replaces the process; the nursery has a faster way."""


class _Gateway(wsgi.Gateway_10):
    """Lets views reach the connection; cheroot itself hands on the request only."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # cheroot's stub says None for its base class
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[_CONNECTION] = self.req.conn
        return environ


class _HttpServer(wsgi.Server):
    # Also how long a stop may take. With the default, 0.5 s, a restart closed the port up to a second after the answer: a client that
    # looked for the server then still met the old one.
    expiration_interval = 0.1

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """cheroot reports clients that went away, which listmonk does not; views' failures are logged by app.py."""
        if level >= logging.ERROR:
            sys.stderr.write(f"{msg}\n")


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "0.0.0.0", int(port)


def _end_when_idle(application: Flask, seconds: int, log: Log) -> None:
    last = [time.monotonic()]

    def note() -> None:
        last[0] = time.monotonic()

    def watch() -> None:
        while (left := last[0] + seconds - time.monotonic()) > 0:
            time.sleep(left)
        log(f"no request for {seconds} s: ending")
        os._exit(0)

    application.before_request(note)
    threading.Thread(target=watch, name="idle", daemon=True).start()


def _end(_number: int, _frame: types.FrameType | None) -> None:
    os._exit(EXIT_BY_SIGTERM)
