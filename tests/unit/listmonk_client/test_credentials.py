# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options username, api_token and timeout."""

from __future__ import annotations

import math

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import BadCredentials

from .conftest import TOKEN, Server, client_of


def test_the_token_is_sent_as_listmonk_reads_it(server: Server) -> None:
    client_of(server.url).get("/api/config")
    assert server.seen[0].headers["Authorization"] == f"token ansible:{TOKEN}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "is empty"),
        ("hush:hush", "holds a colon"),
        ("hush\n", "begins or ends with a blank or a line break"),
        (" hush", "begins or ends"),
        ("hu\nsh", "a line break"),
        ("hu sh", "holds a blank"),
        ("hush\x00", "outside ASCII"),
        ("hüsh", "outside ASCII"),
        ("hush€", "outside ASCII"),
        ("••••••", "outside ASCII"),
    ],
)
@pytest.mark.parametrize("option", ["username", "api_token"])
def test_what_no_header_can_carry_is_refused_and_not_repeated(option: str, value: str, words: str) -> None:
    with pytest.raises(BadCredentials) as refused:
        Client(Connection("http://127.0.0.1:1", **{"username": "ansible", "api_token": "t", option: value}))
    assert f"option {option}" in str(refused.value)
    assert words in str(refused.value)
    assert "sh" not in str(refused.value).replace("must hold", "").replace("shows", "")


def test_the_token_is_not_in_the_connections_repr() -> None:
    assert TOKEN not in repr(Connection("http://127.0.0.1:1", "ansible", TOKEN))


@pytest.mark.parametrize("timeout", [0, -1, math.inf, math.nan, 0.0])
def test_a_timeout_that_is_no_time_is_refused(timeout: float) -> None:
    with pytest.raises(Refusal, match=r"must be a number of seconds above 0"):
        client_of("http://127.0.0.1:1", timeout=timeout)
