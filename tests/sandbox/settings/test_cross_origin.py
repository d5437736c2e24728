# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.listmonk.groups import cross_origin
from sandbox.listmonk.state import State


def client(*trusted: str) -> FlaskClient:
    app = Flask(__name__)
    state: Any = SimpleNamespace(settings={"security.trusted_urls": list(trusted)})
    app.register_blueprint(cross_origin.routes(cast(State, state)))
    app.add_url_rule("/health", "health", lambda: "ok")
    return app.test_client()


def allowed(site: FlaskClient, origin: str) -> str | None:
    return site.get("/health", headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin")


def test_only_the_origin_of_a_trusted_url_is_allowed() -> None:
    site = client("https://app.example.org/path/", "not a url")
    assert allowed(site, "https://app.example.org") == "https://app.example.org"
    assert allowed(site, "https://evil.example") is None


def test_a_star_allows_everybody() -> None:
    assert allowed(client("*"), "https://anybody.example") == "*"


def test_without_trusted_urls_there_are_no_headers_at_all() -> None:
    response = client().get("/health", headers={"Origin": "https://app.example.org"})
    assert "Access-Control-Allow-Origin" not in response.headers and "Vary" not in response.headers


@pytest.mark.parametrize(("origin", "methods"), [("https://app.example.org", True), ("https://evil.example", False)])
def test_a_preflight_is_answered_without_a_body(origin: str, methods: bool) -> None:
    response = client("https://app.example.org").options("/health", headers={"Origin": origin})
    assert (response.status_code, response.data) == (204, b"")
    assert ("Access-Control-Allow-Methods" in response.headers) is methods
