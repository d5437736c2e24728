# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a running process shows: restarts, rows that are missing, and a boot that fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import requests
from flask import Flask

from sandbox.listmonk.groups.settings import restarting
from sandbox.mail import MailCatcher
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server


def beginning(listmonk: FreshListmonk) -> str:
    """The first line of the log in memory, which tells when this process began."""
    return str(listmonk.api("GET", "/api/logs")[0])


def eventually(happened: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if happened():
                return True
        except requests.RequestException:
            pass  # between two processes
        time.sleep(0.1)
    return False


def settings_of(listmonk: FreshListmonk) -> dict[str, Any]:
    settings: dict[str, Any] = listmonk.api("GET", "/api/settings")
    for block in (*settings["smtp"], *settings["bounce.mailboxes"]):
        block["password"] = ""
    return settings


def test_a_write_restarts_the_process_although_nothing_changed(listmonk: FreshListmonk) -> None:
    before = beginning(listmonk)
    assert listmonk.api("PUT", "/api/settings", json=settings_of(listmonk)) is True
    assert eventually(lambda: beginning(listmonk) != before)


def test_an_unknown_key_is_accepted_and_stored_nowhere(pristine_listmonk: FreshListmonk) -> None:
    assert pristine_listmonk.api("PUT", "/api/settings/no.such.key", json="x") is True
    with psycopg.connect(str(pristine_listmonk.database_url)) as connection:
        assert connection.execute("SELECT count(*) FROM settings WHERE key = 'no.such.key'").fetchone() == (0,)


def test_a_key_whose_row_is_missing_is_lost_without_a_word(pristine_listmonk: FreshListmonk) -> None:
    with psycopg.connect(str(pristine_listmonk.database_url)) as connection:
        connection.execute("DELETE FROM settings WHERE key = 'maintenance.db'")
    wish = {**settings_of(pristine_listmonk), "maintenance.db": {"vacuum": True, "vacuum_cron_interval": "0 3 * * *"}}
    before = beginning(pristine_listmonk)
    assert pristine_listmonk.api("PUT", "/api/settings", json=wish) is True
    assert eventually(lambda: beginning(pristine_listmonk) != before)
    assert settings_of(pristine_listmonk)["maintenance.db"] == {"vacuum": False, "vacuum_cron_interval": ""}


def test_a_value_that_no_process_starts_with_takes_the_server_down(pristine_listmonk: FreshListmonk) -> None:
    assert pristine_listmonk.api("PUT", "/api/settings/app.lang", json="") is True
    time.sleep(3)
    with pytest.raises(requests.ConnectionError):
        pristine_listmonk.api("GET", "/api/config")


def test_running_campaigns_postpone_the_restart() -> None:
    state: Any = SimpleNamespace(campaigns_running=lambda: True, needs_restart=False)
    with Flask(__name__).test_request_context():
        assert restarting(state).get_json() == {"data": {"needs_restart": True}}
    assert state.needs_restart is True


def test_the_test_mail_uses_the_given_password_and_not_a_stored_one(listmonk: FreshListmonk) -> None:
    with MailCatcher() as mails:
        server = {"host": mails.host, "port": mails.port, "auth_protocol": "plain", "username": "u", "password": "p ü", "tls_type": "none"}
        lines = listmonk.api("POST", "/api/settings/smtp/test", json={**server, "email": "me@example.org"})
        assert any("connecting to db" in line for line in lines)
        login = mails.messages[0].login
        assert login is not None and login.used("p ü") and mails.messages[0].recipients == ("me@example.org",)
