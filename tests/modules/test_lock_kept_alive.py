# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on listmonk that takes long keeps the run lock of its play alive, as tasks on AWS do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from ansible_collections.clarivum.mailing.plugins.module_utils._aws import connection
from ansible_collections.clarivum.mailing.plugins.plugin_utils import _sign_of_life
from tests.action_in_process import run_action
from tests.ansible_playbook import AS_JSON, run_playbook
from tests.fresh_aws import FreshAws, start_aws
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result

LOCK, RUN = "/paperboat/run-lock", "a1b2c3"
HOLDING = {_sign_of_life.LOCK_VARIABLE: f"{LOCK}@{RUN}"}
DEFAULTS = [{"group/clarivum.mailing.aws": {"region": "eu-central-1"}}]
PEOPLE = "email\nann@example.com\nbob@example.com\n"


def put_lock(ssm: Any, **changed: Any) -> None:
    value = {"run": RUN, "held": True, "host": "here", "user": "anna", "pid": 7, "step": "before"}
    ssm.put_parameter(Name=LOCK, Value=json.dumps({**value, **changed}), Type="String", Overwrite=True)


def step(ssm: Any) -> str:
    """What the lock says that the run is at."""
    return str(json.loads(ssm.get_parameter(Name=LOCK)["Parameter"]["Value"])["step"])


@dataclass(frozen=True)
class Work:
    """Tasks on a listmonk in a play that holds a lock of moto's, in this process."""

    server: FreshListmonk
    folder: Path
    ssm: Any

    def run(self, name: str, *, check: bool = False, holding: bool = True, **options: Any) -> Result:
        task = {"environment": [HOLDING] if holding else None, "module_defaults": DEFAULTS}
        return run_action(name, {**self.server.connection, **options}, self.folder, check=check, task=task)

    def imports(self, **how: Any) -> Result:
        return self.run("listmonk_subscriber_import", src=str(self.folder / "people.csv"), lists=["Default list"], **how)


@pytest.fixture
def work(pristine_listmonk: FreshListmonk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    (tmp_path / "people.csv").write_text(PEOPLE)
    with mock_aws():
        ssm = boto3.client("ssm", region_name="eu-central-1")
        put_lock(ssm)
        yield Work(pristine_listmonk, tmp_path, ssm)


def test_an_import_touches_the_lock_when_it_begins_and_while_it_works(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sign_of_life, "TOUCH_EVERY", 0.0)
    assert work.imports().changed
    assert step(work.ssm) == "listmonk_subscriber_import"
    writes = work.ssm.get_parameter_history(Name=LOCK)["Parameters"]
    assert len(writes) > 2, "one when the lock was made, one at the beginning, and some while it worked"


@pytest.mark.parametrize(("name", "options"), [("listmonk_config", {"lists": [{"name": "Weekly"}]}), ("listmonk_verify", {"patience": 0})])
def test_so_does_every_task_on_listmonk_that_runs_on_the_controller(name: str, options: dict[str, Any], work: Work) -> None:
    result = work.run(name, **options)
    assert step(work.ssm) == name, result.msg


def test_a_lock_that_somebody_else_holds_by_now_ends_the_task_before_it_does_anything(work: Work) -> None:
    put_lock(work.ssm, run="theirs")
    result = work.imports()
    assert result.failed
    assert f"anna@here (process 7) has taken over the run lock {LOCK}. Nothing more is done here." in result.msg
    assert result.requests == []


def test_a_lock_that_is_lost_half_way_ends_the_task_there(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sign_of_life, "TOUCH_EVERY", 0.0)
    touch = _sign_of_life.RunLock.touch
    touches: list[str] = []

    def touched(lock: Any, run: str, at: str) -> Any:
        touches.append(at)
        if len(touches) == 2:
            put_lock(work.ssm, run="theirs")
        return touch(lock, run, at)

    monkeypatch.setattr(_sign_of_life.RunLock, "touch", touched)
    result = work.imports()
    assert result.failed
    assert "has taken over the run lock" in result.msg
    assert result.writes == []


def test_without_a_lock_and_in_check_mode_aws_is_not_spoken_to(work: Work) -> None:
    with mock.patch.object(connection.Aws, "call", side_effect=AssertionError("AWS was spoken to")):
        assert work.imports(check=True).changed
        assert work.imports(holding=False).changed


def test_aws_that_refuses_is_a_warning_and_the_work_is_done(work: Work) -> None:
    refuse = connection.refused("ssm get_parameter", "AccessDeniedException", "not yours", ())
    with mock.patch.object(connection.Aws, "call", side_effect=refuse), mock.patch("ansible.utils.display.Display.warning") as warning:
        assert work.imports().changed
    (said,) = {call.args[0] for call in warning.call_args_list}
    assert "The run lock was not touched" in said and "AccessDeniedException" in said


@pytest.fixture(scope="module")
def aws(slot: str) -> FreshAws:
    return start_aws(slot)


def test_in_a_playbook_the_lock_is_found_by_the_connection_of_module_defaults(
    aws: FreshAws, pristine_listmonk: FreshListmonk, tmp_path: Path
) -> None:
    put_lock(aws.client("ssm"))
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"aws_connection": aws.connection},
        "module_defaults": {"group/clarivum.mailing.aws": "{{ aws_connection }}"},
        "environment": HOLDING,
        "tasks": [
            {
                "name": "Put the lists into their state",
                "clarivum.mailing.listmonk_config": {**pristine_listmonk.connection, "lists": [{"name": "Weekly"}]},
            }
        ],
    }
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([play]))
    done = run_playbook(playbook, tmp_path, environment=AS_JSON)
    assert done.code == 0, done.output
    assert step(aws.client("ssm")) == "Put the lists into their state"
    put_lock(aws.client("ssm"), run="theirs")
    lost = run_playbook(playbook, tmp_path, environment=AS_JSON)
    assert lost.code == 2
    assert "has taken over the run lock" in lost.output
