# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer is what the API answers, or an error that says what came instead."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi, Rejected, Unreachable
from tests.faults.scripted_answers import Reply, as_json, as_page, data
from tests.faults.scripted_server import Kind

from .conftest import TOKEN, Server

JSON = ("Content-Type", "application/json")


def came(client: Client, verb: str = "get", **details: Any) -> str:
    with pytest.raises(NotTheApi) as error:
        getattr(client, verb)("/api/lists", **details)
    return str(error.value)


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_a_sign_in_page_with_status_200_is_named_with_request_address_status_and_cause(client: Client, server: Server, verb: str) -> None:
    server.fail(1, "html")
    text = came(client, verb)
    assert text.startswith(
        f"{verb.upper()} /api/lists was answered by {server.url} with status 200 and a web page instead of the API's answer"
    )
    assert "“Sign in Please sign in”" in text
    assert "A sign-in page or a proxy may stand in front of listmonk" in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("empty", "an empty answer instead of the API's: no text"),
        ("not_json", "text that is no JSON"),
        ("no_envelope", "an object without the key data"),
        ("wrong_type", "content of the type text/plain"),
    ],
)
def test_what_is_not_the_envelope_is_said_to_be_so(client: Client, server: Server, kind: Kind, words: str) -> None:
    server.fail(1, kind)
    assert words in came(client)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[]", "a list without the key data"),
        (b"null", "null without the key data"),
        (b'"data"', "a text without the key data"),
        (b"{}", "an object without the key data"),
        (b'{"message": "ok"}', "an object without the key data"),
        (b'{"data": []}', "a list where an object is due"),
        (b'{"data": null}', "null where an object is due"),
        (b'{"data": true}', "true or false where an object is due"),
        (b"\xff\xfe", "text that is no JSON"),
        (b"[" * 100_000, "text that is no JSON"),
        (b'{"data": ' + b"9" * 5000 + b"}", "text that is no JSON"),
        (b" \n", "an empty answer"),
    ],
)
def test_other_json_than_the_one_due_is_named(client: Client, server: Server, body: bytes, words: str) -> None:
    server.answers["GET /api/lists"] = Reply(200, body, (JSON,))
    assert words in came(client)


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ({}, dict),
        ([], list),
        ([], (dict, list)),
        ({}, (dict, list)),
        (True, bool),
        ("log", str),
        (3, int),
        (None, type(None)),
        (True, object),
    ],
)
def test_the_type_that_is_due_passes(client: Client, server: Server, value: object, expect: Any) -> None:
    server.answers["GET /api/lists"] = data(value)
    assert client.get("/api/lists", expect=expect) == value


def test_true_is_not_a_number(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = data(True)
    assert "true or false where a number is due" in came(client, expect=int)


@pytest.mark.parametrize("kind", ["text/html", "text/json", "", "application/octet-stream"])
def test_an_envelope_under_another_content_type_is_not_taken(client: Client, server: Server, kind: str) -> None:
    server.answers["GET /api/lists"] = Reply(200, b'{"data": {}}', (("Content-Type", kind),) if kind else ())
    assert "instead of the API's answer" in came(client)


def test_a_content_type_with_parameters_is_taken(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = Reply(200, b'{"data": {}}', (("Content-Type", "Application/JSON; charset=UTF-8"),))
    assert client.get("/api/lists") == {}


@pytest.mark.parametrize("status", [201, 202, 204, 206])
def test_a_status_that_listmonk_does_not_use_is_not_taken(client: Client, server: Server, status: int) -> None:
    server.answers["GET /api/lists"] = as_json({"data": {}}, status)
    assert f"status {status}" in came(client)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 413, 418, 500])
@pytest.mark.parametrize("verb", ["get", "delete"])
def test_an_error_page_is_never_read_as_there_is_no_such_object(client: Client, server: Server, verb: str, status: int) -> None:
    server.answers[f"{verb.upper()} /api/users/9"] = as_page("<h1>Not here</h1>", status)
    with pytest.raises(MailingError, match=rf"{verb.upper()} /api/users/9 .*status {status}") as error:
        getattr(client, verb)("/api/users/9")
    assert not isinstance(error.value, Rejected)


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"message": 5}', b'{"error": "not found"}', b"", b"{"])
def test_json_that_is_not_listmonks_error_is_no_rejection_either(client: Client, server: Server, body: bytes) -> None:
    server.answers["GET /api/lists"] = Reply(404, body, (JSON,))
    assert "status 404 and an error that is not listmonk's" in came(client)


def test_a_page_is_cut_to_a_few_hundred_characters_without_markup_or_scripts(client: Client, server: Server) -> None:
    page = "<html><script>var hush=1</script><style>hush{}</style><title>Sign&nbsp;in</title>" + "<p>lorem ipsum</p>" * 5000
    server.answers["GET /api/lists"] = as_page(page)
    text = came(client)
    assert "Sign in lorem ipsum" in text
    assert "hush" not in text
    assert "<" not in text
    assert len(text) < 700


@pytest.mark.parametrize(
    "page", [b"\x00\x01\x02\x1b[31mred", b"<![bad <<<< & &#xFFFFFFFF; <!-- ", "\u202ebackwards".encode(), b"\x80" * 5000]
)
def test_binary_or_broken_pages_are_shown_without_control_characters(client: Client, server: Server, page: bytes) -> None:
    server.answers["GET /api/lists"] = Reply(200, page, (("Content-Type", "text/html"),))
    assert came(client).isprintable()


def test_a_page_that_repeats_the_token_is_shown_without_it(client: Client, server: Server) -> None:
    server.answers["GET /api/lists"] = as_page(f"You sent: token ansible:{TOKEN}")
    text = came(client)
    assert TOKEN not in text
    assert "(hidden)" in text


def test_after_a_write_an_odd_answer_leaves_open_whether_it_was_done(client: Client, server: Server) -> None:
    server.fail(1, "empty")
    assert "Whether the change was made cannot be told" in came(client, "post")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b'{"data": {}}', (JSON,), length=500),
        Reply(200, b'{"data": {}}' + b" " * 70_000, (JSON,), length=70_500),
        Reply(200, b"", (JSON,), length=12),
        Reply(200, gzip.compress(b'{"data": {}}')[:-4], (JSON, ("Content-Encoding", "gzip"))),
        Reply(200, b'{"data": {}}', (JSON, ("Content-Encoding", "gzip"))),
    ],
    ids=["less than Content-Length", "less than a long one", "nothing of it", "gzip without its end", "gzip that is none"],
)
def test_a_body_that_is_not_whole_is_no_answer(client: Client, server: Server, reply: Reply) -> None:
    server.answers["GET /api/lists"] = reply
    with pytest.raises(Unreachable, match=r"gave no whole answer to GET /api/lists: it"):
        client.get("/api/lists")
    assert len(server.log) == 3


@pytest.mark.parametrize("chunked", [True, False])
def test_a_compressed_answer_is_read(client: Client, server: Server, chunked: bool) -> None:
    body = gzip.compress(b'{"data": {"name": "x"}}')
    server.answers["GET /api/lists"] = Reply(200, body, (JSON, ("Content-Encoding", "gzip")), chunked=chunked)
    assert client.get("/api/lists") == {"name": "x"}
    assert server.seen[0].headers["Accept-Encoding"] == "gzip"


def test_a_preview_that_is_no_page_is_not_taken(client: Client, server: Server) -> None:
    server.answers["POST /api/templates/preview"] = data("x")
    with pytest.raises(NotTheApi, match="something else than the rendered page"):
        client.preview("/api/templates/preview", {"body": ""})


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v6.2.0", (6, 2, 0)),
        ("6.2.0", (6, 2, 0)),
        ("v6.2.0-dev", (6, 2, 0)),
        ("v6.2.0-3-gabc1234", (6, 2, 0)),
        ("v6.3.0-nightly.20260101", (6, 3, 0)),
        ("v6.2.0 (#ef0a7587 2026-06-26)", (6, 2, 0)),
        (" v10.20.30 ", (10, 20, 30)),
        ("v7.0", (7, 0, 0)),
        ("v6.2.0rc1", (6, 2, 0)),
    ],
)
def test_a_version_is_read_in_every_form_that_builds_have(client: Client, server: Server, text: str, version: tuple[int, int, int]) -> None:
    server.answers["GET /api/config"] = data({"version": text})
    assert client.version == version


@pytest.mark.parametrize("text", ["unknown", "nightly", "", None, 6, "v6", "v.6.2.0", "6.2.0.1", "٦.٢.٠"])
def test_a_version_that_tells_no_release_is_a_sentence(client: Client, server: Server, text: object) -> None:
    server.answers["GET /api/config"] = data({"version": text})
    with pytest.raises(NotTheApi, match=r"says that its version is .* in the form v6\.2\.0"):
        _version = client.version
