# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners and their rules."""

from __future__ import annotations

from typing import Any

from .calls import creation, deletion, given, tag_list
from .elbv2 import retag
from .elbv2_attributes import attributes
from .kind import Aspect, Handle, Kind, Properties

LISTENER = ("LoadBalancerArn", "Port", "Protocol", "SslPolicy", "Certificates", "DefaultActions", "AlpnPolicy")
RULE = ("ListenerArn", "Priority", "Conditions", "Actions")
EMPTY_HEADERS = (
    "routing.http.response.strict_transport_security.header_value",
    "routing.http.response.x_content_type_options.header_value",
)
DEFAULT_ATTRIBUTES = {"routing.http.response.server.enabled": "true", **dict.fromkeys(EMPTY_HEADERS, "")}


TAGS = Aspect(("Tags",), retag)


def _tags(handle: Handle) -> Properties:
    return {"Tags": tag_list(handle)} if tag_list(handle) else {}


def _modify_listener(handle: Handle) -> None:
    names = tuple(name for name in LISTENER if name != "LoadBalancerArn")
    handle.call("elbv2.modify_listener", ListenerArn=handle.physical_id, **given(handle, names))


def _read_listener(handle: Handle) -> Properties:
    listener = handle.call("elbv2.describe_listeners", ListenerArns=[handle.physical_id])["Listeners"][0]
    seen = {name: listener[name] for name in ("LoadBalancerArn", "Port", "Protocol", "SslPolicy") if name in listener}
    seen["Certificates"] = [{"CertificateArn": entry["CertificateArn"]} for entry in listener.get("Certificates", [])]
    return seen


def _modify_rule(handle: Handle) -> None:
    if handle.changed("Conditions", "Actions"):
        handle.call("elbv2.modify_rule", RuleArn=handle.physical_id, **given(handle, ("Conditions", "Actions")))
    if handle.changed("Priority"):
        priorities = [{"RuleArn": handle.physical_id, "Priority": handle.get("Priority")}]
        handle.call("elbv2.set_rule_priorities", RulePriorities=priorities)


def _read_rule(handle: Handle) -> Properties:
    rule = handle.call("elbv2.describe_rules", RuleArns=[handle.physical_id])["Rules"][0]
    actions = [_only(action, wanted) for action, wanted in zip(rule["Actions"], handle.get("Actions"), strict=False)]
    conditions = [_only(condition, wanted) for condition, wanted in zip(rule["Conditions"], handle.get("Conditions"), strict=False)]
    return {"Priority": rule["Priority"], "Actions": actions, "Conditions": conditions}


def _only(seen: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Elastic Load Balancing also answers in its older forms (Values beside PathPatternConfig, Order)."""
    return {name: value for name, value in seen.items() if name in wanted}


LISTENER_KIND = Kind(
    "AWS::ElasticLoadBalancingV2::Listener",
    takes=LISTENER,
    create=creation(
        "elbv2.create_listener",
        LISTENER,
        physical_id="Listeners.0.ListenerArn",
        attributes={"ListenerArn": "Listeners.0.ListenerArn"},
        more=_tags,
    ),
    update=_modify_listener,
    aspects=(attributes("ListenerAttributes", "elbv2.modify_listener_attributes", "ListenerArn", DEFAULT_ATTRIBUTES), TAGS),
    delete=deletion("elbv2.delete_listener", "ListenerArn"),
    read=_read_listener,
)
RULE_KIND = Kind(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    takes=RULE,
    create=creation("elbv2.create_rule", RULE, physical_id="Rules.0.RuleArn", attributes={"RuleArn": "Rules.0.RuleArn"}, more=_tags),
    update=_modify_rule,
    aspects=(TAGS,),
    delete=deletion("elbv2.delete_rule", "RuleArn"),
    read=_read_rule,
)
KINDS = (LISTENER_KIND, RULE_KIND)
