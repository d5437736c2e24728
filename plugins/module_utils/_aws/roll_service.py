# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the tasks of an ECS service anew, without any other change, and wait until the new ones have taken over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.errors import MailingError, Refusal
from .connection import Aws
from .ecs_service import find_service
from .one_off_task import Clock

Progress = Callable[[str], None]
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 10.0


@dataclass(frozen=True)
class Rolled:
    """``tasks`` counts those that were started anew; 0 where the service has none."""

    tasks: int
    deployment: str | None
    seconds: float


def desired_count(aws: Aws, cluster: str, service: str) -> int:
    """How many tasks the service is to have. Raises Refusal if there is no such service."""
    return int(_service(aws, cluster, service)["desiredCount"])


def roll_service(aws: Aws, cluster: str, service: str, timeout: float, progress: Progress, clock: Clock | None = None) -> Rolled:
    """Replace every task, in the service's own way of rolling. Raises MailingError if the new tasks do not take over."""
    clock = clock or Clock()
    began = clock.now()
    count = desired_count(aws, cluster, service)
    if count == 0:
        return Rolled(0, None, 0.0)
    answer = aws.call("ecs", "update_service", cluster=cluster, service=service, forceNewDeployment=True)
    deployment = _primary(answer["service"])["id"]
    pause = SHORTEST_PAUSE_S
    while True:
        found = _service(aws, cluster, service)
        primary = _primary(found)
        elapsed = clock.now() - began
        if primary["id"] != deployment or primary.get("rolloutState") == "FAILED":
            raise MailingError(f"The new tasks of {service} did not take over: {_why(found, primary)}", service=service)
        if (
            primary.get("rolloutState") == "COMPLETED"
            and len(found["deployments"]) == 1
            and primary["runningCount"] == found["desiredCount"]
        ):
            return Rolled(count, deployment, round(elapsed, 1))
        if elapsed >= timeout:
            raise MailingError(
                f"After {elapsed:.0f} s the new tasks of {service} have not taken over ({primary['runningCount']} of {found['desiredCount']} "
                f"run): {_why(found, primary)} ECS goes on with it; the old tasks serve until then."
            )
        progress(f"{service}: {primary['runningCount']} of {found['desiredCount']} new tasks run")
        clock.sleep(pause)
        pause = min(pause * 1.3, LONGEST_PAUSE_S)


def _service(aws: Aws, cluster: str, service: str) -> dict[str, Any]:
    found = find_service(aws, cluster, service)
    if found is None:
        raise Refusal(f"There is no service {service} in the cluster {cluster}.")
    return found


def _primary(service: Mapping[str, Any]) -> dict[str, Any]:
    deployments: list[dict[str, Any]] = service["deployments"]
    return next((one for one in deployments if one["status"] == "PRIMARY"), deployments[0])


def _why(service: Mapping[str, Any], primary: Mapping[str, Any]) -> str:
    reasons = [str(primary.get("rolloutStateReason", "")), *(str(event["message"]) for event in service.get("events", ())[:2])]
    return " ".join(reason.rstrip(".") + "." for reason in reasons if reason) or "ECS gives no reason."
