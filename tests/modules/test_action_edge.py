# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge of action plugins: what Ansible does for modules must hold for them too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.parsing.vault import VaultEditor, VaultLib, VaultSecret

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.plugin_utils import _action_edge
from tests.ansible_playbook import Run, run_playbook
from tests.fresh_listmonk import FreshListmonk
from tests.modules.audience import Audience, audience_on

MODULE = "clarivum.mailing.listmonk_subscriber_import"


@pytest.fixture
def audience(listmonk: FreshListmonk, tmp_path: Path) -> Iterator[Audience]:
    made = audience_on(listmonk, tmp_path)
    yield made
    listmonk.api("DELETE", f"/api/lists/{made.list_id}")


@pytest.fixture
def people(audience: Audience) -> str:
    return audience.file("people.csv", "email,name\nann@example.com,Ann\nbad,Bad\n")


def test_options_are_validated_as_a_modules_are(audience: Audience, people: str) -> None:
    assert "has no option source. It has" in audience.imports(src=people, source="x").msg
    assert "value of mode must be one of" in audience.imports(src=people, mode="append").msg
    assert "missing required arguments: src" in audience.imports().msg
    assert "argument 'wait_timeout'" in audience.imports(src=people, wait_timeout="soon").msg
    assert audience.imports(src=people, overwrite_subscription_status="yes", wait_timeout="60").changed


def test_null_means_not_given(audience: Audience, people: str) -> None:
    assert audience.imports(src=people, delimiter=None, columns=None, subscription_status=None, consent_column=None).changed
    assert audience.newsletter_of("ann@example.com") == "unconfirmed"


def test_the_environment_of_the_task_reaches_the_plugin_and_nothing_else(audience: Audience, people: str) -> None:
    wrong = {"url": None, "username": None, "api_token": None}
    assert "LISTMONK_URL" not in os.environ
    done = audience.imports(src=people, task={"environment": [{"LISTMONK_URL": "http://x"}, audience.server.environment]}, **wrong)
    assert done.changed
    assert "LISTMONK_URL" not in os.environ
    with mock.patch.dict(os.environ, {"LISTMONK_URL": "http://127.0.0.1:1"}):
        audience.imports(src=people, task={"environment": audience.server.environment}, **wrong)
        assert os.environ["LISTMONK_URL"] == "http://127.0.0.1:1"


def test_connection_options_fall_back_on_the_environment(audience: Audience, people: str) -> None:
    with mock.patch.dict(os.environ, audience.server.environment):
        assert audience.imports(src=people, url=None, username=None, api_token=None).changed


@pytest.mark.parametrize(
    ("task", "part"),
    [
        ({"async_val": 60}, "async is not possible"),
        ({"delegate_to": "web1"}, "delegate_to: web1 would not move it"),
    ],
)
def test_what_would_not_mean_what_it_says_is_refused(audience: Audience, people: str, task: dict[str, Any], part: str) -> None:
    refused = audience.imports(src=people, task=task)
    assert refused.failed
    assert part in refused.msg
    assert refused.requests == []


def test_delegating_to_localhost_is_what_happens_anyway(audience: Audience, people: str) -> None:
    assert audience.imports(src=people, task={"delegate_to": "localhost"}).changed


def test_a_relative_path_is_looked_for_in_files_and_beside_the_playbook(audience: Audience) -> None:
    (audience.folder / "files").mkdir()
    audience.file("files/here.csv", "email\nann@example.com\n")
    audience.file("there.csv", "email\nbob@example.com\n")
    assert audience.imports(src="here.csv").changed
    assert audience.imports(src="there.csv").changed
    assert "There is no file nowhere.csv" in audience.imports(src="nowhere.csv").msg
    assert "is a directory" in audience.imports(src=str(audience.folder)).msg


def test_a_secret_in_a_message_is_masked(audience: Audience, people: str) -> None:
    plugin = "ansible_collections.clarivum.mailing.plugins.action.listmonk_subscriber_import.ActionModule.perform"
    with mock.patch(plugin, side_effect=Refusal(f"seen: {audience.server.api_token}", detail=[audience.server.api_token])):
        refused = audience.imports(src=people)
    assert refused.failed
    assert audience.server.api_token not in refused.output


def test_progress_comes_in_a_line_every_few_seconds_without_secrets() -> None:
    with mock.patch.object(_action_edge.time, "monotonic", side_effect=[0.0, 1.0, 3.5, 4.0, 6.4, 6.6]):
        ticker = _action_edge.Ticker("listmonk_subscriber_import", {"s3cret"})
        with mock.patch.object(ticker._display, "display") as shown:
            for line in ("one", "two s3cret", "three", "four", "five"):
                ticker(line)
    assert [call.kwargs for call in shown.call_args_list] == [{"stderr": True}] * 2
    assert [call.args[0].partition(": ")[2] for call in shown.call_args_list] == ["two ********", "five"]


def play(audience: Audience, *arguments: str, **task: Any) -> Run:
    options = task.pop("options")
    with_connection = {"module_defaults": {"group/clarivum.mailing.listmonk": audience.server.connection}}
    return run_playbook(
        [{"name": "import", MODULE: {"lists": ["Newsletter"], **options}, **with_connection, **task}],
        audience.folder,
        *arguments,
        environment={},
    )


def test_a_playbook_finds_the_connection_in_module_defaults_and_keeps_the_token_to_itself(audience: Audience, people: str) -> None:
    checked = play(audience, "-vvv", "--diff", "--check", options={"src": people})
    assert audience.everybody() == {}
    done = play(audience, "-vvv", "--diff", options={"src": people})
    again = play(audience, "-vvv", "--diff", options={"src": people})
    for run, recap in ((checked, "changed=1"), (done, "changed=1"), (again, "changed=0")):
        assert run.code == 0, run.output
        assert recap in run.output
        assert audience.server.api_token not in run.output
        assert not any(audience.server.api_token in line for line in run.seen)
    assert "+created: 1" in checked.stdout
    assert set(audience.everybody()) == {"ann@example.com"}


def test_a_failure_in_a_playbook_is_a_sentence_and_no_traceback(audience: Audience, people: str) -> None:
    failed = play(audience, "-vvv", options={"src": people, "max_rejected": 0})
    assert failed.code == 2
    assert "1 of 2 rows are rejected" in failed.output
    assert "Traceback" not in failed.output


def test_under_no_log_neither_people_nor_reasons_are_shown(audience: Audience, people: str) -> None:
    done = play(audience, "-vvv", "--diff", options={"src": people}, no_log=True)
    assert done.code == 0, done.output
    failed = play(audience, "-vvv", options={"src": people, "max_rejected": 0}, no_log=True)
    assert failed.code == 2
    assert "no_log: true" in failed.output
    for run in (done, failed):
        assert "'bad'" not in run.output
        assert '"bad"' not in run.output
        assert "rows are rejected" not in run.output


def test_a_file_that_was_encrypted_by_ansible_vault_is_imported(audience: Audience, people: str) -> None:
    password = audience.folder / "password"
    password.write_text("open sesame")
    VaultEditor(VaultLib()).encrypt_file(people, VaultSecret(b"open sesame"))
    assert Path(people).read_bytes().startswith(b"$ANSIBLE_VAULT")
    done = play(audience, "--vault-password-file", str(password), options={"src": people})
    assert done.code == 0, done.output
    assert set(audience.everybody()) == {"ann@example.com"}
