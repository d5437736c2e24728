# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a redirect is followed to, and where the token never goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import BadAddress, NotTheApi
from tests.faults.scripted_answers import Reply, data

from .conftest import TOKEN, Server, client_of


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    with Server() as server:
        yield server


def to(location: str, status: int = 302) -> Reply:
    return Reply(status, b"", (("Location", location),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_read_follows_to_the_same_server(client: Client, server: Server, status: int, absolute: bool) -> None:
    server.answers["GET /api/lists"] = to((server.url if absolute else "") + "/mail/api/lists?page=1", status)
    server.answers["GET /mail/api/lists"] = data({"total": 1})
    assert client.get("/api/lists", {"page": 1}) == {"total": 1}
    assert server.seen[1].path == "/mail/api/lists?page=1"
    assert server.seen[1].headers["Authorization"].endswith(TOKEN)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete"])
def test_no_request_follows_to_another_port_and_the_token_stays_here(
    client: Client, server: Server, elsewhere: Server, verb: str, status: int
) -> None:
    server.answers[f"{verb.upper()} /api/lists"] = to(f"{elsewhere.url}/login?next=hush", status)
    with pytest.raises(NotTheApi, match=rf"redirect \(status {status}\) to {elsewhere.url}/login, which is not followed") as error:
        getattr(client, verb)("/api/lists")
    assert "hush" not in str(error.value)
    assert (len(server.log), elsewhere.connections) == (1, 0)


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_a_write_does_not_even_follow_to_the_same_server(client: Client, server: Server, verb: str) -> None:
    server.answers[f"{verb.upper()} /api/lists"] = to("/login")
    with pytest.raises(NotTheApi, match=f"{server.url}/login, which is not followed"):
        getattr(client, verb)("/api/lists")
    assert len(server.log) == 1


@pytest.mark.parametrize("verb", ["get", "put"])
def test_a_redirect_to_https_is_answered_with_the_right_url(client: Client, server: Server, verb: str) -> None:
    server.answers[f"{verb.upper()} /api/lists"] = to("https://mail.example.com/listmonk/api/lists", 301)
    with pytest.raises(BadAddress, match=r"set url to https://mail\.example\.com/listmonk$"):
        getattr(client, verb)("/api/lists")


def test_a_password_in_a_redirect_is_not_repeated(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = to("https://someone:hush@example.com/?state=hush#hush")
    with pytest.raises(NotTheApi) as error:
        client.get("/api/lists")
    assert "hush" not in str(error.value)


def test_redirects_in_a_circle_end_after_three(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = to("/api/lists?again")
    with pytest.raises(NotTheApi, match=rf"more than 3 times, the last time to {server.url}/api/lists"):
        client.get("/api/lists")
    assert len(server.log) == 4


def test_a_sign_in_page_behind_a_redirect_is_named_by_its_address(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = to("/sso/login")
    server.fail("GET /sso/login", "html")
    with pytest.raises(NotTheApi, match=rf"answered by {server.url}/sso/login with status 200 and a web page"):
        client.get("/api/lists")


@pytest.mark.parametrize("location", ["http://[::1", "http://", "ftp://127.0.0.1/x", "http://127.0.0.1:99999/api/lists", "//"])
def test_a_redirect_to_nowhere_is_a_sentence(client: Client, server: Server, location: str) -> None:
    server.answers["GET /api/lists"] = to(location)
    with pytest.raises(MailingError):
        client.get("/api/lists")


@pytest.mark.parametrize("status", [300, 304, 302])
def test_a_redirect_without_a_place_is_not_the_api(client: Client, server: Server, status: int) -> None:
    server.answers["GET /api/lists"] = Reply(status)
    with pytest.raises(NotTheApi, match=f"status {status}"):
        client.get("/api/lists")


def test_the_default_port_written_out_is_the_same_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.address import parse_address
    from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.redirects import refused_redirect

    def verdict(base: str, target: str) -> Any:
        return refused_redirect(parse_address(base), "GET", "/api/lists", 302, target)

    assert verdict("https://mail.example.com", "https://MAIL.example.com:443/x") is None
    assert verdict("https://mail.example.com", "http://mail.example.com:443/x") is not None
    assert verdict("http://mail.example.com:8080", "http://mail.example.com/x") is not None
    assert client_of("https://mail.example.com").base_url == "https://mail.example.com"
