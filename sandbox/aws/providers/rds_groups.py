# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups and parameter groups of RDS."""

from __future__ import annotations

from typing import Any

from .calls import deletion, tag_list
from .kind import Aspect, Handle, Kind, Properties
from .rds_tags import retag

LONGEST = 255


def _create_subnet_group(handle: Handle) -> None:
    name = handle.name(handle.get("DBSubnetGroupName"), longest=LONGEST, lower=True)
    answer = handle.call(
        "rds.create_db_subnet_group",
        DBSubnetGroupName=name,
        DBSubnetGroupDescription=handle.get("DBSubnetGroupDescription"),
        SubnetIds=handle.get("SubnetIds"),
        Tags=tag_list(handle) or None,
    )
    handle.physical_id = name
    handle.attributes["arn"] = answer["DBSubnetGroup"]["DBSubnetGroupArn"]


def _modify_subnet_group(handle: Handle) -> None:
    handle.call(
        "rds.modify_db_subnet_group",
        DBSubnetGroupName=handle.physical_id,
        DBSubnetGroupDescription=handle.get("DBSubnetGroupDescription"),
        SubnetIds=handle.get("SubnetIds"),
    )


def _read_subnet_group(handle: Handle) -> Properties:
    group = handle.call("rds.describe_db_subnet_groups", DBSubnetGroupName=handle.physical_id)["DBSubnetGroups"][0]
    subnets = [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]
    return {"DBSubnetGroupDescription": group["DBSubnetGroupDescription"], "SubnetIds": subnets}


def _create_parameter_group(handle: Handle) -> None:
    name = handle.name(handle.get("DBParameterGroupName"), longest=LONGEST, lower=True)
    answer = handle.call(
        "rds.create_db_parameter_group",
        DBParameterGroupName=name,
        DBParameterGroupFamily=handle.get("Family"),
        Description=handle.get("Description"),
        Tags=tag_list(handle) or None,
    )
    handle.physical_id = handle.attributes["DBParameterGroupName"] = name
    handle.attributes["arn"] = answer["DBParameterGroup"]["DBParameterGroupArn"]


def _parameters(handle: Handle) -> None:
    before, after = handle.before.get("Parameters") or {}, handle.properties.get("Parameters") or {}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if changed:
        _modify(handle, "modify_db_parameter_group", [_parameter(name, value) for name, value in changed.items()])
    removed = sorted(set(before) - set(after))
    if removed:
        _modify(handle, "reset_db_parameter_group", [{"ParameterName": name, "ApplyMethod": "pending-reboot"} for name in removed])


def _parameter(name: str, value: Any) -> dict[str, Any]:
    return {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "pending-reboot"}


def _modify(handle: Handle, operation: str, parameters: list[dict[str, Any]]) -> None:
    handle.call(f"rds.{operation}", DBParameterGroupName=handle.physical_id, Parameters=parameters)


def _read_parameter_group(handle: Handle) -> Properties:
    group = handle.call("rds.describe_db_parameter_groups", DBParameterGroupName=handle.physical_id)["DBParameterGroups"]
    if not group:  # moto answers an empty list where RDS has an error
        return {"Family": None}
    parameters = handle.call("rds.describe_db_parameters", DBParameterGroupName=handle.physical_id)["Parameters"]
    seen = {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in parameters}
    return {"Family": group[0]["DBParameterGroupFamily"], "Description": group[0]["Description"], "Parameters": seen}


SUBNET_GROUP = Kind(
    "AWS::RDS::DBSubnetGroup",
    takes=("DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds"),
    create=_create_subnet_group,
    update=_modify_subnet_group,
    aspects=(Aspect(("Tags",), retag("arn")),),
    delete=deletion("rds.delete_db_subnet_group", "DBSubnetGroupName"),
    read=_read_subnet_group,
)
PARAMETER_GROUP = Kind(
    "AWS::RDS::DBParameterGroup",
    takes=("DBParameterGroupName", "Family", "Description"),
    create=_create_parameter_group,
    aspects=(Aspect(("Parameters",), _parameters), Aspect(("Tags",), retag("arn"))),
    delete=deletion("rds.delete_db_parameter_group", "DBParameterGroupName"),
    read=_read_parameter_group,
)
KINDS = (SUBNET_GROUP, PARAMETER_GROUP)
