# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deployment of a service: a task definition and the tasks that were started from it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from .running_task import RunningTask

LONGEST_PAUSE_S = 5.0
FIRST_PAUSE_S = 0.2


def _new_id() -> str:
    return f"ecs-svc/{mock_random.randint(10**18, 10**19 - 1)}"


@dataclass
class Deployment:
    task_definition: str
    signature: str  # what makes a new deployment when it changes
    id: str = field(default_factory=_new_id)
    state: str = "IN_PROGRESS"
    reason: str = ""
    failed: int = 0
    failed_in_a_row: int = 0
    tasks: list[RunningTask] = field(default_factory=list)
    created_at: datetime = field(default_factory=utcnow)
    updated_at: datetime = field(default_factory=utcnow)
    _not_before: float = 0.0

    def __post_init__(self) -> None:
        self.reason = self.reason or f"ECS deployment {self.id} in progress."

    def set(self, state: str, reason: str) -> None:
        self.state, self.reason, self.updated_at = state, reason, utcnow()

    def count_failure(self) -> None:
        """After each one in a row the next start waits longer; ECS waits up to minutes."""
        self.failed += 1
        self.failed_in_a_row += 1
        self.updated_at = utcnow()
        self._not_before = time.monotonic() + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.failed_in_a_row - 1))

    @property
    def may_start(self) -> bool:
        return time.monotonic() >= self._not_before
