# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far AWS is with a stack, as a line for whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .stack_events import Event

NAMED = 4
"""Resources that a line names before it only counts."""


@dataclass
class StackProgress:
    """``expected`` are how many resources will be worked on, 0 if nobody knows."""

    name: str
    expected: int = 0
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _working: dict[str, float] = field(default_factory=dict, init=False)
    _done: dict[str, str] = field(default_factory=dict, init=False)
    _fresh: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def note(self, events: Sequence[Event]) -> None:
        """Take in what AWS reported."""
        for event in events:
            if event.of_the_stack:
                continue
            if event.status.endswith("_IN_PROGRESS"):
                self._working.setdefault(event.logical_id, self.clock())
            else:
                self._working.pop(event.logical_id, None)
                self._done[event.logical_id] = event.status
                self._fresh.append(f"{event.logical_id} failed" if event.failed else event.logical_id)

    @property
    def working_on(self) -> list[str]:
        """What is in progress, the longest first, with the seconds."""
        now = self.clock()
        return [f"{name} {now - since:.0f} s" for name, since in sorted(self._working.items(), key=lambda entry: entry[1])]

    def line(self, status: str) -> str:
        """Where it stands: what became ready since the last line, what is in progress, and for how long."""
        seconds = int(self.clock() - self._began)
        count = f"{len(self._done)} of {self.expected} done" if self.expected else f"{len(self._done)} done"
        parts = [f"{self.name} {seconds // 60}:{seconds % 60:02d} {status}", count]
        if self._fresh:
            parts.append(f"ready: {_named(self._fresh)}")
        if self._working:
            parts.append(f"in progress: {_named(self.working_on)}")
        self._fresh = []
        return "; ".join(parts)


def _named(names: Sequence[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
