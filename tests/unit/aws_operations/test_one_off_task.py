# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A one-off task is run once, waited for, and judged by its exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.one_off_task import Clock, Ended, OneOffTask, is_done, run_one_off_task
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from tests.unit.aws_operations.scripted_aws import ScriptedAws, refusal

WISH = OneOffTask(
    cluster="paperboat",
    task_definition="paperboat-schema",
    container="listmonk",
    command=("./listmonk", "--upgrade"),
    environment={"VERBOSE": "1"},
    subnets=("subnet-1",),
    security_groups=("sg-1",),
)
ARN = "arn:aws:ecs:eu-central-1:123456789012:task/paperboat/0123"
CONTAINER = {
    "name": "listmonk",
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/paperboat/schema", "awslogs-stream-prefix": "schema"}},
}


@dataclass
class Ecs:
    """``states`` are what DescribeTasks answers one after the other; the last one stays."""

    states: list[dict[str, Any]] = field(default_factory=list)
    starts: list[dict[str, Any]] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    aws: ScriptedAws = field(default_factory=ScriptedAws)
    time: float = 0.0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.aws.answers = {
            "describe_task_definition": lambda **_which: {"taskDefinition": {"networkMode": "awsvpc", "containerDefinitions": [CONTAINER]}},
            "list_tasks": lambda **_filter: {"taskArns": self.running},
            "run_task": lambda **_wish: self.starts.pop(0) if len(self.starts) > 1 else self.starts[0],
            "describe_tasks": lambda **_which: {"tasks": [self.states.pop(0) if len(self.states) > 1 else self.states[0]]},
            "get_log_events": self._log,
        }
        self.starts = self.starts or [{"tasks": [{"taskArn": ARN}], "failures": []}]

    def run(self, wish: OneOffTask = WISH) -> Ended:
        clock = Clock(now=lambda: self.time, sleep=self._sleep)
        return run_one_off_task(cast(Aws, self.aws), wish, self.said.append, clock)

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def _log(self, **asked: Any) -> dict[str, Any]:
        assert asked["logStreamName"] == "schema/listmonk/0123"
        if not self.lines:
            raise refusal("ResourceNotFoundException")
        return {"events": [{"message": line} for line in self.lines]}


def state(status: str, **container: Any) -> dict[str, Any]:
    return {"lastStatus": status, "containers": [{"name": "listmonk", **container}]}


def test_a_task_that_ends_well_returns_its_exit_code_and_the_end_of_its_log() -> None:
    ecs = Ecs(
        states=[state("PROVISIONING"), state("RUNNING"), state("STOPPED", exitCode=0)], lines=["running migration", "upgrade complete"]
    )
    ended = ecs.run()
    assert (ended.exit_code, ended.log, ended.task_arn) == (0, ("running migration", "upgrade complete"), ARN)
    assert "listmonk is PROVISIONING" in ecs.said[0]


def test_the_container_gets_the_command_and_the_network_that_were_asked_for() -> None:
    ecs = Ecs(states=[state("STOPPED", exitCode=0)])
    ecs.run()
    (asked,) = ecs.aws.asked("run_task")
    (override,) = asked["overrides"]["containerOverrides"]
    assert override == {"name": "listmonk", "command": ["./listmonk", "--upgrade"], "environment": [{"name": "VERBOSE", "value": "1"}]}
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }
    assert len(asked["clientToken"]) == 32


def test_another_exit_code_fails_with_the_code_the_reason_and_the_last_line() -> None:
    ecs = Ecs(states=[state("STOPPED", exitCode=7, reason="OutOfMemoryError: Container killed")], lines=["connecting", "pq: no such role"])
    with pytest.raises(MailingError) as failed:
        ecs.run()
    assert str(failed.value) == (
        "The container listmonk of paperboat-schema ended with exit code 7 (OutOfMemoryError: Container killed), not 0. "
        "Its log ends: pq: no such role"
    )
    assert failed.value.facts["exit_code"] == 7
    assert failed.value.facts["log"] == ["connecting", "pq: no such role"]


def test_an_exit_code_that_was_expected_is_success_whatever_it_is() -> None:
    ecs = Ecs(states=[state("STOPPED", exitCode=3)])
    assert ecs.run(replace(WISH, expected_exit_codes=frozenset({0, 3}))).exit_code == 3


def test_a_container_that_never_ran_fails_with_the_words_of_aws() -> None:
    stopped = {**state("STOPPED"), "stopCode": "TaskFailedToStart", "stoppedReason": "CannotPullContainerError: pull access denied"}
    ecs = Ecs(states=[stopped])
    with pytest.raises(MailingError, match="did not run: CannotPullContainerError: pull access denied"):
        ecs.run()


def test_a_task_that_an_earlier_run_started_is_waited_for_and_not_started_again() -> None:
    ecs = Ecs(states=[state("RUNNING"), state("STOPPED", exitCode=0)], running=[ARN])
    assert ecs.run().adopted
    assert ecs.aws.asked("run_task") == []
    assert ecs.aws.asked("list_tasks") == [{"cluster": "paperboat", "startedBy": WISH.started_by}]


def test_only_a_task_of_the_same_wish_is_taken_for_the_own_one() -> None:
    assert WISH.started_by == replace(WISH, timeout=5.0).started_by
    assert WISH.started_by != replace(WISH, command=("./listmonk", "--install")).started_by
    assert WISH.started_by != replace(WISH, task_definition="paperboat-schema:2").started_by


def test_a_lack_of_room_is_waited_out_with_a_new_token_each_time() -> None:
    full = {"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time"}]}
    ecs = Ecs(states=[state("STOPPED", exitCode=0)], starts=[full, full, {"tasks": [{"taskArn": ARN}]}])
    ecs.run()
    assert len({asked["clientToken"] for asked in ecs.aws.asked("run_task")}) == 3


def test_a_failure_that_no_waiting_cures_ends_at_once() -> None:
    ecs = Ecs(starts=[{"tasks": [], "failures": [{"reason": "MISSING", "detail": "no such subnet"}]}])
    with pytest.raises(MailingError, match=r"did not start a task .* MISSING, no such subnet"):
        ecs.run()
    assert ecs.time == 0


def test_a_task_that_takes_too_long_is_left_running_and_that_is_said() -> None:
    ecs = Ecs(states=[state("RUNNING")])
    with pytest.raises(MailingError, match=r"is still RUNNING after .* was not stopped"):
        ecs.run(replace(WISH, timeout=30))
    assert not [name for name, _parameters in ecs.aws.calls if name == "stop_task"]


def test_a_success_is_recorded_and_a_failure_is_not() -> None:
    wish = replace(WISH, once="/paperboat/schema", once_value={"database": "db-1"})
    failing = Ecs(states=[state("STOPPED", exitCode=1)])
    with pytest.raises(MailingError):
        failing.run(wish)
    assert failing.aws.parameters == {}
    working = Ecs(states=[state("STOPPED", exitCode=0)])
    assert not is_done(cast(Aws, working.aws), wish)
    working.run(wish)
    assert json.loads(working.aws.parameters["/paperboat/schema"][-1]) == {"database": "db-1"}
    assert is_done(cast(Aws, working.aws), wish)
    assert not is_done(cast(Aws, working.aws), replace(wish, once_value={"database": "db-2"}))


def test_a_container_that_the_task_definition_lacks_is_refused_before_anything_runs() -> None:
    ecs = Ecs()
    with pytest.raises(Refusal, match="has no container 'tools'; it has listmonk"):
        ecs.run(replace(WISH, container="tools"))
    assert ecs.aws.asked("run_task") == []


def test_fargate_needs_subnets_and_says_so_before_anything_runs() -> None:
    ecs = Ecs()
    with pytest.raises(Refusal, match="subnets must be given"):
        ecs.run(replace(WISH, subnets=()))
    assert ecs.aws.asked("run_task") == []
