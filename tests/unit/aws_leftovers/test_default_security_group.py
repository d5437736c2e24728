# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default security group, which no template can close."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.aws_leftovers.conftest import Cloud


@pytest.fixture
def vpc_id(cloud: Cloud) -> str:
    return str(cloud.client("ec2").create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"])


def default_group(cloud: Cloud, vpc_id: str) -> dict[str, Any]:
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    group: dict[str, Any] = cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]
    return group


def test_every_rule_goes_and_the_second_run_changes_nothing(cloud: Cloud, vpc_id: str) -> None:
    assert default_group(cloud, vpc_id)["IpPermissionsEgress"], "AWS makes it open"
    first = cloud.task("aws_default_security_group", vpc_id=vpc_id)
    group = default_group(cloud, vpc_id)
    assert (first["changed"], first["group_id"]) == (True, group["GroupId"])
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
    assert cloud.task("aws_default_security_group", vpc_id=vpc_id)["changed"] is False


def test_rules_that_somebody_adds_later_go_as_well_and_the_diff_names_them(cloud: Cloud, vpc_id: str) -> None:
    cloud.task("aws_default_security_group", vpc_id=vpc_id)
    opened = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}]
    cloud.client("ec2").authorize_security_group_ingress(GroupId=default_group(cloud, vpc_id)["GroupId"], IpPermissions=opened)
    result = cloud.task("aws_default_security_group", vpc_id=vpc_id)
    assert (result["diff"]["before"], result["diff"]["after"]) == ("tcp 22-22 from 203.0.113.0/24\n", "")
    assert default_group(cloud, vpc_id)["IpPermissions"] == []


def test_a_check_says_what_would_go_and_leaves_it(cloud: Cloud, vpc_id: str) -> None:
    result = cloud.task("aws_default_security_group", vpc_id=vpc_id, check=True)
    assert result["changed"] and "everything to 0.0.0.0/0" in result["diff"]["before"]
    assert default_group(cloud, vpc_id)["IpPermissionsEgress"]


def test_a_check_before_there_is_a_vpc_predicts_that_its_group_will_be_closed(cloud: Cloud) -> None:
    result = cloud.task("aws_default_security_group", vpc_id="known after apply (paperboat-network.VpcId)", check=True)
    assert result["changed"] and "failed" not in result


def test_a_vpc_that_does_not_exist_is_named(cloud: Cloud) -> None:
    result = cloud.task("aws_default_security_group", vpc_id="vpc-0000000000000000f")
    assert result["failed"] and "no VPC vpc-0000000000000000f" in result["msg"]
