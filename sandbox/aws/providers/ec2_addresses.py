# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic addresses and NAT gateways."""

from __future__ import annotations

from .calls import creation, deletion, given
from .ec2_tags import TAGS, tag_specification
from .kind import Handle, Kind


def _release(handle: Handle) -> None:
    handle.call("ec2.release_address", AllocationId=handle.attributes["AllocationId"])


def _create_gateway(handle: Handle) -> None:
    answer = handle.call("ec2.create_nat_gateway", **given(handle, ("AllocationId", "SubnetId")), **tag_specification("natgateway")(handle))
    handle.physical_id = handle.attributes["NatGatewayId"] = answer["NatGateway"]["NatGatewayId"]


def _gateway_is(handle: Handle, *states: str) -> bool:
    found = handle.call("ec2.describe_nat_gateways", NatGatewayIds=[handle.physical_id])["NatGateways"]
    return (found[0]["State"] if found else "deleted") in states


ADDRESS = Kind(
    "AWS::EC2::EIP",
    takes=("Domain",),
    create=creation(
        "ec2.allocate_address",
        ("Domain",),
        physical_id="PublicIp",
        attributes={"AllocationId": "AllocationId", "PublicIp": "PublicIp"},
        more=tag_specification("elastic-ip"),
    ),
    aspects=(TAGS,),
    delete=_release,
)
NAT_GATEWAY = Kind(
    "AWS::EC2::NatGateway",
    takes=("AllocationId", "SubnetId"),
    create=_create_gateway,
    aspects=(TAGS,),
    settled=lambda handle: _gateway_is(handle, "available"),
    delete=deletion("ec2.delete_nat_gateway", "NatGatewayId"),
    gone=lambda handle: _gateway_is(handle, "deleted"),
)
KINDS = (ADDRESS, NAT_GATEWAY)
