# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups and their rules, inside a group or beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .calls import creation, deletion
from .ec2_rules import rules_seen
from .ec2_tags import TAGS, tag_specification, tags_seen
from .kind import Aspect, Handle, Kind, Properties

RULE = (
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
    "Description",
)
# A group without egress rules of its own gets this one from EC2.
EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
# Property, member of EC2's permission, and the name in it.
REFERRED = (
    ("SourceSecurityGroupId", "UserIdGroupPairs", "GroupId"),
    ("DestinationSecurityGroupId", "UserIdGroupPairs", "GroupId"),
    ("SourcePrefixListId", "PrefixListIds", "PrefixListId"),
    ("DestinationPrefixListId", "PrefixListIds", "PrefixListId"),
)


def _permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as EC2's calls write it."""
    permission: dict[str, Any] = {name: rule[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in rule}
    description = {"Description": rule["Description"]} if "Description" in rule else {}
    if "CidrIp" in rule:
        permission["IpRanges"] = [{"CidrIp": rule["CidrIp"], **description}]
    if "CidrIpv6" in rule:
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **description}]
    for name, member, key in REFERRED:
        if name in rule:
            permission[member] = [{key: rule[name], **description}]
    return permission


def _rules_of_group(direction: str, default: list[dict[str, Any]]) -> Aspect:
    name = f"SecurityGroup{direction.capitalize()}"

    def step(handle: Handle) -> None:
        before, after = handle.before.get(name) or default, handle.properties.get(name) or default
        for verb, rules in (
            ("revoke", [rule for rule in before if rule not in after]),
            ("authorize", [rule for rule in after if rule not in before]),
        ):
            if rules:
                permissions = [_permission(rule) for rule in rules]
                handle.call(f"ec2.{verb}_security_group_{direction}", GroupId=handle.physical_id, IpPermissions=permissions)

    return Aspect((name,), step)


def _own_rule(direction: str, takes: tuple[str, ...]) -> Kind:
    def create(handle: Handle) -> None:
        answer = handle.call(
            f"ec2.authorize_security_group_{direction}",
            GroupId=handle.get("GroupId"),
            IpPermissions=[_permission({name: value for name, value in handle.properties.items() if name != "GroupId"})],
        )
        handle.physical_id = handle.attributes["Id"] = answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def describe_anew(handle: Handle) -> None:
        described = {"SecurityGroupRuleId": handle.physical_id, "Description": handle.get("Description", "")}
        operation = f"ec2.update_security_group_rule_descriptions_{direction}"
        handle.call(operation, GroupId=handle.get("GroupId"), SecurityGroupRuleDescriptions=[described])

    def delete(handle: Handle) -> None:
        handle.call(f"ec2.revoke_security_group_{direction}", GroupId=handle.get("GroupId"), SecurityGroupRuleIds=[handle.physical_id])

    def read(handle: Handle) -> Properties | None:
        found = handle.call("ec2.describe_security_group_rules", SecurityGroupRuleIds=[handle.physical_id])["SecurityGroupRules"]
        if not found:
            return None
        seen = found[0]
        group = "SourceSecurityGroupId" if direction == "ingress" else "DestinationSecurityGroupId"
        rule = {
            "IpProtocol": seen["IpProtocol"],
            "FromPort": seen.get("FromPort"),
            "ToPort": seen.get("ToPort"),
            "CidrIp": seen.get("CidrIpv4"),
        }
        rule |= {group: seen.get("ReferencedGroupInfo", {}).get("GroupId"), "Description": seen.get("Description")}
        return {name: value for name, value in rule.items() if value is not None}

    return Kind(f"AWS::EC2::SecurityGroup{direction.capitalize()}", create, delete, ("GroupId", *takes), update=describe_anew, read=read)


def _read_group(handle: Handle) -> Properties:
    group = handle.call("ec2.describe_security_groups", GroupIds=[handle.physical_id])["SecurityGroups"][0]
    seen = {"GroupDescription": group["Description"], "VpcId": group["VpcId"], "GroupName": group["GroupName"], "Tags": tags_seen(group)}
    for name, permissions in (("SecurityGroupIngress", group["IpPermissions"]), ("SecurityGroupEgress", group["IpPermissionsEgress"])):
        if name in handle.properties:
            seen[name] = rules_seen(handle.properties[name], permissions)
    return seen


GROUP = Kind(
    "AWS::EC2::SecurityGroup",
    takes=("GroupName", "GroupDescription", "VpcId"),
    create=creation(
        "ec2.create_security_group",
        ("GroupDescription", "VpcId"),
        physical_id="GroupId",
        attributes={"GroupId": "GroupId", "Id": "GroupId"},
        renamed={"GroupDescription": "Description"},
        more=lambda handle: {"GroupName": handle.name(handle.get("GroupName")), **tag_specification("security-group")(handle)},
    ),
    aspects=(_rules_of_group("ingress", []), _rules_of_group("egress", [EVERYTHING]), TAGS),
    delete=deletion("ec2.delete_security_group", "GroupId"),
    read=_read_group,
)
INGRESS = _own_rule("ingress", tuple(name for name in RULE if not name.startswith("Destination")))
EGRESS = _own_rule("egress", tuple(name for name in RULE if not name.startswith("Source")))
KINDS = (GROUP, INGRESS, EGRESS)
