# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ECS service: keeps as many tasks running as are desired, and replaces them when a deployment says so.

``look`` is called again and again. It takes stock of the tasks, does the next step of the rollout, and writes into moto's service what
the API then shows: counts, deployments, events.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from moto.core.utils import utcnow
from moto.ecs.models import Service
from moto.moto_api._internal import mock_random

from .deployment import Deployment
from .pace import UNCHECKED_S, patience
from .rollout import TaskNow, limits, most_failures, next_step
from .running_task import RunningTask

SCHEDULER = "ServiceSchedulerInitiated"
KEPT_EVENTS = 100  # ECS shows the last hundred


class Targets(Protocol):
    """What the service needs of the load balancers."""

    def register(self, group_arn: str, address: str, port: int) -> None: ...

    def deregister(self, group_arn: str, address: str, port: int) -> None: ...

    def state(self, group_arn: str, address: str, port: int) -> str:
        """initial, healthy, unhealthy, draining, unused (no listener forwards to its group) or gone."""


class RealService:
    """``start`` starts a task of the given definition for this service."""

    def __init__(self, shown: Service, targets: Targets, start: Callable[[Service, str], RunningTask]) -> None:
        self.shown = shown
        self._targets = targets
        self._start = start
        self._deployments: list[Deployment] = []  # the one that is wanted comes first
        self._last_good: Deployment | None = None
        self._registered: dict[str, list[tuple[str, int]]] = {}  # by task: (target group, port)
        self._leaving: dict[str, str] = {}  # by task, why: its targets are drained before it is stopped
        self.shown.events = []
        self.redeploy()

    @property
    def gone(self) -> bool:
        return self.shown.status == "INACTIVE"

    def redeploy(self, *, force: bool = False) -> None:
        """A new deployment when what its tasks are made from has changed, or when one is forced."""
        signature = self._signature()
        if force or not self._deployments or self._deployments[0].signature != signature:
            self._deployments.insert(0, Deployment(str(self.shown.task_definition), signature))
        self._show()

    def look(self) -> None:
        for deployment in self._deployments:
            for task in list(deployment.tasks):
                self._take_stock(deployment, task)
        self._break_circuit()
        self._step()
        self._deployments = [one for number, one in enumerate(self._deployments) if number == 0 or one.tasks]
        self._complete()
        self._show()
        if self.shown.status == "DRAINING" and not any(deployment.tasks for deployment in self._deployments):
            self.shown.status = "INACTIVE"

    @property
    def _desired(self) -> int:
        return int(self.shown.desired_count) if self.shown.status == "ACTIVE" else 0

    @property
    def _configuration(self) -> dict[str, Any]:
        return getattr(self.shown, "deployment_configuration", None) or {}

    def _signature(self) -> str:
        shown = self.shown
        made_of = (shown.task_definition, shown.network_configuration, shown.load_balancers, shown.platform_version)
        return json.dumps(made_of, sort_keys=True)

    def _take_stock(self, deployment: Deployment, task: RunningTask) -> None:
        if task.ended.is_set():
            self._deregister(task)
            self._registered.pop(task.shown.id, None)
            self._leaving.pop(task.shown.id, None)
            deployment.tasks.remove(task)
            if not task.asked_to_stop:
                deployment.count_failure()
                self._say(f"has stopped 1 running tasks: (task {task.shown.id}): {task.shown.stopped_reason}")
            return
        self._register(task)
        sickness = self._sickness(task)
        if sickness and task.shown.id not in self._leaving:
            deployment.count_failure()
            self._say(f"(task {task.shown.id}) {sickness}")
            self._leave(task, f"Task {sickness}")
        elif self._healthy(task):
            deployment.failed_in_a_row = 0
        if task.shown.id in self._leaving and not self._draining(task):
            task.stop(self._leaving[task.shown.id], SCHEDULER)

    def _sickness(self, task: RunningTask) -> str | None:
        """Why ECS replaces the task, once the grace period is over."""
        grace = patience(float(getattr(self.shown, "health_check_grace_period_seconds", None) or 0))
        if not task.running or self._seconds_running(task) < grace:
            return None
        if task.health == "UNHEALTHY":
            return "failed container health checks"
        for group, port in self._registered.get(task.shown.id, []):
            if self._targets.state(group, task.address, port) == "unhealthy":
                return f"failed ELB health checks in (target-group {group})"
        return None

    def _seconds_running(self, task: RunningTask) -> float:
        started = task.shown.started_at
        return (utcnow() - started).total_seconds() if started is not None else 0.0

    def _healthy(self, task: RunningTask) -> bool:
        """Targets of an ``unused`` group are never checked."""
        if task.shown.id in self._leaving or task.asked_to_stop or task.shown.id not in self._registered:
            return False
        targets = self._registered[task.shown.id]
        if not targets and not task.is_checked and self._seconds_running(task) < UNCHECKED_S:
            return False  # a program that fails at once is seen running for a moment, too
        states = [self._targets.state(group, task.address, port) for group, port in targets]
        return task.running and task.health == "HEALTHY" and all(state in ("healthy", "unused") for state in states)

    def _register(self, task: RunningTask) -> None:
        if not task.running or task.shown.id in self._registered or task.shown.id in self._leaving:
            return
        targets = [(str(one["targetGroupArn"]), int(one["containerPort"])) for one in self.shown.load_balancers if "targetGroupArn" in one]
        for group, port in targets:
            self._targets.register(group, task.address, port)
            self._say(f"registered 1 targets in (target-group {group})")
        self._registered[task.shown.id] = targets

    def _deregister(self, task: RunningTask) -> None:
        for group, port in self._registered.get(task.shown.id, []):
            self._targets.deregister(group, task.address, port)

    def _draining(self, task: RunningTask) -> bool:
        targets = self._registered.get(task.shown.id, [])
        return any(self._targets.state(group, task.address, port) == "draining" for group, port in targets)

    def _leave(self, task: RunningTask, reason: str) -> None:
        if task.shown.id not in self._leaving:
            self._leaving[task.shown.id] = reason
            task.shown.desired_status = "STOPPED"
            self._deregister(task)

    def _break_circuit(self) -> None:
        """Give up what fails again and again, and go back to the last deployment that was completed, if that is configured."""
        wanted = self._deployments[0]
        breaker = self._configuration.get("deploymentCircuitBreaker") or {}
        if not breaker.get("enable") or wanted.state != "IN_PROGRESS":
            return
        threshold = breaker.get("thresholdConfiguration") or {}
        most = int(threshold["value"]) if threshold.get("type") == "COUNT" else most_failures(self._desired)
        failures = wanted.failed if breaker.get("resetOnHealthyTask") is False else wanted.failed_in_a_row
        if failures < most:
            return
        wanted.set("FAILED", "ECS deployment circuit breaker: tasks failed to start.")
        self._say(f"(deployment {wanted.id}) deployment failed: tasks failed to start.")
        if breaker.get("rollback") and self._last_good is not None:
            self.shown.task_definition = self._last_good.task_definition
            back = Deployment(self._last_good.task_definition, self._signature())
            back.reason = f"ECS deployment circuit breaker: rolling back to deploymentId {self._last_good.id}."
            self._say(f"rolling back to deployment {self._last_good.id}.")
            self._deployments.insert(0, back)

    def _step(self) -> None:
        wanted = self._deployments[0]
        configuration = self._configuration
        limit = limits(self._desired, int(configuration.get("minimumHealthyPercent", 100)), int(configuration.get("maximumPercent", 200)))
        tasks = {task.shown.id: (task, one is wanted) for one in reversed(self._deployments) for task in one.tasks}
        step = next_step(limit, [self._now(task, new) for task, new in tasks.values()])
        for name in step.stop:
            self._leave(tasks[name][0], f"Scaling activity initiated by (deployment {wanted.id})")
        if wanted.state == "FAILED" or not wanted.may_start:
            return
        for _ in range(step.start):
            task = self._start(self.shown, wanted.task_definition)
            wanted.tasks.append(task)
            self._say(f"has started 1 tasks: (task {task.shown.id}).")

    def _now(self, task: RunningTask, new: bool) -> TaskNow:
        stopping = task.shown.id in self._leaving or task.asked_to_stop
        return TaskNow(task.shown.id, new, healthy=self._healthy(task), stopping=stopping)

    def _complete(self) -> None:
        wanted = self._deployments[0]
        healthy = [task for task in wanted.tasks if self._healthy(task)]
        if wanted.state == "IN_PROGRESS" and len(healthy) == len(wanted.tasks) == self._desired and len(self._deployments) == 1:
            wanted.set("COMPLETED", f"ECS deployment {wanted.id} completed.")
            self._last_good = wanted
            self._say(f"(deployment {wanted.id}) deployment completed.")
            self._say("has reached a steady state.")

    def _show(self) -> None:
        tasks = [task for deployment in self._deployments for task in deployment.tasks]
        self.shown.running_count = sum(task.running for task in tasks)
        self.shown.pending_count = len(tasks) - self.shown.running_count
        self.shown.deployments = [self._shown(one, first=number == 0) for number, one in enumerate(self._deployments)]

    def _shown(self, deployment: Deployment, *, first: bool) -> dict[str, Any]:
        running = sum(task.running for task in deployment.tasks)
        return {
            "id": deployment.id,
            "status": "PRIMARY" if first else "ACTIVE",
            "taskDefinition": deployment.task_definition,
            "desiredCount": self._desired if first else 0,
            "runningCount": running,
            "pendingCount": len(deployment.tasks) - running,
            "failedTasks": deployment.failed,
            "createdAt": deployment.created_at,
            "updatedAt": deployment.updated_at,
            "launchType": self.shown.launch_type,
            "platformVersion": self.shown.platform_version,
            "platformFamily": "Linux",
            "networkConfiguration": self.shown.network_configuration,
            "rolloutState": deployment.state,
            "rolloutStateReason": deployment.reason,
        }

    def _say(self, what: str) -> None:
        event = {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": f"(service {self.shown.name}) {what}"}
        self.shown.events = [event, *self.shown.events][:KEPT_EVENTS]
