# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All tasks of the sandbox, and the calls of ECS's API that start, stop and list them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs import models
from moto.ecs.exceptions import EcsClientException, ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from .place import Place
from .replacements import Replacements
from .running_task import RunningTask
from .shown_task import ShownTask

END_TIMEOUT_S = 5.0


class Tasks:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._running: dict[str, RunningTask] = {}  # by ARN
        self._tokens: dict[tuple[str, str], tuple[dict[str, Any], list[ShownTask]]] = {}
        self._lock = threading.RLock()
        self.listeners: list[Callable[[], None]] = []  # told of every change

    def run(self, backend: EC2ContainerServiceBackend, shown: ShownTask) -> RunningTask:
        definition = backend.describe_task_definition(shown.task_definition_arn)
        task = RunningTask(shown, definition, self._place, self._changed)
        with self._lock:
            self._running[shown.task_arn] = task
        task.start()
        return task

    def find(self, arn_or_id: str) -> RunningTask | None:
        name = arn_or_id.rpartition("/")[2]
        with self._lock:
            return next((task for task in self._running.values() if task.shown.id == name), None)

    def end_all(self) -> None:
        with self._lock:
            tasks = list(self._running.values())
            self._running.clear()
            self._tokens.clear()
        for task in tasks:
            task.kill()
        deadline = time.monotonic() + END_TIMEOUT_S
        for task in tasks:
            task.ended.wait(max(0.0, deadline - time.monotonic()))

    def once(self, account: str, token: str, asked: dict[str, Any], start: Callable[[], list[ShownTask]]) -> list[ShownTask]:
        """What the same token started before; ECS refuses the token for another request."""
        with self._lock:
            before = self._tokens.get((account, token))
            if before is None:
                before = self._tokens[account, token] = (asked, start())
        if before[0] != asked:
            raise Conflict("The clientToken was used before, with other parameters.")
        return before[1]

    def _changed(self) -> None:
        for listener in self.listeners:
            listener()


class Conflict(ECSException):
    def __init__(self, message: str) -> None:
        super().__init__("ConflictException", message)


def attach(tasks: Tasks, replacements: Replacements) -> None:
    replacements.put(models, "Task", ShownTask)
    replacements.put(EC2ContainerServiceBackend, "_calculate_task_resource_requirements", staticmethod(_resource_requirements))
    replacements.around(EC2ContainerServiceBackend, "run_task", lambda moto: _run_task(tasks, moto))
    replacements.around(EC2ContainerServiceBackend, "stop_task", lambda moto: _stop_task(tasks, moto))
    replacements.around(EC2ContainerServiceBackend, "list_tasks", _list_tasks)
    replacements.around(EC2ContainerServiceResponse, "run_task", lambda moto: _run_task_once(tasks, moto))
    replacements.around(EC2ContainerServiceResponse, "describe_tasks", _describe_tasks)


def _resource_requirements(_definition: Any) -> dict[str, Any]:
    """moto adds up the containers' memory to place tasks on instances, and fails when one has none. Fargate needs no placing."""
    return {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}


def _run_task(tasks: Tasks, moto: Callable[..., list[ShownTask]]) -> Callable[..., list[ShownTask]]:
    def run_task(backend: EC2ContainerServiceBackend, cluster: str, definition_name: str, *arguments: Any, **named: Any) -> list[ShownTask]:
        _check(backend, definition_name, (arguments[1] if len(arguments) > 1 else named.get("overrides")) or {})
        shown = moto(backend, cluster, definition_name, *arguments, **named)
        for one in shown:
            tasks.run(backend, one)
        return shown

    return run_task


def _check(backend: EC2ContainerServiceBackend, definition_name: str, overrides: dict[str, Any]) -> None:
    """What ECS refuses at once, and what the sandbox does not have."""
    definition = backend.describe_task_definition(definition_name)
    names = [str(container["name"]) for container in definition.container_definitions]
    for override in overrides.get("containerOverrides") or []:
        if override.get("name") not in names:
            raise InvalidParameterException(
                f"Override for container named {override.get('name')} is not a container in the TaskDefinition."
            )
    if len(names) > 1:
        raise EcsClientException(f"the sandbox runs tasks of one container; {definition.arn} has {', '.join(names)}")
    if "FARGATE" not in definition.compatibilities:
        raise EcsClientException(f"the sandbox runs Fargate tasks; {definition.arn} does not require the compatibility FARGATE")


def _run_task_once(tasks: Tasks, moto: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def run_task(response: EC2ContainerServiceResponse) -> ActionResult:
        asked = dict(response._get_params())
        token = asked.pop("clientToken", None)
        if not token:
            return moto(response)

        def start() -> list[ShownTask]:
            result: dict[str, Any] = moto(response).result  # type: ignore[assignment]
            started: list[ShownTask] = result["tasks"]
            return started

        return ActionResult({"tasks": tasks.once(response.current_account, token, asked, start), "failures": []})

    return run_task


def _stop_task(tasks: Tasks, moto: Callable[..., Any]) -> Callable[..., Any]:
    def stop_task(backend: EC2ContainerServiceBackend, cluster: str, name: str, reason: str | None) -> Any:
        backend._get_cluster(cluster)
        task = tasks.find(name)
        if task is None:
            raise InvalidParameterException("The referenced task was not found.")
        task.stop(reason or "Task stopped by user")
        return task.shown

    return stop_task


def _list_tasks(moto: Callable[..., list[ShownTask]]) -> Callable[..., list[ShownTask]]:
    def list_tasks(backend: EC2ContainerServiceBackend, *arguments: Any, **named: Any) -> list[ShownTask]:
        """Those that run, unless stopped ones are asked for; moto lists both and does not look at the service's name."""
        names = ("cluster_str", "container_instance", "family", "started_by", "service_name", "desiredStatus")
        asked = {**dict(zip(names, arguments)), **named}
        status = asked.get("desiredStatus") or "RUNNING"
        service = (asked.get("service_name") or "").rpartition("/")[2]
        found = moto(backend, **{**asked, "service_name": None, "desiredStatus": status})
        return [task for task in found if not service or task.group == f"service:{service}"]

    return list_tasks


def _describe_tasks(moto: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def describe_tasks(response: EC2ContainerServiceResponse) -> ActionResult:
        """moto says nothing of tasks that it does not know; ECS lists them as failures."""
        answer: dict[str, Any] = moto(response).result  # type: ignore[assignment]
        known = {task.id for task in answer["tasks"]}
        asked: Iterable[str] = response._get_param("tasks", [])
        missing = [name for name in asked if name.rpartition("/")[2] not in known]
        return ActionResult({**answer, "failures": [{"arn": _arn(response, name), "reason": "MISSING"} for name in missing]})

    return describe_tasks


def _arn(response: EC2ContainerServiceResponse, name: str) -> str:
    if name.startswith("arn:"):
        return name
    cluster = str(response._get_param("cluster", "default")).rpartition("/")[2]
    return f"arn:aws:ecs:{response.region}:{response.current_account}:task/{cluster}/{name}"
