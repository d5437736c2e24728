# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reaches which route of listmonk through the load balancer of aws_ingress."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.path_split.load_balancer import Listener, https_listener

HERE = Path(__file__).parent
INSIDE = "198.51.100.7"
OUTSIDE = "203.0.113.9"
NETWORKS = {"AdminNetworks1": "198.51.100.0/24"}
A_UUID = "9bd0c2e5-6d1a-4c36-a7a4-0c9a4d0f6d7e"


@dataclass(frozen=True)
class Expectation:
    method: str
    route: str
    inside: str
    outside: str

    @property
    def path(self) -> str:
        """The route with values in it."""
        path = self.route.replace(":service", "ses").replace("*", "static/js/app.js")
        return re.sub(r":\w+", lambda name: A_UUID if name.group().endswith("UUID") else "7", path)


def expectations() -> list[Expectation]:
    lines = (HERE / "expectations.txt").read_text().splitlines()
    return [Expectation(*line.split()) for line in lines if line and not line.startswith("#")]


def routes() -> list[tuple[str, str]]:
    return [(route["method"], route["path"]) for route in json.loads((HERE / "routes-6.2.0.json").read_text())]


@pytest.fixture(scope="module")
def listener() -> Listener:
    return https_listener(**NETWORKS)


def test_the_table_of_expectations_has_every_route_of_listmonk_once() -> None:
    assert sorted((each.method, each.route) for each in expectations()) == sorted(routes())


@pytest.mark.parametrize("expected", expectations(), ids=lambda each: f"{each.method} {each.route}")
def test_a_route_is_answered_by_whom_the_table_names(listener: Listener, expected: Expectation) -> None:
    assert listener.target(expected.method, expected.path, INSIDE) == expected.inside
    assert listener.target(expected.method, expected.path, OUTSIDE) == expected.outside


@pytest.mark.parametrize(
    "path",
    [
        "//admin",
        "/ADMIN",
        "/%61dmin",
        "/admin;/public/x",
        "/./admin",
        "/api/public",
        "/api/publicity",
        "/api//public/lists",
        "/archived",
        "/subscriptions",
        "/link",
        "/healthz",
        "/health/",
        "/metrics",
        "/webhooks/service/ses/../../../api/settings",
    ],
)
def test_what_only_looks_like_an_open_route_does_not_exist_outside(listener: Listener, path: str) -> None:
    assert listener.target("GET", path, OUTSIDE) == "404"
    assert listener.target("POST", path, OUTSIDE) == "404"


@pytest.mark.parametrize(
    "path", ["/public/../admin", "/archive/..%2f..%2fapi/settings", "/api/public/../settings", "/uploads//api/settings"]
)
def test_a_path_that_climbs_out_of_an_open_route_never_reaches_the_core_from_outside(listener: Listener, path: str) -> None:
    """The public tasks get it as it is; listmonk's router compares it as it is, and finds no such route."""
    assert listener.target("GET", path, OUTSIDE) == "public"


def test_a_webhook_of_a_service_that_is_not_in_use_does_not_exist_outside(listener: Listener) -> None:
    assert listener.target("POST", "/webhooks/service/ses", OUTSIDE) == "core"
    assert listener.target("POST", "/webhooks/service/sendgrid", OUTSIDE) == "404"
    assert listener.target("GET", "/webhooks/service/ses", OUTSIDE) == "404"


def test_without_webhook_services_no_webhook_exists_outside() -> None:
    listener = https_listener(**NETWORKS, WebhookPaths="")
    assert listener.target("POST", "/webhooks/service/ses", OUTSIDE) == "404"
    assert listener.target("POST", "/webhooks/service/ses", INSIDE) == "core"


def test_with_altcha_the_form_and_its_challenge_are_answered_by_the_same_process() -> None:
    listener = https_listener(**NETWORKS, FormsTo="core")
    for source in (INSIDE, OUTSIDE):
        assert listener.target("GET", "/subscription/form", source) == "core"
        assert listener.target("POST", "/subscription/form", source) == "core"
        assert listener.target("GET", "/api/public/captcha/altcha", source) == "core"
        assert listener.target("GET", f"/subscription/{A_UUID}/{A_UUID}", source) == "public"


def test_the_twentieth_network_is_as_much_inside_as_the_first() -> None:
    networks = [f"198.51.{number}.0/24" for number in range(20)]
    groups = {f"AdminNetworks{group + 1}": ",".join(networks[group * 5 : group * 5 + 5]) for group in range(4)}
    listener = https_listener(**groups)
    for number in range(20):
        assert listener.target("GET", "/admin", f"198.51.{number}.1") == "core"
    assert listener.target("GET", "/admin", "198.51.20.1") == "404"


def test_no_rule_holds_more_values_or_wildcards_than_aws_takes() -> None:
    """Quotas for Application Load Balancers: 5 condition values, 5 wildcards a rule, 100 rules a load balancer; none can be raised but the last."""
    five = ",".join(f"198.51.{number}.0/24" for number in range(5))
    listener = https_listener(
        AdminNetworks1=five,
        AdminNetworks2=five,
        AdminNetworks3=five,
        AdminNetworks4=five,
        WebhookPaths=",".join(f"/webhooks/service/{name}" for name in ("ses", "sendgrid", "postmark", "forwardemail")),
        FormsTo="core",
    )
    assert len(listener.rules) == 10
    for rule in listener.rules:
        assert len(rule.values()) <= 5, rule
        assert sum(value.count("*") + value.count("?") for value in rule.values()) <= 5, rule
        assert all(len(value) <= 128 for value in rule.values()), rule
