# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SMTP servers: names, hosts and versions, and several wishes as one document."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk import settings_judgements as must
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.reconcile import reconcile
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.settings import SETTINGS_STORE
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.smtp import SMTP_STORE
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.session import Session
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_start import obstacles
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.smtp_rules import server_name
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.wish import Wish

from .documents import VERSIONS, fresh_document, numbers

OPEN = {"host": "relay.example.com", "auth_protocol": "none"}
SAMPLE = {"name": "", "host": "smtp.yoursite.com"}


class Listmonk:
    """An idle server that holds a document, and keeps what is sent to it; it restarts at once."""

    check_mode = False

    def __init__(self, version: str = "6.2.0") -> None:
        self.version = numbers(version)
        self.document = fresh_document(version)
        self.puts: list[dict[str, Any]] = []

    def config(self) -> dict[str, Any]:
        return {"langs": [{"code": "en"}, {"code": "de"}]}

    def forget_config(self) -> None:
        """Nothing is kept."""

    def get(self, path: str, params: Any = None, *, expect: Any = dict) -> Any:
        answers = {
            "campaigns": {"results": []},
            "import": {"status": "none"},
            "logs": [f"boot {len(self.puts)}"],
            "settings": self.document,
        }
        return answers[path.split("/")[2]]

    def put(self, path: str, json: dict[str, Any], *, expect: Any) -> bool:
        self.puts.append(json)
        kept = {block["uuid"]: block["password"] for block in self.document["smtp"]}
        stored = [{**block, "password": "•" * len(block["password"]) or kept.get(block["uuid"], "")} for block in json["smtp"]]
        self.document = {**json, "smtp": stored, "bounce.mailboxes": self.document["bounce.mailboxes"]}
        return True


def smtp(state: Any = "present", **values: Any) -> Wish:
    return Wish(store=SMTP_STORE, state=state, values=values)


def settings(**wanted: Any) -> Wish:
    return Wish(store=SETTINGS_STORE, options={"settings": {key.replace("__", "."): value for key, value in wanted.items()}})


def fulfil(server: Listmonk, *wishes: Wish) -> None:
    reconcile(Session(server), wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("ses", "email-ses"),
        ("Mailgun EU", "email-mailgun-eu"),
        (" My Server! ", "email-my-server-"),
        ("email-b", "email-b"),
        ("email", "email-email"),
        ("", ""),
        ("ÄÖ", "email---"),
        ("\u0130x", "email-ix"),
    ],
)
def test_a_name_is_spelled_as_listmonk_spells_it(name: str, stored: str) -> None:
    assert server_name(name) == stored


@given(st.text())
def test_a_spelled_name_stays_as_it_is(name: str) -> None:
    assert server_name(server_name(name)) == server_name(name)


@pytest.mark.parametrize("host", ["smtp.example.com", "localhost", "10.0.0.25", "::1", "_relay.internal", "a.b.", "mail-1"])
def test_hosts_that_are_hosts(host: str) -> None:
    assert must.host(host) is None


def test_several_wishes_make_one_write_and_other_servers_stay_untouched() -> None:
    server = Listmonk()
    samples = server.document["smtp"]
    fulfil(server, smtp(name="a", **OPEN), smtp(name="b", **OPEN, password="x"), settings(app__site_name="New"))
    (body,) = server.puts
    assert [block["name"] for block in body["smtp"]] == ["", "", "email-a", "email-b"]
    assert body["smtp"][:2] == [{**sample, "password": ""} for sample in samples]
    assert body["app.site_name"] == "New"


def test_one_server_may_take_the_place_of_another_in_one_run() -> None:
    server = Listmonk()
    fulfil(server, smtp("absent", **SAMPLE), smtp(name="a", **OPEN))
    assert [block["name"] for block in server.document["smtp"] if block["enabled"]] == ["email-a"]


def test_wishes_that_together_leave_no_enabled_server_are_refused_before_anything_is_written() -> None:
    server = Listmonk()
    with pytest.raises(Refusal, match="no SMTP server would be enabled"):
        fulfil(server, smtp("absent", **SAMPLE), smtp(name="a", **OPEN, enabled=False))
    assert server.puts == []


def test_two_wishes_for_one_server_in_two_spellings_are_refused() -> None:
    with pytest.raises(Refusal, match="a second time"):
        fulfil(Listmonk(), smtp(name="Mailgun EU", **OPEN), smtp(name="mailgun-eu", **OPEN))


def test_a_time_limit_that_is_none_is_refused() -> None:
    wish = Wish(store=SETTINGS_STORE, options={"settings": {"app.site_name": "x"}, "busy_timeout": -1.0})
    with pytest.raises(Refusal, match="busy_timeout must be a number of seconds"):
        fulfil(Listmonk(), wish)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten() -> None:
    server = Listmonk()
    session = Session(server)  # type: ignore[arg-type]
    wish = settings(app__site_name="Ours")
    SETTINGS_STORE.check(session, wish, SETTINGS_STORE.plan(session, wish))
    server.document = {**server.document, "app.logo_url": "theirs"}
    with pytest.raises(Exception, match=r"Somebody else changed app\.logo_url"):
        fulfil_staged(session, wish)
    assert server.puts == []


def fulfil_staged(session: Session, wish: Wish) -> None:
    SETTINGS_STORE.apply(session, wish, SETTINGS_STORE.plan(session, wish))
    session.commit()


@pytest.mark.parametrize(("field", "value"), [("msg_retry_delay", "1s"), ("from_addresses", ["example.com"])])
def test_what_an_older_server_lacks_is_refused_and_otherwise_not_sent(field: str, value: Any) -> None:
    server = Listmonk("6.1.0")
    with pytest.raises(Refusal, match=f"{field} exists since listmonk 6.2; this server is 6.1.0"):
        fulfil(server, smtp(name="a", **OPEN, **{field: value}))
    fulfil(server, smtp(name="a", **OPEN))
    assert field not in server.document["smtp"][2]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_gets_a_server_and_a_fresh_one_starts(version: str) -> None:
    server = Listmonk(version)
    assert list(obstacles(server.document)) == []
    fulfil(server, smtp(name="a", **OPEN, password="x"))
    assert server.puts[0]["smtp"][2].keys() == server.document["smtp"][0].keys()
    assert list(obstacles(server.document)) == []


@pytest.mark.parametrize(
    ("key", "broken", "words"),
    [
        ("app.lang", "", "app.lang is blank"),
        ("upload.provider", "gcs", "upload.provider is 'gcs'"),
        (
            "smtp",
            [{"enabled": True, "name": "email-x", "max_conns": 1, "auth_protocol": "none", "idle_timeout": "1d"}],
            "idle_timeout '1d'",
        ),
        ("smtp", [{"enabled": True, "name": "email-x", "max_conns": 0, "auth_protocol": "none"}], "max_conns 0"),
        ("smtp", [{"enabled": True, "name": "email-x", "max_conns": 1, "auth_protocol": "CRAM"}], "auth_protocol 'CRAM'"),
        ("messengers", [{"enabled": True, "name": "push", "timeout": ""}], "the messenger push has the timeout ''"),
    ],
)
def test_what_keeps_listmonk_from_starting_is_recognised(key: str, broken: Any, words: str) -> None:
    (found,) = obstacles({**fresh_document(), key: broken})
    assert words in found


def test_what_is_disabled_keeps_nothing_from_starting() -> None:
    broken = {"smtp": [{"enabled": False, "idle_timeout": "1d"}], "messengers": [{"enabled": False, "timeout": "x"}]}
    assert list(obstacles({**fresh_document(), **broken, "bounce.enabled": False})) == []
