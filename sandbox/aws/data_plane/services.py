# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All services of the sandbox, the calls of ECS's API that make, change and end them, and the loop that looks after them."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends

from .replacements import Replacements
from .running_task import RunningTask
from .service import RealService, Targets
from .tasks import Tasks

LOOK_S = 0.25  # and at once when a task or a target has changed
UNREAD = {  # what CreateService and UpdateService are given and moto does not keep
    "deploymentConfiguration": "deployment_configuration",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
}
Moto = Callable[..., Any]


class Services:
    def __init__(self, tasks: Tasks, targets: Targets) -> None:
        self._tasks = tasks
        self._targets = targets
        self._real: dict[str, RealService] = {}  # by ARN
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._closed = False
        tasks.listeners.append(self._wake.set)

    def watch(self) -> None:
        threading.Thread(target=self._watch, name="services", daemon=True).start()

    def wake(self) -> None:
        self._wake.set()

    def add(self, shown: Service) -> None:
        with self._lock:
            self._real[shown.arn] = RealService(shown, self._targets, self._start)
        self.wake()

    def changed(self, shown: Service, *, force: bool) -> None:
        with self._lock:
            self._real[shown.arn].redeploy(force=force)
        self.wake()

    def end_all(self) -> None:
        with self._lock:
            self._real.clear()

    def close(self) -> None:
        self._closed = True
        self.wake()

    def _watch(self) -> None:
        while not self._closed:
            self._wake.wait(LOOK_S)
            self._wake.clear()
            with self._lock:
                for arn, service in list(self._real.items()):
                    try:
                        service.look()
                    except Exception:  # one service's trouble must not stop the others
                        sys.stderr.write(f"service {arn}: {traceback.format_exc()}\n")
                    if service.gone:
                        del self._real[arn]

    def _start(self, shown: Service, definition: str) -> RunningTask:
        backend = shown._backend
        network = shown.network_configuration or None
        tags = [dict(tag) for tag in shown.tags] if shown.propagate_tags == "SERVICE" else []
        started = backend.run_task(
            shown.cluster_name,
            definition,
            1,
            None,
            f"ecs-svc/{shown.name}",
            tags,
            "FARGATE",
            network,
            f"service:{shown.name}",
            shown.platform_version,
        )
        task = self._tasks.find(started[0].task_arn)
        assert task is not None
        return task


def attach(services: Services, replacements: Replacements) -> None:
    for owner, name, make in (
        (EC2ContainerServiceResponse, "create_service", _create),
        (EC2ContainerServiceResponse, "update_service", _update),
        (EC2ContainerServiceBackend, "delete_service", _delete),
    ):
        replacements.around(owner, name, partial(make, services))
    replacements.around(EC2ContainerServiceBackend, "list_services", _list)


def _create(services: Services, moto: Moto) -> Moto:
    def create_service(response: EC2ContainerServiceResponse) -> ActionResult:
        given = response._get_params()
        _check_new(response, given)
        answer: ActionResult = moto(response)
        shown = _find(response, given.get("cluster", "default"), given["serviceName"])
        shown.launch_type = "FARGATE"  # the only one the sandbox has, also by a capacity provider
        _keep(shown, given)
        services.add(shown)
        return answer

    return create_service


def _update(services: Services, moto: Moto) -> Moto:
    def update_service(response: EC2ContainerServiceResponse) -> ActionResult:
        given = response._get_params()
        shown = _find(response, given.get("cluster", "default"), given["service"])
        if shown.status != "ACTIVE":
            raise InvalidParameterException("Service was not ACTIVE.")
        answer: ActionResult = moto(response)
        shown.task_definition = response.ecs_backend.describe_task_definition(str(shown.task_definition)).arn
        _keep(shown, given)
        services.changed(shown, force=bool(given.get("forceNewDeployment")))
        return answer

    return update_service


def _delete(services: Services, moto: Moto) -> Moto:
    def delete_service(backend: EC2ContainerServiceBackend, cluster: str, name: str, force: bool) -> Service:
        shown: Service = moto(backend, cluster, name, force)
        shown.status = "DRAINING"  # moto says INACTIVE at once; it is, when its last task has stopped
        shown.desired_count = 0
        services.wake()
        return shown

    return delete_service


def _list(moto: Moto) -> Moto:
    def list_services(backend: EC2ContainerServiceBackend, *arguments: Any, **named: Any) -> list[str]:
        """Without those that are gone, which ECS still describes and lists no more."""
        gone = {service.arn for service in list(backend.services.values()) if service.status == "INACTIVE"}
        return [arn for arn in moto(backend, *arguments, **named) if arn not in gone]

    return list_services


def _keep(shown: Service, given: dict[str, Any]) -> None:
    for parameter, attribute in UNREAD.items():
        if parameter in given:
            setattr(shown, attribute, given[parameter])


def _find(response: EC2ContainerServiceResponse, cluster: str, name: str) -> Service:
    return response.ecs_backend._get_service(cluster, name.rpartition("/")[2])


def _check_new(response: EC2ContainerServiceResponse, given: dict[str, Any]) -> None:
    """What ECS refuses and moto does not."""
    backend = response.ecs_backend
    cluster = backend._get_cluster(given.get("cluster", "default"))
    existing = backend.services.get(f"{cluster.name}:{given['serviceName']}")
    if existing is not None and existing.status != "INACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    balancers = elbv2_backends[response.current_account][response.region]
    for one in given.get("loadBalancers") or []:
        group = balancers.target_groups.get(one.get("targetGroupArn", ""))
        if group is None:
            raise InvalidParameterException(f"The target group {one.get('targetGroupArn')} does not exist.")
        if not group.load_balancer_arns:
            raise InvalidParameterException(f"The target group with targetGroupArn {group.arn} does not have an associated load balancer.")
