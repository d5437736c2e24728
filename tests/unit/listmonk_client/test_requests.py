# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the wire, and what never does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk import transport
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import WriteInCheckMode
from tests.faults.scripted_answers import Reply, as_page, data

from .conftest import TOKEN, Server, client_of

JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize("verb", ["post", "put", "patch"])
def test_a_write_carries_its_json_and_returns_the_data(client: Client, server: Server, verb: str) -> None:
    server.answers[f"{verb.upper()} /api/lists"] = data({"id": 3})
    assert getattr(client, verb)("/api/lists", {"name": "Übung", "tags": []}) == {"id": 3}
    assert server.seen[0].json() == {"name": "Übung", "tags": []}
    assert server.seen[0].headers["Content-Type"] == "application/json"


def test_a_write_without_json_has_no_body(client: Client, server: Server) -> None:
    client.put("/api/templates/1/default")
    assert server.seen[0].length == 0
    assert "Content-Type" not in server.seen[0].headers


def test_a_delete_has_its_parameters_in_the_query(client: Client, server: Server) -> None:
    server.answers["DELETE /api/lists"] = data(True)
    assert client.delete("/api/lists", {"id": [1, 2]}, expect=bool) is True
    assert server.seen[0].path == "/api/lists?id=1&id=2"


def test_parameters_are_written_as_go_reads_them(client: Client, server: Server) -> None:
    client.get("/api/lists", {"minimal": True, "no_body": False, "query": "a&b ü", "status": None, "list_id": [3, 4]})
    assert server.seen[0].path == "/api/lists?minimal=true&no_body=false&query=a%26b+%C3%BC&list_id=3&list_id=4"


def test_cookies_are_neither_kept_nor_sent(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = Reply(200, b'{"data": {}}', (JSON, ("Set-Cookie", "session=abc; Path=/"), ("Set-Cookie", "x=1")))
    client.get("/api/lists")
    client.put("/api/lists/1", {})
    assert all("Cookie" not in seen.headers for seen in server.seen)


def test_netrc_does_not_replace_the_token(client: Client, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client.get("/api/lists")
    assert server.seen[0].headers["Authorization"] == f"token ansible:{TOKEN}"


def test_requests_share_one_connection(client: Client, server: Server) -> None:
    for _count in range(5):
        client.get("/api/lists")
        client.put("/api/lists/1", {})
    assert server.connections == 1


def test_a_write_after_a_rest_goes_out_on_a_new_connection(client: Client, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "STALE", 0.0)
    client.get("/api/lists")
    time.sleep(0.01)
    client.put("/api/lists/1", {})
    assert server.connections == 2


def test_what_was_sent_is_recorded_without_parameters(client: Client) -> None:
    client.get("/api/lists", {"query": "x"})
    client.put("/api/lists/1", {})
    assert client.requests_sent == [("GET", "/api/lists"), ("PUT", "/api/lists/1")]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused_before_anything_is_sent(client: Client, server: Server, value: float) -> None:
    with pytest.raises(Refusal, match="not-a-number"):
        client.put("/api/settings", {"app.concurrency": value})
    assert server.log == []


def uploaded(client: Client) -> Any:
    with Path(__file__).open("rb") as file:
        return client.upload("/api/import/subscribers", fields={}, file=file, filename="a.csv", size=1)


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.post("/api/lists", {}),
        lambda client: client.put("/api/lists/1", {}),
        lambda client: client.patch("/api/subscribers/1", {}),
        lambda client: client.delete("/api/lists/1"),
        lambda client: client.preview("/api/campaigns/1/test", {}),
        uploaded,
    ],
    ids=["post", "put", "patch", "delete", "preview of something else", "upload"],
)
def test_in_check_mode_a_write_is_refused_before_a_connection_is_opened(server: Server, write: Any) -> None:
    client = client_of(server.url, check_mode=True)
    with pytest.raises(WriteInCheckMode, match=r"(POST|PUT|PATCH|DELETE) /api/"):
        write(client)
    assert server.connections == 0
    assert client.requests_sent == []


def test_in_check_mode_reads_and_the_preview_of_a_template_work(server: Server) -> None:
    server.answers["POST /api/templates/preview"] = as_page("<p>Hello</p>")
    client = client_of(server.url, check_mode=True)
    client.get("/api/lists")
    assert client.preview("/api/templates/preview", {"template_type": "tx", "body": "a=b&ü"}) == "<p>Hello</p>"
    assert server.seen[-1].body == b"template_type=tx&body=a%3Db%26%C3%BC"


def test_a_preview_first_sees_that_it_is_listmonk_that_answers(client: Client, server: Server) -> None:
    server.answers["POST /api/templates/preview"] = as_page("<p>Hello</p>")
    for _count in range(2):
        client.preview("/api/templates/preview", {"body": "x"})
    assert server.log == ["GET /api/config", "POST /api/templates/preview", "POST /api/templates/preview"]


def test_the_config_is_asked_for_once_until_it_is_forgotten(client: Client, server: Server) -> None:
    server.answers["GET /api/config"] = data({"version": "v6.2.0"})
    assert (client.version, client.version) == ((6, 2, 0), (6, 2, 0))
    server.answers["GET /api/config"] = data({"version": "v6.3.0"})
    client.forget_config()
    assert client.version == (6, 3, 0)
    assert server.log == ["GET /api/config"] * 2
