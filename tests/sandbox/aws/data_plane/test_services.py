# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: as many tasks as are desired, rolled over by the percentages, and back when the new ones fail."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws.data_plane.estate import CLUSTER, Estate, wait_for

pytestmark = pytest.mark.slow
BROKEN = ["sh", "-c", "echo broken; exit 3"]


@pytest.fixture
def name(estate: Estate, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of a service that is removed after the test."""
    chosen = f"service-{abs(hash(request.node.name))}"
    yield chosen
    estate.remove_service(chosen)


def versions(estate: Estate, name: str) -> set[str]:
    found = set()
    for address in estate.addresses(name):
        with urllib.request.urlopen(f"http://{address}:9000/", timeout=5) as answer:
            found.add(str(answer.read().decode().split()[0]))
    return found


def update(estate: Estate, name: str, **how: Any) -> None:
    estate.ecs.update_service(cluster=CLUSTER, service=name, **how)


def test_a_service_keeps_its_desired_number_of_tasks_and_replaces_one_that_dies(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), count=2)
    service = estate.settled(name)
    assert (service["runningCount"], service["pendingCount"]) == (2, 0)
    assert service["deployments"][0]["rolloutState"] == "COMPLETED"
    victim = estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"][0]
    estate.ecs.stop_task(cluster=CLUSTER, task=victim, reason="a test")
    arns = wait_for(
        lambda: estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"], lambda now: len(now) == 2 and victim not in now
    )
    assert all(task["group"] == f"service:{name}" for task in estate.ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"])


def test_a_core_service_is_stopped_before_its_new_task_starts(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), percent=(0, 100))
    estate.settled(name)
    before = estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"]
    update(estate, name, taskDefinition=estate.web("2"))
    estate.settled(name)
    after = estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"]
    old, new = estate.ecs.describe_tasks(cluster=CLUSTER, tasks=before + after)["tasks"]
    assert old["stoppedAt"] <= new["createdAt"]
    assert wait_for(lambda: versions(estate, name), bool) == {"2"}


def test_a_public_service_never_has_fewer_tasks_than_desired(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), count=2, percent=(100, 200))
    estate.settled(name)
    counts: list[int] = []
    update(estate, name, taskDefinition=estate.web("2"))
    service = estate.settled(name, look=lambda one: counts.append(one["runningCount"]))
    assert min(counts) >= 2 and max(counts) <= 4
    assert service["taskDefinition"] == service["deployments"][0]["taskDefinition"]
    assert versions(estate, name) == {"2"}


def test_the_circuit_breaker_goes_back_to_the_deployment_that_worked(estate: Estate, name: str) -> None:
    good = estate.web("1")
    estate.create_service(name, good, percent=(0, 100))
    estate.settled(name)
    failed: list[dict[str, Any]] = []

    def look(service: dict[str, Any]) -> None:
        failed.extend(one for one in service["deployments"] if one["rolloutState"] == "FAILED")

    update(estate, name, taskDefinition=estate.definition(BROKEN))
    service = estate.settled(name, look=look)
    assert service["deployments"][0]["taskDefinition"] == good
    assert service["deployments"][0]["rolloutState"] == "COMPLETED"
    assert versions(estate, name) == {"1"}
    messages = " ".join(event["message"] for event in service["events"])
    assert "deployment failed: tasks failed to start" in messages and "rolling back to deployment" in messages


def test_without_an_older_deployment_a_broken_service_stays_failed_and_starts_no_more_tasks(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.definition(BROKEN))
    service = estate.settled(name)
    deployment = service["deployments"][0]
    assert (deployment["rolloutState"], service["runningCount"]) == ("FAILED", 0)
    assert deployment["failedTasks"] == 3
    assert "circuit breaker" in deployment["rolloutStateReason"]


def test_a_task_that_fails_its_health_check_is_replaced(estate: Estate, name: str) -> None:
    check = {"command": ["CMD-SHELL", "false"], "retries": 1, "startPeriod": 0}
    estate.create_service(name, estate.web("1", healthCheck=check))
    service = estate.settled(name)
    assert service["deployments"][0]["rolloutState"] == "FAILED"
    assert "failed container health checks" in " ".join(event["message"] for event in service["events"])


def test_a_forced_deployment_replaces_the_tasks_without_any_change(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"))
    estate.settled(name)
    before = set(estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"])
    update(estate, name, forceNewDeployment=True)
    estate.settled(name)
    after = set(estate.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"])
    assert len(after) == 1 and not after & before


def test_another_count_is_no_deployment(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), count=1)
    deployment = estate.settled(name)["deployments"][0]["id"]
    update(estate, name, desiredCount=3)
    service = wait_for(lambda: estate.service(name), lambda one: one["runningCount"] == 3)
    update(estate, name, desiredCount=0)
    service = wait_for(lambda: estate.service(name), lambda one: one["runningCount"] == 0)
    assert [one["id"] for one in service["deployments"]] == [deployment]


def test_a_scalable_target_brings_the_count_within_its_bounds_at_once(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), count=0)
    scaling = estate.aws.client("application-autoscaling")
    target = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount", "ResourceId": f"service/{CLUSTER}/{name}"}
    scaling.register_scalable_target(**target, MinCapacity=2, MaxCapacity=3)
    assert estate.service(name)["desiredCount"] == 2
    wait_for(lambda: estate.service(name), lambda one: one["runningCount"] == 2)
    scaling.register_scalable_target(**target, MinCapacity=0, MaxCapacity=1)
    assert estate.service(name)["desiredCount"] == 1


def test_a_service_of_the_same_name_is_refused_until_the_first_is_gone(estate: Estate, name: str) -> None:
    estate.create_service(name, estate.web("1"), count=0)
    with pytest.raises(ClientError, match="not idempotent"):
        estate.create_service(name, estate.web("1"), count=0)
    estate.remove_service(name)
    assert not any(name in arn for arn in estate.ecs.list_services(cluster=CLUSTER)["serviceArns"])
    estate.create_service(name, estate.web("1"), count=0)
