# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule of a listener takes a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.aws.data_plane.listener_rules import Request, Unsupported, first_match


@dataclass
class Rule:
    priority: Any
    conditions: list[dict[str, Any]]
    actions: list[Any] = field(default_factory=list)


def request(
    path: str = "/", *, method: str = "GET", host: str = "lists.example.org", query: str = "", source: str = "203.0.113.7", **headers: str
) -> Request:
    pairs = tuple((key, value) for key, _, value in (pair.partition("=") for pair in query.split("&") if pair))
    return Request(method, path, host, pairs, {name.replace("_", "-"): value for name, value in headers.items()}, source)


def paths(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def sources(*values: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


def matches(condition: dict[str, Any], asked: Request) -> bool:
    return first_match([Rule(1, [condition])], asked) is not None


@pytest.mark.parametrize(
    ("pattern", "path", "taken"),
    [
        ("/admin*", "/admin", True),
        ("/admin*", "/admin/login", True),
        ("/admin/*", "/admin", False),
        ("/api/public/*", "/api/public/lists", True),
        ("/Admin", "/admin", False),
        ("/a?c", "/abc", True),
        ("/a?c", "/ac", False),
        ("/a.c", "/abc", False),
        ("/webhooks/service/*", "/webhooks/service/ses/x", True),
    ],
)
def test_a_path_pattern_knows_stars_and_question_marks_and_the_case(pattern: str, path: str, taken: bool) -> None:
    assert matches(paths(pattern), request(path)) is taken
    assert matches({"Field": "path-pattern", "Values": [pattern]}, request(path)) is taken, "the older way to write it"


def test_the_lowest_priority_that_matches_wins_and_the_default_comes_last() -> None:
    rules = [Rule("default", []), Rule(20, [paths("/api/*")]), Rule(5, [paths("/api/public/*")])]
    assert [getattr(first_match(rules, request(path)), "priority", None) for path in ("/api/public/lists", "/api/lists", "/")] == [
        5,
        20,
        "default",
    ]


def test_all_conditions_of_a_rule_must_hold_and_one_value_of_each() -> None:
    rule = Rule(1, [paths("/api/*", "/admin*"), sources("10.0.0.0/8", "2001:db8::/32")])
    assert first_match([rule], request("/admin", source="10.1.2.3")) is rule
    assert first_match([rule], request("/api/x", source="2001:db8::5")) is rule
    assert first_match([rule], request("/api/x", source="203.0.113.7")) is None
    assert first_match([rule], request("/", source="10.1.2.3")) is None


def test_a_host_a_header_and_a_query_are_compared_without_regard_to_case_but_not_a_method() -> None:
    assert matches({"Field": "host-header", "HostHeaderConfig": {"Values": ["*.EXAMPLE.org"]}}, request())
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Amz-Sns-Topic-Arn", "Values": ["ARN:*:feedback"]}}
    assert matches(header, request(x_amz_sns_topic_arn="arn:aws:sns:eu-central-1:1:Feedback"))
    assert not matches(header, request())
    method = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST"]}}
    assert matches(method, request(method="POST")) and not matches(method, request(method="post"))


def test_a_query_condition_names_a_pair_or_a_value_alone() -> None:
    pair = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "version", "Value": "V*"}]}}
    assert matches(pair, request(query="a=1&Version=v2")) and not matches(pair, request(query="version=x"))
    alone = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "yes"}]}}
    assert matches(alone, request(query="anything=YES"))


def test_what_the_sandbox_cannot_decide_is_said_and_not_guessed() -> None:
    with pytest.raises(Unsupported, match="regular expression"):
        matches({"Field": "path-pattern", "RegexValues": ["^/api"]}, request())
