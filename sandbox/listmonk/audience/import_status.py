# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the process's one import stands, its log, and the signal to stop it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StatusName = Literal["none", "importing", "stopping", "finished", "failed"]


@dataclass
class Status:
    name: str = ""
    total: int = 0
    imported: int = 0
    status: StatusName = "none"


class ImportLog:
    """The lines of one import. They name the real server's source lines, by which some people read them."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, source_line: int, text: str) -> None:
        self._lines.append(f"{datetime.now():%Y/%m/%d %H:%M:%S.%f} importer.go:{source_line}: {text}\n")

    def text(self) -> str:
        return "".join(self._lines)


class Progress:
    """What GET shows and DELETE changes. Lost with the process, as on the real server.

    The stop signal is a token that waits for the next line to be read. If it comes when the file has been read and rows are still
    being written, nobody takes it, and it ends the *next* import before its first row: listmonk's bug (issue #859), kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status = Status()
        self._log: ImportLog | None = ImportLog()
        self._stop = threading.Event()

    def snapshot(self) -> Status:
        with self._lock:
            return Status(self._status.name, self._status.total, self._status.imported, self._status.status)

    @property
    def busy(self) -> bool:
        return self._status.status in ("importing", "stopping")

    def begin(self, name: str) -> ImportLog | None:
        """The log of a new import; None when there is one already."""
        with self._lock:
            if self.busy:
                return None
            self._status = Status(name, status="importing")
            self._log = log = ImportLog()
            return log

    def log_text(self) -> str:
        log = self._log
        return log.text() if log else ""

    def expect(self, total: int) -> None:
        with self._lock:
            self._status.total = total

    def add_imported(self, number: int) -> None:
        with self._lock:
            self._status.imported += number

    def end(self, status: Literal["finished", "failed"]) -> None:
        with self._lock:
            self._status.status = status

    def stop_or_clear(self) -> None:
        """Signal a running import; forget one that has ended."""
        with self._lock:
            if self._status.status != "importing":
                self._status, self._log = Status(), None
            elif not self._stop.is_set():
                self._stop.set()
                self._status.status = "stopping"

    def take_stop(self) -> bool:
        if not self._stop.is_set():
            return False
        self._stop.clear()
        return True
