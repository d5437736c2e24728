# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's log: lines on standard output, and the last of them in memory for GET /api/logs and the answers of smtp/test."""

from __future__ import annotations

import sys
import threading
from collections import deque
from datetime import datetime
from pathlib import Path

KEPT_LINES = 5000  # listmonk keeps as many, per process


class Log:
    def __init__(self) -> None:
        self._kept: deque[str] = deque(maxlen=KEPT_LINES)
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        """Write one line in listmonk's form ``YYYY/MM/DD HH:MM:SS.µs file:line: text``; the file is the caller's."""
        frame = sys._getframe(1)
        source = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        line = f"{datetime.now():%Y/%m/%d %H:%M:%S.%f} {source}: {text}"
        with self._lock:
            self._kept.append(line)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def lines(self) -> list[str]:
        with self._lock:
            return list(self._kept)
