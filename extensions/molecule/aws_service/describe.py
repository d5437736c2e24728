# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS says about the service, and what its tasks say when they are run."""

from __future__ import annotations

import os
import time
from typing import Any

import boto3

prefix = os.environ["NAME_PREFIX"]
ecs = boto3.client("ecs")
efs = boto3.client("efs")
logs = boto3.client("logs")
scaling = boto3.client("application-autoscaling")

(cluster,) = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"], include=["SETTINGS"])["clusters"]
assert {"name": "containerInsights", "value": "enhanced"} in cluster["settings"]

services = {
    service["taskDefinition"].rpartition("/")[2].partition(":")[0].removeprefix(f"{prefix}-"): service
    for service in ecs.describe_services(
        cluster=cluster["clusterArn"], services=ecs.list_services(cluster=cluster["clusterArn"])["serviceArns"]
    )["services"]
}
assert sorted(services) == ["core", "public"]
for service in services.values():
    assert (service["desiredCount"], service["runningCount"]) == (0, 0), "nothing runs before the schema is there"
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"]["enable"]
core = services["core"]["deploymentConfiguration"]
assert (core["minimumHealthyPercent"], core["maximumPercent"]) == (0, 100), "never two cores"
public = services["public"]["deploymentConfiguration"]
assert (public["minimumHealthyPercent"], public["maximumPercent"]) == (100, 200)

(target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 0), "scaling must not start what is held"
metrics = {
    policy["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]
    for policy in scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
}
assert metrics == {"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"}


def definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = ecs.describe_task_definition(taskDefinition=f"{prefix}-{name}")["taskDefinition"]
    return found


for name in ("core", "public", "schema", "tools"):
    task = definition(name)
    (container,) = task["containerDefinitions"]
    assert container["name"] == ("tools" if name == "tools" else "listmonk")
    assert "@sha256:" in container["image"] and container["user"] == "1000:1000" and container["readonlyRootFilesystem"]
    assert container["linuxParameters"]["tmpfs"][0]["containerPath"].strip("/") == "tmp"
    assert not [one["name"] for one in container["environment"] if "password" in one["name"].lower()]
    assert all(secret["valueFrom"].startswith("arn:") for secret in container["secrets"])
    assert ("--passive" in container["command"]) == (name == "public")
    assert ("taskRoleArn" in task) == (name in {"core", "public"}), "what calls nothing of AWS has no role"
assert {secret["name"] for secret in definition("core")["containerDefinitions"][0]["secrets"]} == {
    "LISTMONK_db__user",
    "LISTMONK_db__password",
}
for name, read_only in (("core", False), ("public", True)):
    (mount,) = definition(name)["containerDefinitions"][0]["mountPoints"]
    assert (mount["containerPath"], mount["readOnly"]) == ("/listmonk/uploads", read_only)

(system,) = efs.describe_file_systems()["FileSystems"]
assert system["Encrypted"]
assert len(efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]) == 2
(access_point,) = efs.describe_access_points()["AccessPoints"]
assert access_point["PosixUser"] == {"Uid": 1000, "Gid": 1000}
volume = definition("core")["volumes"][0]["efsVolumeConfiguration"]
assert volume["transitEncryption"] == "ENABLED" and volume["authorizationConfig"]["accessPointId"] == access_point["AccessPointId"]

network = services["core"]["networkConfiguration"]["awsvpcConfiguration"]
assert network["assignPublicIp"] == "DISABLED"


def run(name: str, *command: str) -> str:
    """What the one-off task writes; it must end with 0."""
    (container,) = definition(name)["containerDefinitions"]
    (task,) = ecs.run_task(
        cluster=cluster["clusterArn"],
        taskDefinition=f"{prefix}-{name}",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
        overrides={"containerOverrides": [{"name": container["name"], "command": list(command)}]},
    )["tasks"]
    deadline = time.monotonic() + 120
    while task["lastStatus"] != "STOPPED":
        assert time.monotonic() < deadline, f"{name} is still {task['lastStatus']}"
        time.sleep(0.5)
        (task,) = ecs.describe_tasks(cluster=cluster["clusterArn"], tasks=[task["taskArn"]])["tasks"]
    options = container["logConfiguration"]["options"]
    stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{task['taskArn'].rpartition('/')[2]}"
    events = logs.get_log_events(logGroupName=options["awslogs-group"], logStreamName=stream, startFromHead=True)["events"]
    text = "\n".join(event["message"] for event in events)
    assert task["containers"][0].get("exitCode") == 0, f"{task.get('stoppedReason')}: {text}"
    return text


assert "v6." in run("schema", "./listmonk", "--version")
assert run("tools", "psql", "-Atc", "select current_database()") == "listmonk"
