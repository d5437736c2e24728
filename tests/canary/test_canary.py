# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary among the secrets: it is found in no output, log, process list or left-over file, whatever succeeds or fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.ansible_playbook import Run, run_playbook
from tests.faults.scripted_server import FaultProxy, nobody_listens
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

SMTP_PASSWORD = "canary-Zq7/smtp+pass=word"
SETTING_SECRET = "canary-Xw9-setting-secret"
HTML = '<html><body>{{ template "content" . }}</body></html>'


def tasks_with_secrets(**connection: Any) -> list[dict[str, Any]]:
    """A task of every module, given every secret that it takes; each goes on if it fails."""
    smtp = {
        "name": "canary",
        "host": "127.0.0.1",
        "port": 2525,
        "auth_protocol": "plain",
        "smtp_username": "someone",
        "password": SMTP_PASSWORD,
    }
    modules: list[tuple[str, dict[str, Any]]] = [
        ("listmonk_list", {"name": "Canary"}),
        ("listmonk_list_info", {}),
        ("listmonk_template", {"name": "Canary", "body_file": "frame.html"}),
        ("listmonk_template_info", {}),
        ("listmonk_smtp", {**smtp, "tls_type": "none"}),
        ("listmonk_smtp", {**smtp, "update_password": "always"}),
        ("listmonk_smtp", {**smtp, "test_recipient": "reject@example.com"}),
        ("listmonk_smtp", {**smtp, "port": "nonsense"}),
        ("listmonk_smtp_info", {}),
        ("listmonk_settings", {"settings": {"app.site_name": "Canary"}, "secrets": {"bounce.sendgrid_key": SETTING_SECRET}}),
        ("listmonk_settings", {"settings": {"bounce.sendgrid_key": SETTING_SECRET}}),
        ("listmonk_settings", {"settings": {"app.nosuchkey": SETTING_SECRET}, "secrets": {"nosuchkey": SETTING_SECRET}}),
        ("listmonk_settings_info", {}),
        ("listmonk_subscriber_import", {"src": "people.csv", "lists": ["Default list"]}),
        ("listmonk_subscriber_import", {"src": "nosuchfile.csv", "lists": ["Default list"]}),
    ]
    return [
        {"name": f"{module} {number}", f"clarivum.mailing.{module}": {**options, **connection}, "ignore_errors": True}
        for number, (module, options) in enumerate(modules)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("email,name\nada@example.com,Ada\n")
    (tmp_path / "frame.html").write_text(HTML)
    return tmp_path


def run(folder: Path, tasks: Sequence[dict[str, Any]], environment: dict[str, str]) -> Run:
    log = {"ANSIBLE_LOG_PATH": str(folder / "ansible.log")}
    return run_playbook(tasks, folder, "-vvv", "--diff", environment=environment | log)


def found(folder: Path, ended: Run, *secrets: str) -> list[str]:
    """Where a secret can be read, the playbook itself aside."""
    places = {"output": ended.output, "process list": "\n".join(ended.seen)}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "playbook.yml":
            places[str(path.relative_to(folder))] = path.read_text(errors="replace")
    return [f"{secret[:8]}… in {place}" for place, text in places.items() for secret in secrets if secret in text]


def test_secrets_are_seen_nowhere_when_all_is_well(listmonk: FreshListmonk, folder: Path) -> None:
    ended = run(folder, tasks_with_secrets(), listmonk.environment)
    assert ended.code == 0, ended.output
    assert "PLAY RECAP" in ended.stdout
    assert "listmonk_list 0" in (folder / "ansible.log").read_text()
    assert found(folder, ended, SMTP_PASSWORD, SETTING_SECRET, listmonk.api_token) == []


def test_secrets_given_as_options_are_seen_nowhere_either_and_a_proxy_that_fails_brings_none_out(
    listmonk: FreshListmonk, folder: Path
) -> None:
    token = "{{ lookup('ansible.builtin.env', 'CANARY_TOKEN') }}"
    with FaultProxy(listmonk.base_url) as proxy:
        proxy.fail(lambda seen: seen.method != "GET", "500", times=100)
        connection = {"url": proxy.url, "username": listmonk.api_user, "api_token": token}
        ended = run(folder, tasks_with_secrets(**connection), {"CANARY_TOKEN": listmonk.api_token})
    assert "500" in ended.output
    assert found(folder, ended, SMTP_PASSWORD, SETTING_SECRET, listmonk.api_token) == []


def test_a_wrong_token_is_not_repeated_in_the_errors_about_it(listmonk: FreshListmonk, folder: Path) -> None:
    few = [task for task in tasks_with_secrets() if "info" not in task["name"]][:6]
    ended = run(folder, few, {**listmonk.environment, "LISTMONK_API_TOKEN": "canary-wrong-token"})
    assert "invalid API credentials" in ended.output
    assert found(folder, ended, "canary-wrong-token", SMTP_PASSWORD, SETTING_SECRET) == []


def test_secrets_are_seen_nowhere_when_nobody_answers(listmonk: FreshListmonk, folder: Path) -> None:
    few = [task for task in tasks_with_secrets() if "smtp" in task["name"] or "import" in task["name"]][:3]
    with nobody_listens() as url:
        ended = run(folder, few, {**listmonk.environment, "LISTMONK_URL": url})
    assert "refused" in ended.output
    assert found(folder, ended, SMTP_PASSWORD, SETTING_SECRET, listmonk.api_token) == []
