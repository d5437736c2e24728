# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a service goes from one deployment to the next, step by step, without any task."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from sandbox.aws.data_plane.rollout import Limits, Step, TaskNow, limits, most_failures, next_step


@dataclass
class World:
    """Tasks that become healthy, and gone, one round after they were started, or asked to stop."""

    limit: Limits
    tasks: list[TaskNow]
    healthy: list[int] = field(default_factory=list)
    existing: list[int] = field(default_factory=list)

    def round(self, *, start_works: bool = True) -> Step:
        step = next_step(self.limit, self.tasks)
        self.tasks = [replace(task, healthy=task.healthy or (task.new and start_works)) for task in self.tasks if not task.stopping]
        self.tasks = [replace(task, stopping=True, healthy=False) if task.id in step.stop else task for task in self.tasks]
        first = sum(1 for task in self.tasks if task.new)
        self.tasks += [TaskNow(f"new {first + number}", new=True, healthy=False, stopping=False) for number in range(step.start)]
        self.healthy.append(sum(task.healthy for task in self.tasks))
        self.existing.append(len(self.tasks))
        return step


def old(count: int) -> list[TaskNow]:
    return [TaskNow(f"old {number}", new=False, healthy=True, stopping=False) for number in range(count)]


def roll(desired: int, minimum: int, maximum: int) -> World:
    world = World(limits(desired, minimum, maximum), old(desired))
    for _ in range(30):
        world.round()
    return world


def test_with_0_and_100_percent_the_old_task_is_gone_before_the_new_one_starts() -> None:
    world = World(limits(1, 0, 100), old(1))
    assert world.round() == Step(stop=("old 0",))
    assert world.round() == Step(), "it is still stopping, and counts"
    assert world.round() == Step(start=1)
    assert max(world.existing) == 1


@pytest.mark.parametrize("desired", [1, 2, 5])
def test_with_100_and_200_percent_there_are_never_fewer_healthy_tasks_than_desired(desired: int) -> None:
    world = roll(desired, 100, 200)
    assert min(world.healthy) >= desired
    assert max(world.existing) <= 2 * desired
    assert [task.new for task in world.tasks] == [True] * desired


@pytest.mark.parametrize(("desired", "minimum", "maximum"), [(4, 50, 100), (4, 50, 150), (3, 66, 133), (1, 100, 200), (2, 0, 100)])
def test_the_percentages_hold_at_every_moment_and_the_rollout_ends(desired: int, minimum: int, maximum: int) -> None:
    world = roll(desired, minimum, maximum)
    assert min(world.healthy) >= limits(desired, minimum, maximum).minimum
    assert max(world.existing) <= max(desired, limits(desired, minimum, maximum).maximum)
    assert len(world.tasks) == desired and all(task.new and task.healthy for task in world.tasks)


def test_the_minimum_is_rounded_up_and_the_maximum_down() -> None:
    assert limits(3, 50, 150) == Limits(3, minimum=2, maximum=4)


def test_new_tasks_that_never_become_healthy_replace_no_old_one() -> None:
    world = World(limits(2, 100, 200), old(2))
    for _ in range(10):
        world.round(start_works=False)
    assert [task.id for task in world.tasks if not task.new and not task.stopping] == ["old 0", "old 1"]


def test_fewer_desired_tasks_end_the_unhealthy_and_then_the_youngest() -> None:
    tasks = [
        TaskNow("a", True, True, False),
        TaskNow("b", True, False, False),
        TaskNow("c", True, True, False),
        TaskNow("d", True, True, False),
    ]
    assert next_step(limits(2, 100, 200), tasks) == Step(stop=("b", "d"))


def test_none_desired_ends_old_and_new_ones() -> None:
    tasks = [*old(1), TaskNow("new", True, True, False)]
    assert set(next_step(limits(0, 100, 200), tasks).stop) == {"old 0", "new"}


def test_the_circuit_breaks_after_half_of_the_desired_count_but_never_before_three_or_after_two_hundred() -> None:
    assert [most_failures(desired) for desired in (1, 6, 7, 30, 1000)] == [3, 3, 4, 15, 200]
