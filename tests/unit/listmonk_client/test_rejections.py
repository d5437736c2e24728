# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's refusals: its own sentence, explained, and without what nobody should read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import Rejected
from tests.faults.scripted_answers import message

from .conftest import TOKEN, Server

HASH = "$2a$06$wdmhgQ51XhYiuom/j4SwBO7WxKYW0vUwEL3hgOA65VMRPkA7St//6"


def rejection(client: Client, server: Server, status: int, text: str, json: Any = None) -> Rejected:
    server.answers["POST /api/things"] = message(status, text)
    with pytest.raises(Rejected) as rejected:
        client.post("/api/things", json)
    return rejected.value


def test_a_rejection_names_method_path_status_and_the_servers_sentence(client: Client, server: Server) -> None:
    error = rejection(client, server, 400, "Invalid name")
    assert str(error) == "listmonk refused POST /api/things (status 400): Invalid name."
    assert (error.method, error.path, error.status, error.sentence) == ("POST", "/api/things", 400, "Invalid name")
    assert error.facts == {"status": 400}


@pytest.mark.parametrize("text", ["Liste nicht gefunden.", "リストが見つかりません", "Список не найден"])
def test_a_sentence_in_another_language_is_passed_on(client: Client, server: Server, text: str) -> None:
    assert text.rstrip(".") in str(rejection(client, server, 400, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("invalid session", "No credentials reached listmonk: a proxy in front may remove the Authorization header"),
        ("invalid API credentials", "There is no enabled API user ansible with this token. Check username and api_token"),
        ("permission denied: lists:manage_all", "The role of the API user ansible lacks the permission lists:manage_all"),
        ("Permission denied: subscribers:sql_query", "lacks the permission subscribers:sql_query"),
        ("permission denied", "lists:get_all and lists:manage_all"),
        ("Permission denied: lists", "The role of the API user ansible does not permit this"),
        ("Zugriff verweigert: lists", "The role of the API user ansible does not permit this"),
        ("code=400, message=unknown Authorization scheme", "The Authorization header arrived damaged"),
    ],
)
def test_each_form_of_403_is_explained(client: Client, server: Server, text: str, words: str) -> None:
    error = rejection(client, server, 403, text)
    assert text in str(error)
    assert words in str(error)


def test_an_endpoint_that_the_server_lacks_is_told_from_an_object_that_it_lacks(client: Client, server: Server) -> None:
    endpoint = rejection(client, server, 404, "404 unknown endpoint")
    assert endpoint.endpoint_unknown
    assert "may be older than what the option needs" in str(endpoint)
    assert not rejection(client, server, 404, "User not found").endpoint_unknown


def test_a_failing_row_with_a_password_hash_is_cut(client: Client, server: Server) -> None:
    text = (
        'Error creating User: pq: null value in column "user_role_id" of relation "users" violates not-null constraint. Failing row contains'
        f" (3, abc, t, {HASH}, abc@example.org, A, null, user, null, null, enabled, none, null, null, 2026-11-25 13:56:09.323741+00)."
    )
    error = rejection(client, server, 500, text)
    assert error.sentence.endswith("violates not-null constraint. Failing row contains (…)")
    assert "abc@example.org" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        f"Fehlgeschlagene Zeile enthält (3, abc, t, {HASH}, hush).",
        f"hash {HASH} is no good",
        f"token {TOKEN} is no good",
        "token 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "password ••••••••",
    ],
)
def test_what_looks_like_a_secret_is_hidden(client: Client, server: Server, text: str) -> None:
    shown = str(rejection(client, server, 500, text))
    for secret in (HASH, TOKEN, "0123456789abcdef", "•", "hush"):
        assert secret not in shown


def test_secrets_of_the_request_that_the_server_quotes_are_hidden(client: Client, server: Server) -> None:
    json = {
        "smtp": [{"host": "mail.example.com", "password": "hush-1"}],
        "security.oidc": {"client_secret": "hush-2"},
        "upload.s3.aws_secret_access_key": "hush-3",
    }
    shown = str(rejection(client, server, 500, "dial mail.example.com with hush-1, hush-2 and hush-3", json))
    assert "hush" not in shown
    assert "mail.example.com" in shown


@pytest.mark.parametrize(
    "text",
    [
        'Error creating Campaign: pq: duplicate key value violates unique constraint "x_slug_key". Key (archive_slug)=(x) already exists.',
        'Error creating List: pq: invalid input value for enum list_type: "nosuch"',
        "dial tcp: lookup a-rather-long-host-name-without-any-digits.example.com: no such host",
        "subscriber 123e4567-e89b-12d3-a456-426614174000 not found",
    ],
)
def test_what_a_person_needs_is_not_hidden(client: Client, server: Server, text: str) -> None:
    assert rejection(client, server, 500, text).sentence == text


def test_a_long_or_many_lined_sentence_becomes_one_line_of_a_thousand_characters(client: Client, server: Server) -> None:
    sentence = rejection(client, server, 500, "line\n\tline " * 1000).sentence
    assert len(sentence) == 1000
    assert "\n" not in sentence
