# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a service are started anew, and it is waited until they have taken over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.one_off_task import Clock
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.roll_service import Rolled, roll_service
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from tests.unit.aws_operations.scripted_aws import ScriptedAws


def deployment(number: str, state: str, running: int, status: str = "PRIMARY") -> dict[str, Any]:
    return {"id": number, "status": status, "rolloutState": state, "runningCount": running, "rolloutStateReason": f"{number} is {state}."}


def service(*deployments: dict[str, Any], desired: int = 2, events: tuple[str, ...] = ()) -> dict[str, Any]:
    messages = [{"message": event} for event in events]
    return {"status": "ACTIVE", "desiredCount": desired, "deployments": list(deployments), "events": messages}


OLD = deployment("old", "COMPLETED", 2)
LEAVING = deployment("old", "COMPLETED", 1, "ACTIVE")


@dataclass
class Ecs:
    """``states`` are what DescribeServices answers one after the other; the last one stays."""

    states: list[dict[str, Any]]
    aws: ScriptedAws = field(default_factory=ScriptedAws)
    time: float = 0.0
    said: list[str] = field(default_factory=list)

    def roll(self, timeout: float = 600) -> Rolled:
        self.aws.answers = {
            "describe_services": lambda **_which: {"services": [self.states.pop(0) if len(self.states) > 1 else self.states[0]]},
            "update_service": lambda **_wish: {"service": service(deployment("new", "IN_PROGRESS", 0), LEAVING)},
        }
        clock = Clock(now=lambda: self.time, sleep=self._sleep)
        return roll_service(cast(Aws, self.aws), "paperboat", "public", timeout, self.said.append, clock)

    def _sleep(self, seconds: float) -> None:
        self.time += seconds


def test_it_is_waited_until_the_new_tasks_alone_serve() -> None:
    ecs = Ecs(
        [
            service(OLD),
            service(deployment("new", "IN_PROGRESS", 1), LEAVING),
            service(deployment("new", "COMPLETED", 2), LEAVING),
            service(deployment("new", "COMPLETED", 2)),
        ]
    )
    rolled = ecs.roll()
    assert (rolled.tasks, rolled.deployment) == (2, "new")
    assert ecs.said[0] == "public: 1 of 2 new tasks run"
    assert ecs.aws.asked("update_service") == [{"cluster": "paperboat", "service": "public", "forceNewDeployment": True}]


def test_a_service_without_tasks_is_left_alone() -> None:
    ecs = Ecs([service(OLD, desired=0)])
    assert ecs.roll().tasks == 0
    assert ecs.aws.asked("update_service") == []


def test_new_tasks_that_fail_end_it_with_what_ecs_says() -> None:
    ecs = Ecs([service(OLD), service(deployment("new", "FAILED", 0), LEAVING, events=("task 7 failed container health checks",))])
    with pytest.raises(MailingError, match=r"did not take over: new is FAILED\. task 7 failed container health checks\."):
        ecs.roll()


def test_a_deployment_that_was_rolled_back_is_not_taken_for_success() -> None:
    ecs = Ecs([service(OLD), service(deployment("back", "COMPLETED", 2))])
    with pytest.raises(MailingError, match="did not take over"):
        ecs.roll()


def test_a_wait_that_ends_says_how_far_it_came() -> None:
    ecs = Ecs([service(OLD), service(deployment("new", "IN_PROGRESS", 1), LEAVING)])
    with pytest.raises(MailingError, match=r"have not taken over \(1 of 2 run\).* the old tasks serve until then"):
        ecs.roll(timeout=60)


def test_a_service_that_there_is_not_is_refused() -> None:
    ecs = Ecs([{"status": "INACTIVE"}])
    with pytest.raises(Refusal, match="There is no service public in the cluster paperboat"):
        ecs.roll()
