# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until listmonk has restarted.

It has no boot id: what shows that a new process answers is the first line of its log, which is kept in memory (measured: the process goes
away half a second after the write, is back within a second, and refuses connections in between).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .._core.errors import MailingError
from .errors import NotTheApi, Rejected, Unreachable
from .transport import PASSING

if TYPE_CHECKING:
    from .client import Client

Restart = Literal["none", "done", "deferred"]
"""What became of the restart that a settings write asks for."""

_LOG_LINES = 5000
"""listmonk keeps that many lines; when it has more, the first one kept is no longer the first one written."""
LOOK_AGAIN = 0.2
"""Seconds."""
PROXY_STATUSES = (502, 503, 504)
"""What a proxy answers while listmonk is away; to a write it says nothing about whether that was passed on."""


@dataclass(frozen=True, kw_only=True)
class Boot:
    """Which process answers: its first log line, if that is still there."""

    line: str

    def is_followed_by(self, log: list[str]) -> bool:
        """Whether a log was written by a later process. A log that is full may have lost its first line, so it proves nothing."""
        return bool(log) and len(log) < _LOG_LINES and log[0] != self.line


def boot(client: Client) -> Boot:
    lines = _log(client)
    return Boot(line=lines[0] if lines else "")


def is_deferred(answer: object) -> bool:
    """Whether the answer to a settings write says that the restart is put off, because campaigns are being sent."""
    return isinstance(answer, dict) and bool(answer.get("needs_restart"))


def wait_until_back(client: Client, was: Boot, *, timeout: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when a process later than ``was`` answers; raises ``MailingError`` when none does in time."""
    deadline = time.monotonic() + timeout
    last = "it still runs with the old settings"
    while True:
        try:
            if was.is_followed_by(_log(client)):
                client.forget_config()
                return
            last = "the process that was there before still answers"
        except (Unreachable, NotTheApi) as error:
            last = str(error)
        except Rejected as error:
            if error.status not in PASSING:
                raise
            last = str(error)
        if time.monotonic() >= deadline:
            raise MailingError(f"listmonk has not restarted within {timeout:g} s: {last}")
        sleep(LOOK_AGAIN)


def _log(client: Client) -> list[str]:
    lines: list[str] = client.get("/api/logs", expect=list)
    return lines
