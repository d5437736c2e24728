# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that operate an environment on AWS, as Ansible runs them: options, check mode, and what they return."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.action_in_process import run_action
from tests.module_in_process import Result

REGION = "eu-central-1"
LOCK = "/paperboat/run-lock"


@dataclass(frozen=True)
class Account:
    """An account of moto's, in this process."""

    folder: Path

    def run(self, action: str, *, check: bool = False, task: dict[str, Any] | None = None, **options: Any) -> Result:
        return run_action(action, {"region": REGION, **options}, self.folder, check=check, task=task)

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(service, region_name=REGION)

    def parameters(self) -> dict[str, str]:
        found = self.client("ssm").get_parameters_by_path(Path="/", Recursive=True)["Parameters"]
        return {one["Name"]: one["Value"] for one in found}

    def define_task(self) -> None:
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="paperboat")
        ecs.register_task_definition(
            family="schema", containerDefinitions=[{"name": "listmonk", "image": "listmonk/listmonk", "memory": 512}]
        )


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Account(tmp_path)


RUN = {"cluster": "paperboat", "task_definition": "schema", "container": "listmonk"}


def test_aws_run_lock_is_taken_named_to_later_tasks_and_given_back(account: Account) -> None:
    taken = account.run("aws_run_lock", name=LOCK)
    assert not taken.changed
    assert taken["environment"] == {"CLARIVUM_MAILING_RUN_LOCK": f"{LOCK}@{taken['run']}"}
    assert json.loads(account.parameters()[LOCK])["held"] is True
    account.run("aws_run_lock", name=LOCK, run=taken["run"], state="released")
    assert account.parameters() == {}


def test_aws_run_lock_in_check_mode_warns_of_a_run_and_takes_nothing(account: Account) -> None:
    assert account.run("aws_run_lock", name=LOCK, check=True)["warnings"] == []
    assert account.parameters() == {}
    account.run("aws_run_lock", name=LOCK)
    before = account.parameters()
    (warning,) = account.run("aws_run_lock", name=LOCK, check=True)["warnings"]
    assert "is being worked on" in warning
    assert account.parameters() == before


def test_a_task_on_aws_says_that_the_run_is_alive_and_stops_when_the_lock_is_lost(account: Account) -> None:
    taken = account.run("aws_run_lock", name=LOCK)
    account.define_task()
    keeping = {"environment": [taken["environment"]]}
    account.run("aws_roll_service", cluster="paperboat", service="public", task=keeping)
    assert json.loads(account.parameters()[LOCK])["step"] == "aws_roll_service"
    account.client("ssm").delete_parameter(Name=LOCK)
    result = account.run("aws_roll_service", cluster="paperboat", service="public", task=keeping)
    assert result.failed
    assert "was removed while this run held it" in result.msg


def test_aws_run_lock_wants_a_name_with_a_slash_and_a_run_to_release(account: Account) -> None:
    assert "must begin with a slash" in account.run("aws_run_lock", name="lock").msg
    assert "run must say which run" in account.run("aws_run_lock", name=LOCK, state="released").msg


def test_aws_run_task_in_check_mode_looks_at_the_definition_and_runs_nothing(account: Account) -> None:
    account.define_task()
    result = account.run("aws_run_task", check=True, **RUN)
    assert result.changed
    assert result["ran"] is False
    assert account.client("ecs").list_tasks(cluster="paperboat")["taskArns"] == []
    missing = account.run("aws_run_task", check=True, **{**RUN, "container": "tools"})
    assert "has no container 'tools'; it has listmonk" in missing.msg


def test_aws_run_task_is_not_run_again_while_its_record_says_so(account: Account) -> None:
    account.client("ssm").put_parameter(Name="/paperboat/schema", Value='{"database": "db-1"}', Type="String")
    done = account.run("aws_run_task", **RUN, once={"parameter": "/paperboat/schema", "value": {"database": "db-1"}})
    assert not done.changed
    account.define_task()
    again = account.run("aws_run_task", check=True, **RUN, once={"parameter": "/paperboat/schema", "value": {"database": "db-2"}})
    assert again.changed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"command": ["x" * 9000]}, "ECS takes 8192 in all"),
        ({"expected_exit_code": []}, "expected_exit_code is empty"),
        ({"timeout": 0}, "timeout is 0"),
        ({"cluster": None}, "cluster"),
    ],
)
def test_aws_run_task_refuses_what_cannot_be_right(options: dict[str, Any], words: str, account: Account) -> None:
    result = account.run("aws_run_task", **{**RUN, **options})
    assert result.failed
    assert words in result.msg


def test_aws_roll_service_says_that_there_is_no_such_service(account: Account) -> None:
    account.define_task()
    for check in (True, False):
        result = account.run("aws_roll_service", cluster="paperboat", service="public", check=check)
        assert result.failed
        assert "There is no service public in the cluster paperboat" in result.msg


def test_aws_listmonk_schema_looks_without_running_and_forgets_what_was_done(account: Account) -> None:
    secrets = account.client("secretsmanager")
    secrets.create_secret(Name="admin", SecretString='{"username": "admin", "password": "a good password"}')
    secrets.create_secret(Name="login", SecretString='{"username": "listmonk", "password": "aGoodPassword123"}')
    wish = {"database": "db-1", "admin_secret": "admin", "login_secret": "login", "record": "/paperboat/schema", "only_look": True}
    looked = account.run("aws_listmonk_schema", **wish)
    assert not looked.changed
    assert looked["ready"] is False
    assert looked["reasons"] == ["nothing is recorded about this environment's database"]
    account.client("ssm").put_parameter(Name="/paperboat/schema", Value='{"database": "db-1"}', Type="String")
    assert account.run("aws_listmonk_schema", **wish)["same_database"] is True
    assert account.run("aws_listmonk_schema", state="absent", record="/paperboat/schema").changed
    assert account.parameters() == {}
    assert not account.run("aws_listmonk_schema", state="absent", record="/paperboat/schema").changed


def test_aws_listmonk_schema_says_what_it_lacks(account: Account) -> None:
    result = account.run("aws_listmonk_schema", record="/paperboat/schema", database="db-1", admin_secret="a", login_secret="b")
    assert "cluster, tools_task_definition, schema_task_definition, subnets, security_groups must be given" in result.msg
