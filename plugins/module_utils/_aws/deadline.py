# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator


class Deadline:
    """So many seconds from now, for everything that a task waits for together."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self.seconds = seconds
        self.clock = clock
        self._sleep = sleep
        self._began = clock()

    @property
    def passed(self) -> float:
        return self.clock() - self._began

    @property
    def over(self) -> bool:
        return self.passed >= self.seconds

    def looks(self, first: float, longest: float) -> Iterator[float]:
        """A look at once, then others after growing pauses until the time is up; yields the seconds since the first look.

        A pause is about a fifth of what was already waited, so the end is noticed soon after a short wait, and a long one asks seldom.
        """
        began = self.clock()
        pause = first
        while True:
            yield self.clock() - began
            if self.over:
                return
            self._sleep(min(pause, max(self.seconds - self.passed, 0.01)))
            pause = min(pause * 1.2, longest)
