# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time: who waits, who takes over, and what is handed on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.record import Record
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.run_lock import LockLost, RunLock
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from tests.unit.aws_operations.scripted_aws import ScriptedAws

NAME = "/paperboat/run-lock"


@dataclass
class World:
    """An SSM and a clock; each run has a process of its own."""

    aws: ScriptedAws = field(default_factory=ScriptedAws)
    time: float = 1_800_000_000.0

    def run(self, pid: int | None = None) -> RunLock:
        return RunLock(Record(cast(Aws, self.aws), NAME), pid=pid or os.getpid(), title="deploy of paperboat", now=lambda: self.time)

    def record(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.aws.parameters[NAME][-1])
        return value

    def held_elsewhere(self, **changes: Any) -> None:
        """The lock as a run on another machine would hold it."""
        self.run().acquire()
        value = {**self.record(), "host": "elsewhere", "user": "anna", "run": "theirs", "step": "Apply the database", **changes}
        self.aws.parameters[NAME].append(json.dumps(value))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ended_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_free_lock_is_taken_and_given_back_without_a_trace(world: World) -> None:
    held = world.run().acquire()
    assert held.previous is None
    assert world.record()["run"] == held.run
    world.run().release(held.run)
    assert world.aws.parameters == {}


def test_a_second_run_is_told_who_works_where_and_what_it_can_do(world: World) -> None:
    world.held_elsewhere()
    world.time += 125
    with pytest.raises(MailingError) as refused:
        world.run().acquire()
    for words in ("anna@elsewhere", "'Apply the database'", "125 seconds ago", "15 minutes"):
        assert words in str(refused.value)


def test_a_lock_is_taken_over_at_once_when_its_process_on_this_machine_has_ended(world: World, ended_process: int) -> None:
    first = world.run(ended_process).acquire()
    second = world.run().acquire()
    assert second.previous is not None
    assert second.previous["run"] == first.run
    assert "has ended" in second.taken_over_because


def test_a_lock_of_another_machine_is_taken_over_after_a_quarter_of_an_hour_of_silence_and_not_before(world: World) -> None:
    world.held_elsewhere()
    world.time += 15 * 60 - 1
    with pytest.raises(MailingError):
        world.run().acquire()
    world.time += 1
    held = world.run().acquire()
    assert held.taken_over_because == "it has been silent for 15 minutes"


def test_a_touch_keeps_the_lock_from_being_taken_over(world: World) -> None:
    world.held_elsewhere()
    world.time += 14 * 60
    world.run().touch("theirs", "Wait for the database")
    world.time += 14 * 60
    with pytest.raises(MailingError, match="'Wait for the database'"):
        world.run().acquire()


def test_a_run_whose_lock_was_taken_over_stops_at_its_next_touch(world: World) -> None:
    world.held_elsewhere()
    world.time += 16 * 60
    second = world.run().acquire()
    with pytest.raises(LockLost, match="has taken over"):
        world.run().touch("theirs", "Apply the service")
    assert world.record()["run"] == second.run


def test_of_two_runs_that_take_over_at_the_same_moment_one_gets_the_lock(world: World) -> None:
    world.held_elsewhere()
    world.time += 16 * 60
    winner = []
    world.aws.before_put = lambda: winner.append(world.run().acquire().run)
    with pytest.raises(MailingError, match="is being worked on"):
        world.run().acquire()
    assert world.record()["run"] == winner[0]


def test_of_two_runs_that_take_a_free_lock_at_the_same_moment_one_gets_it(world: World) -> None:
    winner = []
    world.aws.before_put = lambda: winner.append(world.run().acquire().run)
    with pytest.raises(MailingError, match="is being worked on"):
        world.run().acquire()
    assert world.record()["run"] == winner[0]


def test_what_is_pending_is_handed_to_the_next_run_after_a_release_and_after_a_kill(world: World, ended_process: int) -> None:
    first = world.run(ended_process).acquire()
    world.run().touch(first.run, "configure", ["public tasks"])
    second = world.run().acquire()
    assert second.pending == ("public tasks",)
    assert world.run().release(second.run) == ("public tasks",)
    third = world.run().acquire()
    assert third.pending == ("public tasks",)
    assert third.previous is None, "the second run gave the lock back, so nothing was taken over"
    world.run().touch(third.run, "done", [])
    world.run().release(third.run)
    assert world.aws.parameters == {}


def test_a_touch_without_a_word_about_what_is_pending_keeps_it(world: World) -> None:
    held = world.run().acquire()
    world.run().touch(held.run, "configure", ["public tasks"])
    assert world.run().touch(held.run, "roll") == ("public tasks",)


def test_a_lock_that_was_removed_ends_the_run(world: World) -> None:
    held = world.run().acquire()
    world.aws.parameters.clear()
    with pytest.raises(LockLost, match="was removed"):
        world.run().touch(held.run, "configure")


def test_a_parameter_that_something_else_keeps_is_left_alone(world: World) -> None:
    world.aws.parameters[NAME] = ["on"]
    with pytest.raises(MailingError, match="does not hold a record"):
        world.run().acquire()
    assert world.aws.parameters[NAME] == ["on"]


def test_looking_says_who_works_and_writes_nothing(world: World) -> None:
    assert world.run().look() == ""
    world.held_elsewhere()
    before = len(world.aws.parameters[NAME])
    assert "anna@elsewhere" in world.run().look()
    assert len(world.aws.parameters[NAME]) == before


def test_a_write_that_was_repeated_because_its_answer_was_lost_is_our_own(world: World) -> None:
    held = world.run().acquire()
    put = world.aws._put_parameter

    def twice(**parameters: Any) -> dict[str, Any]:
        put(**parameters)
        return put(**parameters)

    world.aws._put_parameter = twice  # type: ignore[method-assign]
    assert world.run().touch(held.run, "configure") == ()
