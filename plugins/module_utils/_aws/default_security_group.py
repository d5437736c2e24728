# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default security group of a VPC, without a rule.

AWS makes it with each VPC: it lets everything in it speak to each other and to the world, and whatever names no group gets it. It can
neither be deleted nor described by a CloudFormation template (AWS::EC2::SecurityGroup makes new groups only), so a task closes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._core.errors import Refusal
from .connection import Aws


@dataclass(frozen=True)
class DefaultSecurityGroup:
    """The group and the rules that it has: ids of rules by what they are, for a person to read."""

    id: str
    incoming: Mapping[str, str]
    outgoing: Mapping[str, str]

    @property
    def is_closed(self) -> bool:
        return not self.incoming and not self.outgoing


def read(aws: Aws, vpc_id: str) -> DefaultSecurityGroup:
    """The group of the VPC. Raises Refusal if there is no such VPC, and AwsError."""
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    group = next(iter(aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)), None)
    if group is None:
        raise Refusal(f"There is no VPC {vpc_id} in this account and region.")
    of_the_group = [{"Name": "group-id", "Values": [group["GroupId"]]}]
    rules = list(aws.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=of_the_group))
    return DefaultSecurityGroup(
        group["GroupId"],
        incoming={rule["SecurityGroupRuleId"]: _said(rule) for rule in rules if not rule["IsEgress"]},
        outgoing={rule["SecurityGroupRuleId"]: _said(rule) for rule in rules if rule["IsEgress"]},
    )


def close(aws: Aws, group: DefaultSecurityGroup) -> None:
    """Take every rule away. Raises AwsError."""
    for rules, operation in ((group.incoming, "revoke_security_group_ingress"), (group.outgoing, "revoke_security_group_egress")):
        if rules:
            aws.call("ec2", operation, GroupId=group.id, SecurityGroupRuleIds=list(rules))


def _said(rule: Mapping[str, Any]) -> str:
    other = (
        rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
        or rule.get("PrefixListId")
        or (rule.get("ReferencedGroupInfo") or {}).get("GroupId", "?")
    )
    what = "everything" if rule["IpProtocol"] == "-1" else f"{rule['IpProtocol']} {rule.get('FromPort')}-{rule.get('ToPort')}"
    return f"{what} {'to' if rule['IsEgress'] else 'from'} {other}"
