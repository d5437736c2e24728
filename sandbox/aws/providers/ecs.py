# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters and task definitions."""

from __future__ import annotations

from .calls import creation, deletion, given, retagging, tag_list
from .kind import Aspect, Handle, Kind, Properties, Step

CLUSTER = ("ClusterName", "ClusterSettings", "Configuration", "CapacityProviders", "DefaultCapacityProviderStrategy")
DEFINITION = (
    "Family",
    "ContainerDefinitions",
    "Cpu",
    "Memory",
    "NetworkMode",
    "RequiresCompatibilities",
    "ExecutionRoleArn",
    "TaskRoleArn",
    "RuntimePlatform",
    "Volumes",
    "EphemeralStorage",
)


def retag(arn_attribute: str) -> Step:
    """ECS writes key and value in small letters."""
    return retagging(arn_attribute, "ecs.untag_resource", "ecs.tag_resource", arn="resourceArn", keys="tagKeys", tags="tags")


def _create_cluster(handle: Handle) -> None:
    name = handle.name(handle.get("ClusterName"))
    arguments = given(handle, CLUSTER, {"ClusterSettings": "settings"}) | {"ClusterName": name, "tags": tag_list(handle) or None}
    cluster = handle.call("ecs.create_cluster", **arguments)["cluster"]
    handle.physical_id = name
    handle.attributes["Arn"] = cluster["clusterArn"]


def _update_cluster(handle: Handle) -> None:
    settings = handle.get("ClusterSettings", [{"Name": "containerInsights", "Value": "disabled"}])
    handle.call("ecs.update_cluster", cluster=handle.physical_id, settings=settings, configuration=handle.get("Configuration"))


def _read_cluster(handle: Handle) -> Properties | None:
    include = ["SETTINGS", "CONFIGURATIONS"]
    found = handle.call("ecs.describe_clusters", clusters=[handle.physical_id], include=include)["clusters"]
    if not found or found[0]["status"] == "INACTIVE":
        return None
    settings = [{"Name": setting["name"], "Value": setting["value"]} for setting in found[0].get("settings", [])]
    return {"ClusterSettings": settings}


def _read_definition(handle: Handle) -> Properties | None:
    found = handle.call("ecs.describe_task_definition", taskDefinition=handle.physical_id)["taskDefinition"]
    if found["status"] != "ACTIVE":
        return None
    return {name: found[name[0].lower() + name[1:]] for name in ("Family", "NetworkMode") if name[0].lower() + name[1:] in found}


CLUSTER_KIND = Kind(
    "AWS::ECS::Cluster",
    takes=CLUSTER,
    create=_create_cluster,
    update=_update_cluster,
    aspects=(Aspect(("Tags",), retag("Arn")),),
    delete=deletion("ecs.delete_cluster", "cluster"),
    read=_read_cluster,
)
TASK_DEFINITION = Kind(
    "AWS::ECS::TaskDefinition",
    takes=DEFINITION,
    create=creation(
        "ecs.register_task_definition",
        DEFINITION,
        physical_id="taskDefinition.taskDefinitionArn",
        attributes={"TaskDefinitionArn": "taskDefinition.taskDefinitionArn"},
        more=lambda handle: {"tags": tag_list(handle)} if tag_list(handle) else {},
    ),
    aspects=(Aspect(("Tags",), retag("TaskDefinitionArn")),),
    delete=deletion("ecs.deregister_task_definition", "taskDefinition"),
    read=_read_definition,
)
KINDS = (CLUSTER_KIND, TASK_DEFINITION)
