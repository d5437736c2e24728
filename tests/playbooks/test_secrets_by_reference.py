# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration says where its secrets are: they reach the server, and nobody who watches the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.mail import MailCatcher
from tests.ansible_playbook import Run, run_playbook
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

FROM_ENV, FROM_FILE, FROM_VARIABLE = "canary-env-3f9", "canary-file-8d1", "canary-variable-5c2"


def server(name: str, mail: MailCatcher, **more: Any) -> dict[str, Any]:
    """An SMTP server that is tested with its password."""
    login = {"auth_protocol": "plain", "smtp_username": name, "tls_type": "none", "test_recipient": "ops@example.com"}
    return {"name": name, "host": mail.host, "port": mail.port, **login, **more}


@pytest.fixture
def mail() -> Any:
    with MailCatcher() as catcher:
        yield catcher


def configure(listmonk: FreshListmonk, folder: Path, *smtp: dict[str, Any], **variables: Any) -> Run:
    (folder / "password").write_text(FROM_FILE + "\n")
    declared = {"listmonk_config_directory": str(folder), "listmonk_config_smtp": list(smtp), **variables}
    lazy = {"vault_password": "{{ hidden_elsewhere }}", "hidden_elsewhere": FROM_VARIABLE}
    role = {"ansible.builtin.include_role": {"name": "clarivum.mailing.listmonk_config"}, "vars": {**declared, **lazy}}
    return run_playbook([role], folder, "-vvv", "--diff", environment={**listmonk.environment, "SMTP_PASSWORD": FROM_ENV})


def test_each_kind_of_reference_brings_its_secret_to_the_server_and_none_to_the_output(
    listmonk: FreshListmonk, mail: MailCatcher, tmp_path: Path
) -> None:
    run = configure(
        listmonk,
        tmp_path,
        server("first", mail, password_from={"env": "SMTP_PASSWORD"}),
        server("second", mail, password_from={"file": "password"}),
        server("third", mail, password_from={"variable": "vault_password"}),
        listmonk_config_settings_secrets={"bounce.sendgrid_key": {"env": "SMTP_PASSWORD"}},
    )
    assert run.code == 0, run.output
    assert [(login.username, login.password) for login in mail.logins] == [
        ("first", FROM_ENV),
        ("second", FROM_FILE),
        ("third", FROM_VARIABLE),
    ]
    held = listmonk.api("GET", "/api/settings")
    stored = {block["username"]: len(block.get("password") or "") for block in held["smtp"]}
    assert (stored["first"], stored["second"], stored["third"]) == (len(FROM_ENV), len(FROM_FILE), len(FROM_VARIABLE))
    assert len(held["bounce.sendgrid_key"]) == len(FROM_ENV)
    assert [secret for secret in (FROM_ENV, FROM_FILE, FROM_VARIABLE, listmonk.api_token) if secret in run.output] == []


def test_a_mail_server_that_refuses_the_password_fails_the_run_without_naming_it(listmonk: FreshListmonk, tmp_path: Path) -> None:
    with MailCatcher() as gone:
        pass
    run = configure(listmonk, tmp_path, server("gone", gone, password_from={"variable": "vault_password"}))
    assert run.code != 0
    assert "smtp[0]: SMTP server 'email-gone': the test mail to ops@example.com could not be sent" in run.output
    assert "email-gone" not in [block["name"] for block in listmonk.api("GET", "/api/settings")["smtp"]]
    assert FROM_VARIABLE not in run.output
