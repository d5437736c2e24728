# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of a security group as EC2 tells them, compared with those that a template gives.

Rules between groups that the template does not give are left out: they may be resources of their own (AWS reports them all the same).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Key = tuple[str, str, str, str]  # protocol, ports, source or destination


def rules_seen(wanted: Sequence[Mapping[str, Any]], permissions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The given rules that are there, and the addresses that somebody else let in or out."""
    present = dict(_present(permissions))
    given = {_key_of(rule): dict(rule) for rule in wanted}
    more = [rule for key, rule in present.items() if key not in given and ("CidrIp" in rule or "CidrIpv6" in rule)]
    return [rule for key, rule in given.items() if key in present] + more


def _key_of(rule: Mapping[str, Any]) -> Key:
    names = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId", "SourcePrefixListId", "DestinationPrefixListId")
    peer = next((str(rule[name]) for name in names if name in rule), "")
    return (str(rule["IpProtocol"]), str(rule.get("FromPort", "")), str(rule.get("ToPort", "")), peer)


def _present(permissions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Key, dict[str, Any]]]:
    for permission in permissions:
        base = {name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission}
        for member, name, key in (
            ("IpRanges", "CidrIp", "CidrIp"),
            ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
            ("UserIdGroupPairs", "SourceSecurityGroupId", "GroupId"),
            ("PrefixListIds", "SourcePrefixListId", "PrefixListId"),
        ):
            for part in permission.get(member, []):
                rule = {**base, name: part[key]}
                yield _key_of(rule), rule
