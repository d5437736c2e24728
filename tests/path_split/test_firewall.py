# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web ACL of aws_ingress looks at. A request that no rule looks at cannot be refused by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.path_split.load_balancer import resources
from tests.path_split.test_path_split import NETWORKS, expectations

TOPIC = "arn:aws:sns:eu-central-1:123456789012:paperboat-feedback"
ALLOWED_BY_DESIGN = re.compile(r"^/(api/(?!public/)|webhooks/)")
"""What takes SQL expressions, HTML, CSV files, pictures and foreign headers."""


def rules(**parameters: str) -> list[Mapping[str, Any]]:
    (acl,) = resources("AWS::WAFv2::WebACL", **NETWORKS, **parameters)
    found: list[Mapping[str, Any]] = acl["Rules"]
    return found


def statement(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    ((_kind, config),) = rule["Statement"].items()
    found: Mapping[str, Any] = config
    return found


def looks_at(rule: Mapping[str, Any], path: str) -> bool:
    scope = statement(rule)["ScopeDownStatement"]["RegexMatchStatement"]
    assert scope["FieldToMatch"] == {"UriPath": {}}
    return re.search(scope["RegexString"], path) is not None


@pytest.mark.parametrize("name", [rule["Name"] for rule in rules()])
def test_no_rule_looks_at_imports_uploads_and_whatever_else_administrators_send(name: str) -> None:
    (rule,) = (rule for rule in rules() if rule["Name"] == name)
    looked_at = [each.path for each in expectations() if looks_at(rule, each.path)]
    assert looked_at, "a rule that looks at nothing is none"
    assert [path for path in looked_at if ALLOWED_BY_DESIGN.match(path)] == []


@pytest.mark.parametrize("name", ["rate", "reputation"])
@pytest.mark.parametrize(
    "path",
    [
        "/link/a/b/c",
        "/campaign/a/b/px.png",
        "/subscription/9bd0c2e5-6d1a-4c36-a7a4-0c9a4d0f6d7e/b",
        "/subscription/wipe/a",
        "/uploads/a.png",
    ],
)
def test_opening_clicking_and_unsubscribing_work_from_every_address(name: str, path: str) -> None:
    (rule,) = (rule for rule in rules() if rule["Name"] == name)
    assert not looks_at(rule, path)


@pytest.mark.parametrize("path", ["/subscription/form", "/api/public/subscription", "/admin/login"])
def test_forms_and_sign_in_are_limited_by_address(path: str) -> None:
    (rule,) = (rule for rule in rules(RateLimit="50") if rule["Name"] == "rate")
    assert looks_at(rule, path)
    assert int(statement(rule)["Limit"]) == 50


def test_the_common_rule_set_is_not_used_because_it_refuses_bodies_over_8_kb() -> None:
    groups = {statement(rule).get("Name") for rule in rules()}
    assert "AWSManagedRulesCommonRuleSet" not in groups


def test_only_with_a_topic_a_notification_must_name_it() -> None:
    assert "foreign-topic" not in [rule["Name"] for rule in rules()]
    (rule,) = (rule for rule in rules(FeedbackTopicArn=TOPIC) if rule["Name"] == "foreign-topic")
    path, no_topic = statement(rule)["Statements"]
    assert path["ByteMatchStatement"]["SearchString"] == "/webhooks/service/ses"
    assert no_topic["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] == TOPIC


def test_the_firewall_can_be_left_out_as_a_whole() -> None:
    kinds = ["AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::LoggingConfiguration", "AWS::Logs::LogGroup"]
    assert [resources(kind, **NETWORKS, Firewall="false") for kind in kinds] == [[], [], [], []]
