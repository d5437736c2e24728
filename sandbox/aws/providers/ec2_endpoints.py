# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints of a VPC and flow logs."""

from __future__ import annotations

from typing import Any

from ..cloudformation.errors import ResourceFailed
from .calls import creation, given
from .ec2_tags import TAGS, tag_specification
from .kind import Handle, Kind

ENDPOINT = (
    "VpcId",
    "ServiceName",
    "VpcEndpointType",
    "SubnetIds",
    "SecurityGroupIds",
    "RouteTableIds",
    "PrivateDnsEnabled",
    "PolicyDocument",
)
FLOW_LOG = (
    "DeliverLogsPermissionArn",
    "LogGroupName",
    "LogDestinationType",
    "LogDestination",
    "MaxAggregationInterval",
    "ResourceId",
    "ResourceType",
    "TrafficType",
)


def _modify_endpoint(handle: Handle) -> None:
    """Members are changed by what is added and what is removed."""
    arguments: dict[str, Any] = {}
    for name, plural in (("SubnetIds", "SubnetIds"), ("SecurityGroupIds", "SecurityGroupIds"), ("RouteTableIds", "RouteTableIds")):
        before, after = set(handle.before.get(name) or []), set(handle.properties.get(name) or [])
        if after - before:
            arguments[f"Add{plural}"] = sorted(after - before)
        if before - after:
            arguments[f"Remove{plural}"] = sorted(before - after)
    if handle.changed("PrivateDnsEnabled"):
        arguments["PrivateDnsEnabled"] = handle.flag("PrivateDnsEnabled")
    if handle.changed("PolicyDocument"):
        arguments |= {"PolicyDocument": handle.get("PolicyDocument")} if "PolicyDocument" in handle.properties else {"ResetPolicy": True}
    handle.call("ec2.modify_vpc_endpoint", VpcEndpointId=handle.physical_id, **arguments)


def _delete_endpoint(handle: Handle) -> None:
    handle.call("ec2.delete_vpc_endpoints", VpcEndpointIds=[handle.physical_id])


def _create_flow_log(handle: Handle) -> None:
    arguments = given(handle, FLOW_LOG, {"ResourceId": "ResourceIds"})
    answer = handle.call("ec2.create_flow_logs", **arguments, **tag_specification("vpc-flow-log")(handle))
    refused = answer.get("Unsuccessful")
    if refused:
        raise ResourceFailed(refused[0]["Error"]["Message"])
    handle.physical_id = handle.attributes["Id"] = answer["FlowLogIds"][0]


def _delete_flow_log(handle: Handle) -> None:
    handle.call("ec2.delete_flow_logs", FlowLogIds=[handle.physical_id])


VPC_ENDPOINT = Kind(
    "AWS::EC2::VPCEndpoint",
    takes=ENDPOINT,
    create=creation(
        "ec2.create_vpc_endpoint",
        ENDPOINT,
        physical_id="VpcEndpoint.VpcEndpointId",
        attributes={"Id": "VpcEndpoint.VpcEndpointId"},
        more=tag_specification("vpc-endpoint"),
    ),
    update=_modify_endpoint,
    aspects=(TAGS,),
    delete=_delete_endpoint,
)
FLOW_LOGS = Kind("AWS::EC2::FlowLog", takes=FLOW_LOG, create=_create_flow_log, aspects=(TAGS,), delete=_delete_flow_log)
KINDS = (VPC_ENDPOINT, FLOW_LOGS)
