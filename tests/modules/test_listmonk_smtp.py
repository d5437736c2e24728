# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk_smtp and listmonk_smtp_info, as somebody with a playbook and a mail provider meets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.mail import MailCatcher
from tests.module_in_process import Tasks
from tests.settings_table import SettingsTable

pytestmark = pytest.mark.server
OPEN = {"host": "relay.example.com", "port": 25, "tls_type": "none", "auth_protocol": "none"}
LOGIN = {"host": "smtp.example.com", "auth_protocol": "plain", "smtp_username": "u"}


@pytest.fixture(scope="module")
def stored(tasks: Tasks) -> SettingsTable:
    return SettingsTable.of(tasks.server)


@pytest.fixture
def mails() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        yield catcher


def through(mails: MailCatcher) -> dict[str, Any]:
    return {"host": mails.host, "port": mails.port, "tls_type": "none"}


def servers(tasks: Tasks, **asked: Any) -> list[dict[str, Any]]:
    return list(tasks.run("listmonk_smtp_info", **asked)["smtp_servers"])


def test_a_server_is_found_again_in_any_spelling_of_its_name_and_keeps_its_uuid(tasks: Tasks) -> None:
    made = tasks.run("listmonk_smtp", name="Mailgun EU", **OPEN)
    assert made["smtp_server"]["name"] == "email-mailgun-eu"
    assert made["restart"] == "done"
    changed = tasks.run("listmonk_smtp", name="email-mailgun-eu", port=2525)
    assert changed["diff"] == [
        {"before_header": "SMTP server 'email-mailgun-eu'", "after_header": "SMTP server 'email-mailgun-eu'"}
        | {"before": "port: 25\n", "after": "port: 2525\n"}
    ]
    assert changed["smtp_server"]["uuid"] == made["smtp_server"]["uuid"]
    assert [row["port"] for row in servers(tasks, name="mailgun eu")] == [2525]


def test_check_mode_predicts_each_step_of_a_servers_life_and_the_second_time_nothing_changes(tasks: Tasks) -> None:
    life: list[dict[str, Any]] = [
        {"name": "Twelve Steps", **LOGIN, "password": "a b", "email_headers": [{"X-A": "1"}]},
        {"name": "twelve steps", "max_conns": 3, "enabled": False, "email_headers": []},
        {"name": "Twelve Steps", "state": "absent"},
    ]
    for wish in life:
        predicted = tasks.run("listmonk_smtp", check=True, **wish)
        assert predicted.changed
        assert not predicted.writes
        done = tasks.run("listmonk_smtp", **wish)
        assert done.changed
        assert done.writes == [("PUT", "/api/settings")]
        assert predicted["diff"] == done["diff"]
        assert {**predicted["smtp_server"], "uuid": ""} == {**done["smtp_server"], "uuid": ""}
        for check in (True, False):
            again = tasks.run("listmonk_smtp", check=check, **wish)
            assert not again.changed
            assert not again.writes
            assert again["diff"] == []
    assert servers(tasks, name="twelve steps") == []


def test_what_info_returns_can_be_given_back_and_writes_nothing(tasks: Tasks) -> None:
    tasks.run("listmonk_smtp", name="round trip", **OPEN, email_headers=[{"X-A": "1"}])
    (row,) = servers(tasks, name="round trip")
    given = {key: value for key, value in row.items() if key not in ("uuid", "password_set")}
    again = tasks.run("listmonk_smtp", **given)
    assert not again.changed
    assert not again.writes
    assert again["restart"] == "none"


def test_senders_are_stored_as_listmonk_spells_them_and_a_server_before_6_2_is_not_asked_for_them(tasks: Tasks) -> None:
    routed = {"name": "routed", **OPEN, "from_addresses": [" News@Example.com "]}
    if tasks.server.version >= (6, 2):
        assert tasks.run("listmonk_smtp", **routed)["smtp_server"]["from_addresses"] == ["news@example.com"]
        for spelled in (routed, {**routed, "from_addresses": ["news@example.com"]}):
            assert not tasks.run("listmonk_smtp", **spelled).changed
    else:
        assert "from_addresses exists since listmonk 6.2" in tasks.fails("listmonk_smtp", **routed).msg


def test_a_new_server_without_a_password_has_none_and_inherits_nobodys(tasks: Tasks, stored: SettingsTable) -> None:
    assert any(block.get("password") == "password" for block in stored["smtp"]), "the samples have their sample password"
    made = tasks.run("listmonk_smtp", name="bare", **OPEN)
    assert made["smtp_server"]["password_set"] is False
    assert not stored.smtp("email-bare").get("password")
    assert any(block.get("password") == "password" for block in stored["smtp"]), "the samples still have it"


def test_passwords_are_taken_literally_and_survive_changes_of_others(tasks: Tasks, stored: SettingsTable) -> None:
    tasks.run("listmonk_smtp", name="literal", **LOGIN, password=" p#ss: wörd, 100% ")
    tasks.run("listmonk_smtp", name="other", **OPEN)
    tasks.run("listmonk_settings", settings={"app.site_name": "Passwords"})
    assert stored.smtp("email-literal")["password"] == " p#ss: wörd, 100% "


def test_a_password_is_replaced_only_on_demand_and_a_different_length_is_said(tasks: Tasks, stored: SettingsTable) -> None:
    tasks.run("listmonk_smtp", name="rotated", **LOGIN, password="first")
    kept = tasks.run("listmonk_smtp", name="rotated", password="second one")
    assert not kept.changed
    assert "another length" in kept.warnings
    replaced = tasks.run("listmonk_smtp", name="rotated", password="second one", update_password="always")
    assert "password: (written; not shown)" in replaced["diff"][0]["after"]
    assert stored.smtp("email-rotated")["password"] == "second one"
    assert tasks.run("listmonk_smtp", check=True, name="rotated", password="second one", update_password="always").changed


def test_a_blank_password_removes_the_one_there_is_once(tasks: Tasks, stored: SettingsTable) -> None:
    tasks.run("listmonk_smtp", name="cleared", **LOGIN, password="secret-word")
    for check in (True, False):
        cleared = tasks.run("listmonk_smtp", check=check, name="cleared", password="")
        assert cleared.changed
        assert cleared["smtp_server"]["password_set"] is False
    assert not stored.smtp("email-cleared").get("password")
    assert not tasks.run("listmonk_smtp", name="cleared", password="").writes


def test_the_dots_that_listmonk_shows_are_no_password(tasks: Tasks) -> None:
    failed = tasks.fails("listmonk_smtp", name="dots", **LOGIN, password="••••••••")
    assert "Give the secret itself" in failed.msg


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"host": "office@example.com"}, "not a host name"),
        ({"host": "smtp.example.com:587"}, "the 587 belongs into port"),
        ({"host": "smtp://smtp.example.com"}, "without smtp:// in front"),
        ({"host": "smtp example com"}, "without blanks"),
        ({"host": "smtp.exämple.com"}, "xn--"),
        ({"host": ""}, "a host name such as"),
        ({"port": 0}, "from 1 to 65535"),
        ({"port": 70000}, "from 1 to 65535"),
        ({"max_conns": 0}, "at least 1"),
        ({"idle_timeout": "1d"}, "write 24h"),
        ({"wait_timeout": "5"}, "15s"),
        ({"wait_timeout": ""}, "15s"),
        ({"msg_retry_delay": ""}, "500ms"),
        ({"max_msg_retries": -1}, "at least 0"),
        ({"auth_protocol": "CRAM"}, "one of: none, cram, login, plain"),
        ({"tls_type": "SSL"}, "one of: none, STARTTLS, TLS"),
        ({"auth_protocol": "login"}, "needs smtp_username"),
        ({"name": " !? "}, "nothing is left"),
        ({"name": ""}, "needs a name"),
        ({"email_headers": [{"X-A": 1}]}, "put it into quotes"),
    ],
)
def test_what_would_not_start_or_never_deliver_is_refused_before_anything_is_written(
    tasks: Tasks, wrong: dict[str, Any], words: str
) -> None:
    failed = tasks.fails("listmonk_smtp", **{"name": "wrong", **OPEN, **wrong})
    assert words in failed.msg


def test_a_new_server_needs_a_host(tasks: Tasks) -> None:
    assert "host must be given" in tasks.fails("listmonk_smtp", name="hostless", auth_protocol="none").msg


@pytest.mark.parametrize(("port", "tls_type"), [(587, "TLS"), (465, "STARTTLS")])
def test_a_port_and_an_encryption_that_do_not_go_together_are_warned_of(tasks: Tasks, port: int, tls_type: str) -> None:
    doubtful = tasks.run("listmonk_smtp", check=True, name="mixed up", **{**OPEN, "port": port, "tls_type": tls_type})
    assert doubtful.changed
    assert all(word in doubtful.warnings for word in ("587", "465", "TLS", "STARTTLS", "do not go together"))


def test_the_last_enabled_server_cannot_go_or_be_disabled_and_the_samples_can_be_removed_by_host(pristine_tasks: Tasks) -> None:
    sample = {"name": "", "host": "smtp.yoursite.com"}
    for wish in ({"state": "absent"}, {"enabled": False}):
        failed = pristine_tasks.fails("listmonk_smtp", **sample, **wish)
        assert "no SMTP server would be enabled any more" in failed.msg
    made = pristine_tasks.run("listmonk_smtp", name="ses", **OPEN)
    assert "still enabled" in made.warnings
    removed = pristine_tasks.run("listmonk_smtp", **sample, state="absent")
    assert removed.changed
    assert not pristine_tasks.run("listmonk_smtp", **sample, state="absent").changed
    assert [row["host"] for row in servers(pristine_tasks)] == ["smtp.gmail.com", "relay.example.com"]
    assert "no SMTP server would be enabled" in pristine_tasks.fails("listmonk_smtp", name="ses", state="absent").msg


def test_a_test_mail_goes_out_with_the_given_password_before_anything_is_written(tasks: Tasks, mails: MailCatcher) -> None:
    said = {"name": "tested", **LOGIN, **through(mails), "password": "right one"}
    predicted = tasks.run("listmonk_smtp", check=True, **said, test_recipient="me@example.com")
    assert predicted["tested"] is False
    assert "no test mail was sent" in predicted.warnings
    assert mails.messages == []
    done = tasks.run("listmonk_smtp", **said, test_recipient="me@example.com")
    assert done["tested"] is True
    (mail,) = mails.wait_for(1)
    assert mail.recipients == ("me@example.com",)
    assert mail.login is not None
    assert mail.login.used("right one")
    attempts = 1 if tasks.server.version >= (5, 1) else 2
    assert done.writes == [("POST", "/api/settings/smtp/test")] * attempts + [("PUT", "/api/settings")]
    assert len(mails.messages) == 1


@pytest.mark.parametrize(
    ("wrong", "words"), [({"password": "wrong"}, "535"), ({"port": 1}, "refused"), ({"test_recipient": "reject@example.com"}, "550")]
)
def test_a_test_mail_that_fails_ends_the_task_with_the_mail_servers_words_and_nothing_is_written(
    tasks: Tasks, mails: MailCatcher, wrong: dict[str, Any], words: str
) -> None:
    attempts = 1
    if words == "refused" and tasks.server.version < (5, 1):
        words, attempts = "no connection to 127.0.0.1:1", 2
    said = {"name": "failing", **LOGIN, **through(mails), "password": "right one", "test_recipient": "me@example.com"}
    failed = tasks.run("listmonk_smtp", **{**said, **wrong})
    assert failed.failed
    assert words in failed.msg
    assert failed["tested"] is False
    assert failed.writes == [("POST", "/api/settings/smtp/test")] * attempts
    assert servers(tasks, name="failing") == []


def test_a_test_needs_the_password_since_the_server_does_not_look_it_up(tasks: Tasks) -> None:
    failed = tasks.fails("listmonk_smtp", name="untested", **LOGIN, test_recipient="me@example.com")
    assert "needs the password in the task" in failed.msg
    assert "me@" in tasks.fails("listmonk_smtp", name="untested", **OPEN, test_recipient="not me@ example").msg


def test_a_campaign_that_is_being_sent_stops_the_write_before_it_happens(pristine_tasks: Tasks) -> None:
    SettingsTable.of(pristine_tasks.server).execute("UPDATE campaigns SET status = 'running', started_at = NOW() WHERE id = 1")
    failed = pristine_tasks.run("listmonk_smtp", name="meanwhile", **OPEN)
    assert failed.failed
    assert "being sent" in failed.msg
    assert "if_busy" in failed.msg
    assert not failed.writes
