# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies, names that do not resolve, Python without requests, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import LibraryMissing, NotTheApi, Unreachable
from tests.faults.scripted_answers import as_page, data
from tests.faults.scripted_server import nobody_listens

from .conftest import Server, client_of


@pytest.fixture
def proxy() -> Iterator[Server]:
    with Server() as server:
        yield server


def test_a_proxy_of_the_environment_is_used(proxy: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    proxy.answers["GET http://mail.example.com/api/lists"] = data({"total": 1})
    assert client_of("http://mail.example.com").get("/api/lists") == {"total": 1}


def test_a_host_named_in_no_proxy_is_reached_directly(server: Server, proxy: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    client_of(server.url).get("/api/lists")
    assert (len(server.log), proxy.connections) == (1, 0)


def test_a_proxys_own_page_is_named_as_what_it_is(proxy: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    proxy.answers["GET http://mail.example.com/api/lists"] = as_page("Proxy authentication required", 407)
    with pytest.raises(NotTheApi, match=r"status 407 and a demand for another sign-in"):
        client_of("http://mail.example.com").get("/api/lists")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_blamed_without_its_password(
    scheme: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with nobody_listens() as url:
        monkeypatch.setenv(f"{scheme}_proxy", url.replace("//", "//someone:hush@"))
        with pytest.raises(Unreachable, match=r"The proxy from the environment \(http_proxy, https_proxy, all_proxy\) gave no") as error:
            client_of(f"{scheme}://mail.example.com").post("/api/lists", {})
    assert "hush" not in str(error.value)


def test_a_proxy_that_refuses_the_tunnel_is_quoted(proxy: Server, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(Unreachable, match=r"Tunnel connection failed: 501"):
        client_of("https://mail.example.com").get("/api/lists")


@pytest.mark.parametrize("value", ["socks5://127.0.0.1:1", "http://[::1", "nonsense://x", "http://:hush@/"])
def test_a_proxy_variable_that_cannot_be_used_is_a_sentence(value: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", value)
    with pytest.raises(Unreachable, match="proxy") as error:
        client_of("http://mail.example.com").get("/api/lists")
    assert "hush" not in str(error.value)


def test_a_name_that_dns_does_not_know_is_a_sentence(pauses: list[float]) -> None:
    with pytest.raises(
        Unreachable, match=r"Cannot reach http://nosuch\.invalid:9000: the name nosuch\.invalid is unknown to DNS .*spelling"
    ):
        client_of("http://nosuch.invalid:9000").get("/api/lists")


def test_a_server_that_does_not_accept_within_the_timeout_is_a_sentence(pauses: list[float]) -> None:
    import socket

    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with (
            socket.create_connection(address),
            pytest.raises(Unreachable, match=r"No connection to .* came about within 0\.2 s: check host"),
        ):
            client_of(f"http://127.0.0.1:{address[1]}", timeout=0.2).post("/api/lists", {})


def test_without_requests_the_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(LibraryMissing, match="requests") as missing:
        client_of("http://127.0.0.1:1").get("/api/lists")
    assert missing.value.library == "requests"


def test_importing_the_client_does_not_import_what_only_requests_need() -> None:
    program = (
        "import sys; import ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client;"
        "sys.stdout.write(' '.join(name for name in ('requests', 'urllib3', 'http.client', 'idna') if name in sys.modules))"
    )
    environment = {"PYTHONPATH": str(Path(__file__).parents[3] / ".ansible/collections")}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout == ""
