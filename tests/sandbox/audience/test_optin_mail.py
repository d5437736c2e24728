# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from sandbox.listmonk.audience import mail_sender
from sandbox.listmonk.audience.import_mail import message as import_message
from sandbox.listmonk.audience.import_status import Status
from sandbox.listmonk.audience.optin_mail import message
from sandbox.mail import MailCatcher

SETTINGS: dict[str, Any] = {
    "app.root_url": "https://news.example",
    "app.from_email": "News <news@example.org>",
    "app.notify_emails": ["ops@example.org"],
    "privacy.unsubscribe_header": True,
}
SUBSCRIBER = {"id": 3, "uuid": "5a0f2b9c-0000-4000-8000-000000000003", "email": "ada@example.org", "name": "Ada"}
LISTS = [{"uuid": "1", "name": "News", "type": "public"}, {"uuid": "2", "name": "Staff", "type": "private"}]


def server(catcher: MailCatcher, **more: Any) -> dict[str, Any]:
    return {"enabled": True, "host": catcher.host, "port": catcher.port, "auth_protocol": "none", "tls_type": "none", **more}


def test_the_mail_names_the_lists_and_both_links_but_no_private_list() -> None:
    mail = message(SETTINGS, SUBSCRIBER, LISTS)
    text = mail.get_content()
    assert (mail["To"], mail["From"], mail["Subject"]) == ("ada@example.org", "News <news@example.org>", "Confirm subscription")
    assert "https://news.example/subscription/optin/5a0f2b9c-0000-4000-8000-000000000003?l=1&l=2" in text
    assert "- News" in text and "Staff" not in text
    assert mail["List-Unsubscribe"].startswith("<https://news.example/subscription/00000000-0000-0000-0000-000000000000/")
    assert message({**SETTINGS, "privacy.unsubscribe_header": False}, SUBSCRIBER, LISTS)["List-Unsubscribe"] is None


def test_it_goes_through_an_enabled_server_with_its_credentials_and_headers() -> None:
    with MailCatcher() as catcher:
        chosen = server(catcher, auth_protocol="plain", username="u", password="p", email_headers=[{"X-Team": "news"}])
        mail_sender.send({"smtp": [{"enabled": False}, chosen]}, message(SETTINGS, SUBSCRIBER, LISTS))
        received = catcher.wait_for(1)[0]
    assert received.recipients == ("ada@example.org",)
    assert received.sender == "news@example.org"
    assert received.message["X-Team"] == "news"
    assert received.login is not None and received.login.used("p")


def test_a_server_that_refuses_is_an_error_with_its_address() -> None:
    with pytest.raises(mail_sender.NotSent, match=r"127\.0\.0\.1:1: "):
        mail_sender.send(
            {"smtp": [{"enabled": True, "host": "127.0.0.1", "port": 1, "max_msg_retries": 1}]}, message(SETTINGS, SUBSCRIBER, LISTS)
        )
    with pytest.raises(mail_sender.NotSent, match="no SMTP server is enabled"):
        mail_sender.send({"smtp": []}, message(SETTINGS, SUBSCRIBER, LISTS))


def test_an_ended_import_is_reported_to_the_people_in_charge() -> None:
    mail = import_message(SETTINGS, Status("people.csv", 10, 9, "finished"), "finished")
    assert (mail["To"], mail["Subject"]) == ("ops@example.org", "Finished: people.csv import")
    assert "9 / 10" in mail.get_content()
