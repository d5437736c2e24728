# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a service goes from one deployment to the next: which tasks to stop and how many to start, without touching any.

By ECS's rules for rolling updates: at least ``minimum`` tasks stay healthy, and never more than ``maximum`` exist, those counted that
are still stopping. So 0 and 100 % stop before they start, and 100 and 200 % start before they stop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_FAILURES = 3
MOST_FAILURES = 200


@dataclass(frozen=True)
class Limits:
    desired: int
    minimum: int
    maximum: int


@dataclass(frozen=True)
class TaskNow:
    id: str
    new: bool  # belongs to the deployment that is wanted
    healthy: bool
    stopping: bool


@dataclass(frozen=True)
class Step:
    stop: tuple[str, ...] = ()
    start: int = 0


def limits(desired: int, minimum_percent: int, maximum_percent: int) -> Limits:
    """The minimum is rounded up, the maximum down, as ECS does."""
    return Limits(desired, math.ceil(desired * minimum_percent / 100), math.floor(desired * maximum_percent / 100))


def next_step(limit: Limits, tasks: Sequence[TaskNow]) -> Step:
    """``tasks`` from the oldest to the youngest."""
    live = [task for task in tasks if not task.stopping]
    new = [task for task in live if task.new]
    old = [task for task in live if not task.new]
    stop = _surplus(new, limit.desired)
    kept = [task for task in new if task not in stop]
    missing = limit.desired - len(kept)
    room = max(0, limit.maximum - (len(tasks) - len(stop)))
    stop += _replaced(kept, old, limit, blocked=missing > room)
    return Step(tuple(task.id for task in stop), max(0, min(missing, limit.maximum - len(tasks))))


def most_failures(desired: int) -> int:
    """After how many failed tasks the circuit breaker gives a deployment up, unless its configuration says how many."""
    return min(MOST_FAILURES, max(FEWEST_FAILURES, math.ceil(desired / 2)))


def _surplus(new: Sequence[TaskNow], desired: int) -> list[TaskNow]:
    """More than are wanted, after a smaller count was asked for: unhealthy ones first, then the youngest."""
    youngest_first = new[::-1]
    return sorted(youngest_first, key=lambda task: task.healthy)[: max(0, len(new) - desired)]


def _replaced(new: Sequence[TaskNow], old: Sequence[TaskNow], limit: Limits, *, blocked: bool) -> list[TaskNow]:
    """Old tasks that can go: those whose place is taken by a healthy new one, or, when no new one fits in, those that the minimum spares."""
    healthy = sum(task.healthy for task in [*new, *old])
    taken = sum(task.healthy for task in new)
    stop: list[TaskNow] = []
    for task in sorted(old, key=lambda one: one.healthy):
        still_there = len(old) - len(stop)
        if not blocked and limit.desired - taken >= still_there:
            break
        if task.healthy and healthy - 1 < limit.minimum:
            break
        healthy -= task.healthy
        stop.append(task)
    return stop
