# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC, internet gateway, subnets, route tables and routes."""

from __future__ import annotations

from .calls import creation, deletion, given
from .ec2_tags import TAGS, tag_specification, tags_seen
from .kind import Aspect, Handle, Kind, Properties

ROUTE_TARGETS = ("GatewayId", "NatGatewayId", "VpcEndpointId")


def _vpc_attribute(name: str, default: bool) -> Aspect:
    def step(handle: Handle) -> None:
        handle.call("ec2.modify_vpc_attribute", VpcId=handle.physical_id, **{name: {"Value": handle.flag(name, default)}})

    return Aspect((name,), step)


def _read_vpc(handle: Handle) -> Properties:
    vpc = handle.call("ec2.describe_vpcs", VpcIds=[handle.physical_id])["Vpcs"][0]
    attributes = {
        name: handle.call("ec2.describe_vpc_attribute", VpcId=handle.physical_id, Attribute=attribute)[name]["Value"]
        for name, attribute in (("EnableDnsSupport", "enableDnsSupport"), ("EnableDnsHostnames", "enableDnsHostnames"))
    }
    return {"CidrBlock": vpc["CidrBlock"], "InstanceTenancy": vpc["InstanceTenancy"], "Tags": tags_seen(vpc), **attributes}


def _subnet_public_address(handle: Handle) -> None:
    wanted = {"Value": handle.flag("MapPublicIpOnLaunch")}
    handle.call("ec2.modify_subnet_attribute", SubnetId=handle.physical_id, MapPublicIpOnLaunch=wanted)


def _read_subnet(handle: Handle) -> Properties:
    subnet = handle.call("ec2.describe_subnets", SubnetIds=[handle.physical_id])["Subnets"][0]
    names = ("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch")
    return {**{name: subnet[name] for name in names}, "Tags": tags_seen(subnet)}


def _attach_gateway(handle: Handle) -> None:
    handle.call("ec2.attach_internet_gateway", VpcId=handle.get("VpcId"), InternetGatewayId=handle.get("InternetGatewayId"))
    handle.physical_id = f"IGW|{handle.get('VpcId')}"
    handle.attributes["AttachmentType"] = "IGW"


def _detach_gateway(handle: Handle) -> None:
    handle.call("ec2.detach_internet_gateway", VpcId=handle.get("VpcId"), InternetGatewayId=handle.get("InternetGatewayId"))


def _create_route(handle: Handle) -> None:
    handle.call("ec2.create_route", **given(handle, ("RouteTableId", "DestinationCidrBlock", *ROUTE_TARGETS)))
    handle.physical_id = f"{handle.get('RouteTableId')}|{handle.get('DestinationCidrBlock')}"
    handle.attributes["CidrBlock"] = handle.get("DestinationCidrBlock")


def _replace_route(handle: Handle) -> None:
    handle.call("ec2.replace_route", **given(handle, ("RouteTableId", "DestinationCidrBlock", *ROUTE_TARGETS)))


def _delete_route(handle: Handle) -> None:
    handle.call("ec2.delete_route", **given(handle, ("RouteTableId", "DestinationCidrBlock")))


def _read_route(handle: Handle) -> Properties | None:
    table = handle.call("ec2.describe_route_tables", RouteTableIds=[handle.get("RouteTableId")])["RouteTables"][0]
    for route in table["Routes"]:
        if route.get("DestinationCidrBlock") == handle.get("DestinationCidrBlock"):
            targets = {name: route[name] for name in ROUTE_TARGETS if route.get(name)}
            return {name: targets.get(name) for name in ROUTE_TARGETS if name in handle.properties or name in targets}
    return None


def _read_association(handle: Handle) -> Properties | None:
    filters = [{"Name": "association.route-table-association-id", "Values": [handle.physical_id]}]
    for table in handle.call("ec2.describe_route_tables", Filters=filters)["RouteTables"]:
        for association in table["Associations"]:
            if association["RouteTableAssociationId"] == handle.physical_id:
                return {"RouteTableId": table["RouteTableId"], "SubnetId": association["SubnetId"]}
    return None


VPC = Kind(
    "AWS::EC2::VPC",
    takes=("CidrBlock", "InstanceTenancy"),
    create=creation(
        "ec2.create_vpc",
        ("CidrBlock", "InstanceTenancy"),
        physical_id="Vpc.VpcId",
        attributes={"VpcId": "Vpc.VpcId", "CidrBlock": "Vpc.CidrBlock"},
        more=tag_specification("vpc"),
    ),
    aspects=(_vpc_attribute("EnableDnsSupport", True), _vpc_attribute("EnableDnsHostnames", False), TAGS),
    delete=deletion("ec2.delete_vpc", "VpcId"),
    read=_read_vpc,
)
INTERNET_GATEWAY = Kind(
    "AWS::EC2::InternetGateway",
    create=creation(
        "ec2.create_internet_gateway",
        (),
        physical_id="InternetGateway.InternetGatewayId",
        attributes={"InternetGatewayId": "InternetGateway.InternetGatewayId"},
        more=tag_specification("internet-gateway"),
    ),
    aspects=(TAGS,),
    delete=deletion("ec2.delete_internet_gateway", "InternetGatewayId"),
)
GATEWAY_ATTACHMENT = Kind(
    "AWS::EC2::VPCGatewayAttachment",
    takes=("VpcId", "InternetGatewayId"),
    create=_attach_gateway,
    delete=_detach_gateway,
)
SUBNET = Kind(
    "AWS::EC2::Subnet",
    takes=("VpcId", "CidrBlock", "AvailabilityZone"),
    create=creation(
        "ec2.create_subnet",
        ("VpcId", "CidrBlock", "AvailabilityZone"),
        physical_id="Subnet.SubnetId",
        attributes={"SubnetId": "Subnet.SubnetId", "AvailabilityZone": "Subnet.AvailabilityZone", "VpcId": "Subnet.VpcId"},
        more=tag_specification("subnet"),
    ),
    aspects=(Aspect(("MapPublicIpOnLaunch",), _subnet_public_address), TAGS),
    delete=deletion("ec2.delete_subnet", "SubnetId"),
    read=_read_subnet,
)
ROUTE_TABLE = Kind(
    "AWS::EC2::RouteTable",
    takes=("VpcId",),
    create=creation(
        "ec2.create_route_table",
        ("VpcId",),
        physical_id="RouteTable.RouteTableId",
        attributes={"RouteTableId": "RouteTable.RouteTableId"},
        more=tag_specification("route-table"),
    ),
    aspects=(TAGS,),
    delete=deletion("ec2.delete_route_table", "RouteTableId"),
)
ROUTE = Kind(
    "AWS::EC2::Route",
    takes=("RouteTableId", "DestinationCidrBlock", *ROUTE_TARGETS),
    create=_create_route,
    update=_replace_route,
    delete=_delete_route,
    read=_read_route,
)
ASSOCIATION = Kind(
    "AWS::EC2::SubnetRouteTableAssociation",
    takes=("SubnetId", "RouteTableId"),
    create=creation(
        "ec2.associate_route_table", ("SubnetId", "RouteTableId"), physical_id="AssociationId", attributes={"Id": "AssociationId"}
    ),
    delete=deletion("ec2.disassociate_route_table", "AssociationId"),
    read=_read_association,
)
KINDS = (VPC, INTERNET_GATEWAY, GATEWAY_ATTACHMENT, SUBNET, ROUTE_TABLE, ROUTE, ASSOCIATION)
