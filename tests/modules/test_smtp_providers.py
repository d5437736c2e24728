# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 07: twelve mail providers and their habits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.module_in_process import Result, Tasks
from tests.settings_table import SettingsTable

pytestmark = pytest.mark.server
CASE = Path(__file__).parent.parent / "cases" / "07-smtp-providers"
EXPECTED = yaml.safe_load((CASE / "expected.yml").read_text(encoding="utf-8"))
TASKS = {task["name"][0]: task["listmonk_smtp"] for task in yaml.safe_load((CASE / "tasks.yml").read_text(encoding="utf-8"))}


def as_options(server: dict[str, Any]) -> dict[str, Any]:
    """The case's words for our options: ``username`` is the API user in every module."""
    return {"smtp_username" if key == "username" else key: value for key, value in server.items()}


PROVIDERS = [as_options(server) for server in yaml.safe_load((CASE / "providers.yml").read_text(encoding="utf-8"))["smtp_servers"]]
PASSWORDS = {server["password"] for server in PROVIDERS if "password" in server}


def shows_no_password(result: Result) -> None:
    texts = [text for text in strings(json.loads(result.output)) if text]
    assert not [password for password in PASSWORDS for text in texts if password in text]


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    return [text for inner in value for text in strings(inner)] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider["name"])
def test_a_provider_is_predicted_written_and_stable(tasks: Tasks, provider: dict[str, Any]) -> None:
    predicted = tasks.run("listmonk_smtp", check=True, **provider)
    done = tasks.run("listmonk_smtp", **provider)
    assert predicted.changed
    assert done.changed
    assert len(done.writes) == 1
    again = tasks.run("listmonk_smtp", **provider)
    assert not again.changed
    assert len(again.writes) == EXPECTED["B"]["writes"]
    assert again["restart"] == "none"
    assert again["smtp_server"]["host"] == provider["host"]
    for result in (predicted, done, again):
        shows_no_password(result)


def test_all_twelve_are_there_with_their_passwords_stored_exactly_and_the_samples_untouched(tasks: Tasks) -> None:
    stored = SettingsTable.of(tasks.server)
    for provider in PROVIDERS:
        tasks.run("listmonk_smtp", **provider)
    found = tasks.run("listmonk_smtp_info")["smtp_servers"]
    assert len(found) == int(EXPECTED["A"]["blocks_on_server"].split()[0])
    assert [server["name"] for server in found if server["name"]] == EXPECTED["A"]["names"]
    for provider, name in zip(PROVIDERS, EXPECTED["A"]["names"], strict=True):
        assert stored.smtp(name).get("password", "") == provider.get("password", EXPECTED["relay_and_mailpit"]["password_in_database"])
    assert [block["password"] for block in stored["smtp"] if not block.get("name")] == ["password", "password"]


def test_a_token_that_is_user_name_and_password_is_masked_in_both_and_nothing_else_is(tasks: Tasks) -> None:
    shown = tasks.run("listmonk_smtp", **next(server for server in PROVIDERS if server["name"] == "postmark"))["smtp_server"]
    masked = {key for key, value in shown.items() if "NO_LOG" in str(value) or "****" in str(value)}
    assert masked == {"smtp_username"}


def test_implicit_tls_on_the_submission_port_is_done_and_warned_of(tasks: Tasks) -> None:
    tasks.run("listmonk_smtp", **next(server for server in PROVIDERS if server["name"] == "mailjet"))
    slip = tasks.run("listmonk_smtp", **TASKS["C"])
    assert slip.changed
    assert all(str(word) in slip.warnings for word in EXPECTED["C"]["mentions"])


def test_an_address_where_the_host_belongs_is_refused(tasks: Tasks) -> None:
    failed = tasks.fails("listmonk_smtp", **TASKS["D"])
    assert "not a host name" in failed.msg


def test_a_try_out_mail_with_the_stored_password_is_no_promise(tasks: Tasks) -> None:
    tasks.run("listmonk_smtp", **next(server for server in PROVIDERS if server["name"] == "gmail"))
    failed = tasks.fails("listmonk_smtp", **TASKS["E"])
    assert "needs the password" in failed.msg
    assert "does not look up the stored one" in failed.msg
