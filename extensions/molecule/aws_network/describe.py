# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 says about the network."""

from __future__ import annotations

import os

import boto3

prefix = os.environ["NAME_PREFIX"]
ec2 = boto3.client("ec2")
logs = boto3.client("logs")

(vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [prefix]}])["Vpcs"]
of_the_vpc = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
assert vpc["CidrBlock"] == "10.40.0.0/16"
assert {"Key": "Environment", "Value": "molecule"} in vpc["Tags"]
for attribute in ("enableDnsSupport", "enableDnsHostnames"):
    answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
    assert answer[attribute[0].upper() + attribute[1:]]["Value"], attribute

subnets = {
    next(tag["Value"] for tag in subnet["Tags"] if tag["Key"] == "Name").removeprefix(f"{prefix}-"): subnet
    for subnet in ec2.describe_subnets(Filters=of_the_vpc)["Subnets"]
}
assert sorted(subnets) == [f"{tier}-{zone}" for tier in ("database", "private", "public") for zone in (1, 2, 3)]
assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets.values())
assert {subnet["CidrBlock"] for subnet in subnets.values()} == {f"10.40.{number}.0/24" for number in range(9)}
for zone in (1, 2, 3):
    assert len({subnets[f"{tier}-{zone}"]["AvailabilityZone"] for tier in ("database", "private", "public")}) == 1
assert len({subnet["AvailabilityZone"] for subnet in subnets.values()}) == 3

routes = {}
for table in ec2.describe_route_tables(Filters=of_the_vpc)["RouteTables"]:
    for association in table["Associations"]:
        routes[association.get("SubnetId")] = {
            route["DestinationCidrBlock"]: route for route in table["Routes"] if "DestinationCidrBlock" in route
        }
for name, subnet in subnets.items():
    out = routes[subnet["SubnetId"]].get("0.0.0.0/0")
    if name.startswith("database"):
        assert out is None, "the database leads nowhere"
    elif name.startswith("public"):
        assert out is not None and out["GatewayId"].startswith("igw-")
    else:
        assert out is not None and out["NatGatewayId"].startswith("nat-")
assert len({routes[subnets[f"private-{zone}"]["SubnetId"]]["0.0.0.0/0"]["NatGatewayId"] for zone in (1, 2, 3)}) == 3

groups = {group["GroupId"]: group for group in ec2.describe_security_groups(Filters=of_the_vpc)["SecurityGroups"]}
by_name = {
    next((tag["Value"].removeprefix(f"{prefix}-") for tag in group.get("Tags", []) if tag["Key"] == "Name"), group["GroupName"]): group
    for group in groups.values()
}
names = {group["GroupId"]: name for name, group in by_name.items()}


def incoming(name: str) -> set[tuple[int, str]]:
    """Port and where from, of everything that a group lets in."""
    return {
        (rule["FromPort"], source)
        for rule in by_name[name]["IpPermissions"]
        for source in (
            *(names[pair["GroupId"]] for pair in rule["UserIdGroupPairs"]),
            *(block["CidrIp"] for block in rule["IpRanges"]),
        )
    }


assert incoming("load-balancer") == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
assert incoming("service") == {(9000, "load-balancer")}
assert incoming("database") == {(5432, "service")}
assert incoming("file-system") == {(2049, "service")}
assert incoming("endpoints") == {(443, "service")}
assert (by_name["default"]["IpPermissions"], by_name["default"]["IpPermissionsEgress"]) == ([], []), "the default group is closed"

endpoints = {
    endpoint["ServiceName"].rpartition("eu-central-1.")[2]: endpoint
    for endpoint in ec2.describe_vpc_endpoints(Filters=of_the_vpc)["VpcEndpoints"]
}
assert {name: endpoint["VpcEndpointType"] for name, endpoint in endpoints.items()} == {
    "s3": "Gateway",
    "ecr.api": "Interface",
    "ecr.dkr": "Interface",
    "logs": "Interface",
    "secretsmanager": "Interface",
}

(flow_log,) = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc["VpcId"]]}])["FlowLogs"]
assert flow_log["TrafficType"] == "ALL" and flow_log["MaxAggregationInterval"] == 600
(group,) = [group for group in logs.describe_log_groups()["logGroups"] if group["logGroupName"] == flow_log["LogGroupName"]]
assert group["retentionInDays"] == 90
