# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures on order, for tests: what AWS does when it is out of capacity, slow or refuses, and no emulator does by itself.

``POST /sandbox/faults`` takes a list of ``{"logical_id", "action", "reason", "times", "seconds", "stack"}``: the next ``times`` (1) times
that the resource is to be created, updated, deleted or rolled back (an update's or removal's undoing), or that a change set finds out
what becomes of it (plan), it takes ``seconds`` longer, and fails if there is a ``reason``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import ResourceFailed

ACTIONS = ("plan", "create", "update", "delete", "rollback")


@dataclass(frozen=True)
class Fault:
    logical_id: str
    action: str
    reason: str | None = None
    times: int = 1
    seconds: float = 0.0
    stack: str | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"the action of a fault is one of {', '.join(ACTIONS)}, not {self.action!r}")

    def meets(self, stack: str, logical_id: str, action: str) -> bool:
        return self.times > 0 and (self.logical_id, self.action) == (logical_id, action) and self.stack in (None, stack)


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def order(self, faults: list[Mapping[str, Any]]) -> None:
        """Replace what was ordered before.

        Raises:
            TypeError, ValueError: a fault is not understood.
        """
        with self._lock:
            self._faults = [Fault(**fault) for fault in faults]

    def strike(self, stack: str, logical_id: str, action: str, pause: Callable[[float], None]) -> None:
        """Do what was ordered for this moment.

        Raises:
            ResourceFailed: it was ordered to fail.
        """
        with self._lock:
            found = next((index for index, fault in enumerate(self._faults) if fault.meets(stack, logical_id, action)), None)
            if found is None:
                return
            fault = self._faults[found]
            self._faults[found] = replace(fault, times=fault.times - 1)
        pause(fault.seconds)
        if fault.reason is not None:
            raise ResourceFailed(fault.reason)
