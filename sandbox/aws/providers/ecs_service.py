# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: made and changed by one call each; CloudFormation waits until they are steady."""

from __future__ import annotations

from typing import Any

from ..cloudformation.errors import ResourceFailed
from .calls import given, tag_list
from .ecs import retag
from .kind import Aspect, Handle, Kind, Properties

BREAKER = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'. (HandlerErrorCode: GeneralServiceException)"
CHANGEABLE = (
    "AvailabilityZoneRebalancing",
    "CapacityProviderStrategy",
    "DeploymentConfiguration",
    "DesiredCount",
    "EnableECSManagedTags",
    "EnableExecuteCommand",
    "HealthCheckGracePeriodSeconds",
    "LoadBalancers",
    "NetworkConfiguration",
    "PlatformVersion",
    "PropagateTags",
    "TaskDefinition",
)
FIXED = ("Cluster", "ServiceName", "LaunchType", "SchedulingStrategy", "DeploymentController")
# What ECS has when a property is not given. DesiredCount is not among them: left out, an update does not touch the count.
DEFAULTS: Properties = {
    "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 100},
    "EnableECSManagedTags": False,
    "EnableExecuteCommand": False,
    "HealthCheckGracePeriodSeconds": 0,
    "LoadBalancers": [],
    "PlatformVersion": "LATEST",
    "PropagateTags": "NONE",
}


def _create(handle: Handle) -> None:
    name = handle.name(handle.get("ServiceName"))
    arguments = given(handle, (*CHANGEABLE, *FIXED)) | {"ServiceName": name, "tags": tag_list(handle) or None}
    arguments.setdefault("DesiredCount", 1)
    service = handle.call("ecs.create_service", **arguments)["service"]
    handle.physical_id = service["serviceArn"]
    handle.attributes.update({"ServiceArn": service["serviceArn"], "Name": service["serviceName"]})


def _update(handle: Handle) -> None:
    arguments: dict[str, Any] = {
        name: handle.get(name, DEFAULTS.get(name))
        for name in CHANGEABLE
        if handle.changed(name) and (name in handle.properties or name in DEFAULTS)
    }
    if "DesiredCount" in handle.properties:  # sent with each update, which undoes what scaling did
        arguments["DesiredCount"] = handle.get("DesiredCount")
    handle.call("ecs.update_service", cluster=handle.get("Cluster"), service=handle.physical_id, **arguments)


def _settled(handle: Handle) -> bool:
    if not handle.cloud.runs:
        return True
    service = _described(handle)
    primary = next(deployment for deployment in service["deployments"] if deployment["status"] == "PRIMARY")
    if primary["rolloutState"] == "FAILED" or primary["taskDefinition"] != handle.get("TaskDefinition"):
        raise ResourceFailed(BREAKER)
    steady = len(service["deployments"]) == 1 and service["runningCount"] == service["desiredCount"]
    return bool(steady and primary["rolloutState"] == "COMPLETED")


def _described(handle: Handle) -> Properties:
    services = handle.call("ecs.describe_services", cluster=handle.get("Cluster"), services=[handle.physical_id])["services"]
    found: Properties = services[0] if services else {"status": "INACTIVE"}
    return found


def _delete(handle: Handle) -> None:
    handle.call("ecs.delete_service", cluster=handle.get("Cluster"), service=handle.physical_id, force=True)


def _gone(handle: Handle) -> bool:
    return bool(_described(handle)["status"] == "INACTIVE") or not handle.cloud.runs


def _read(handle: Handle) -> Properties | None:
    service = _described(handle)
    if service["status"] == "INACTIVE":
        return None
    seen = {"TaskDefinition": service["taskDefinition"], "DesiredCount": service["desiredCount"]}
    return seen | ({"PlatformVersion": service["platformVersion"]} if service.get("platformVersion") else {})


SERVICE = Kind(
    "AWS::ECS::Service",
    takes=(*CHANGEABLE, *FIXED),
    create=_create,
    update=_update,
    aspects=(Aspect(("Tags",), retag("ServiceArn")),),
    settled=_settled,
    delete=_delete,
    gone=_gone,
    read=_read,
)
KINDS = (SERVICE,)
