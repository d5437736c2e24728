# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers and target groups."""

from __future__ import annotations

from .calls import deletion, given, removed_tags, tag_list
from .elbv2_attributes import attributes
from .kind import Aspect, Handle, Kind, Properties

LONGEST = 32
BALANCER = ("Name", "Scheme", "Type", "IpAddressType", "Subnets", "SecurityGroups")
HEALTH_CHECK = (
    "HealthCheckEnabled",
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckPort",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "Matcher",
    "UnhealthyThresholdCount",
)
TARGET = ("Name", "Port", "Protocol", "ProtocolVersion", "TargetType", "VpcId")
# What Elastic Load Balancing takes for an HTTP target group of addresses if nothing is said.
HEALTH_CHECK_DEFAULTS: Properties = {
    "HealthCheckEnabled": True,
    "HealthCheckIntervalSeconds": 30,
    "HealthCheckPath": "/",
    "HealthCheckPort": "traffic-port",
    "HealthCheckTimeoutSeconds": 5,
    "HealthyThresholdCount": 5,
    "Matcher": {"HttpCode": "200"},
    "UnhealthyThresholdCount": 2,
}
DEFAULT_BALANCER_ATTRIBUTES = {
    "access_logs.s3.enabled": "false",
    "deletion_protection.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http2.enabled": "true",
}
DEFAULT_TARGET_ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "slow_start.duration_seconds": "0",
}


def _create_balancer(handle: Handle) -> None:
    name = handle.name(handle.get("Name"), longest=LONGEST)
    arguments = given(handle, BALANCER) | {"Name": name, "Tags": tag_list(handle) or None}
    balancer = handle.call("elbv2.create_load_balancer", **arguments)["LoadBalancers"][0]
    handle.physical_id = balancer["LoadBalancerArn"]
    handle.attributes.update(
        {
            "LoadBalancerArn": balancer["LoadBalancerArn"],
            "LoadBalancerName": name,
            "DNSName": balancer["DNSName"],
            "CanonicalHostedZoneID": balancer["CanonicalHostedZoneId"],
            "LoadBalancerFullName": balancer["LoadBalancerArn"].partition(":loadbalancer/")[2],
        }
    )


def _modify_balancer(handle: Handle) -> None:
    arn = handle.physical_id
    if handle.changed("Subnets"):
        handle.call("elbv2.set_subnets", LoadBalancerArn=arn, Subnets=handle.get("Subnets"))
    if handle.changed("SecurityGroups"):
        handle.call("elbv2.set_security_groups", LoadBalancerArn=arn, SecurityGroups=handle.get("SecurityGroups"))
    if handle.changed("IpAddressType"):
        handle.call("elbv2.set_ip_address_type", LoadBalancerArn=arn, IpAddressType=handle.get("IpAddressType", "ipv4"))


def _balancer_settled(handle: Handle) -> bool:
    balancer = handle.call("elbv2.describe_load_balancers", LoadBalancerArns=[handle.physical_id])["LoadBalancers"][0]
    return balancer["State"]["Code"] in ("active", "provisioning") if not handle.cloud.runs else balancer["State"]["Code"] == "active"


def _read_balancer(handle: Handle) -> Properties:
    balancer = handle.call("elbv2.describe_load_balancers", LoadBalancerArns=[handle.physical_id])["LoadBalancers"][0]
    seen = {name: balancer[name] for name in ("Scheme", "Type", "SecurityGroups") if name in balancer}
    seen["Subnets"] = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]]
    present = handle.call("elbv2.describe_load_balancer_attributes", LoadBalancerArn=handle.physical_id)["Attributes"]
    wanted = {attribute["Key"] for attribute in handle.get("LoadBalancerAttributes") or []}
    seen["LoadBalancerAttributes"] = [attribute for attribute in present if attribute["Key"] in wanted]
    return seen


def _create_target_group(handle: Handle) -> None:
    name = handle.name(handle.get("Name"), longest=LONGEST)
    arguments = given(handle, (*TARGET, *HEALTH_CHECK)) | {"Name": name, "Tags": tag_list(handle) or None}
    group = handle.call("elbv2.create_target_group", **arguments)["TargetGroups"][0]
    handle.physical_id = group["TargetGroupArn"]
    handle.attributes.update(
        {
            "TargetGroupArn": group["TargetGroupArn"],
            "TargetGroupName": name,
            "TargetGroupFullName": group["TargetGroupArn"].rpartition(":")[2],
        }
    )


def _modify_target_group(handle: Handle) -> None:
    arguments = {name: handle.get(name, HEALTH_CHECK_DEFAULTS.get(name)) for name in HEALTH_CHECK if handle.changed(name)}
    handle.call("elbv2.modify_target_group", TargetGroupArn=handle.physical_id, **arguments)


def _read_target_group(handle: Handle) -> Properties:
    group = handle.call("elbv2.describe_target_groups", TargetGroupArns=[handle.physical_id])["TargetGroups"][0]
    seen = {name: group[name] for name in (*HEALTH_CHECK, "Port", "Protocol", "TargetType", "VpcId") if name in group}
    present = handle.call("elbv2.describe_target_group_attributes", TargetGroupArn=handle.physical_id)["Attributes"]
    wanted = {attribute["Key"] for attribute in handle.get("TargetGroupAttributes") or []}
    seen["TargetGroupAttributes"] = [attribute for attribute in present if attribute["Key"] in wanted]
    return seen


def retag(handle: Handle) -> None:
    if handle.before and removed_tags(handle):
        handle.call("elbv2.remove_tags", ResourceArns=[handle.physical_id], TagKeys=removed_tags(handle))
    if handle.before and tag_list(handle):
        handle.call("elbv2.add_tags", ResourceArns=[handle.physical_id], Tags=tag_list(handle))


LOAD_BALANCER = Kind(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    takes=BALANCER,
    create=_create_balancer,
    update=_modify_balancer,
    aspects=(
        attributes("LoadBalancerAttributes", "elbv2.modify_load_balancer_attributes", "LoadBalancerArn", DEFAULT_BALANCER_ATTRIBUTES),
        Aspect(("Tags",), retag),
    ),
    settled=_balancer_settled,
    delete=deletion("elbv2.delete_load_balancer", "LoadBalancerArn"),
    read=_read_balancer,
)
TARGET_GROUP = Kind(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    takes=(*TARGET, *HEALTH_CHECK),
    create=_create_target_group,
    update=_modify_target_group,
    aspects=(
        attributes("TargetGroupAttributes", "elbv2.modify_target_group_attributes", "TargetGroupArn", DEFAULT_TARGET_ATTRIBUTES),
        Aspect(("Tags",), retag),
    ),
    delete=deletion("elbv2.delete_target_group", "TargetGroupArn"),
    read=_read_target_group,
)
KINDS = (LOAD_BALANCER, TARGET_GROUP)
