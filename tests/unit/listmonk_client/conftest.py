# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server whose answers a test chooses, and clients that go to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk import transport
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from tests.faults.scripted_answers import Reply, Seen, data
from tests.faults.scripted_server import FaultProxy

TOKEN = "4Qz81LmPv7KXcW3nRt6YbE9sHd2JfGa5"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle", "ssl_cert_file", "netrc")


class Server(FaultProxy):
    """Answers every request with what ``answers`` holds for "METHOD /path", else with an empty object."""

    def __init__(self, **details: Any) -> None:
        self.answers: dict[str, Reply | Callable[[Seen], Reply]] = {}
        super().__init__(self.made_up, **details)

    def made_up(self, seen: Seen) -> Reply:
        answer = self.answers.get(str(seen), data({}))
        return answer(seen) if callable(answer) else answer


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No proxies, authorities or netrc of the person who runs the tests."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, in seconds; they are not waited for."""
    taken: list[float] = []
    monkeypatch.setattr(transport, "_sleep", taken.append)
    return taken


def client_of(url: str, *, check_mode: bool = False, **options: Any) -> Client:
    options.setdefault("timeout", 5.0)
    return Client(Connection(url, "ansible", TOKEN, **options), check_mode=check_mode)


@pytest.fixture
def client(server: Server, pauses: list[float]) -> Client:
    return client_of(server.url)
