# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m sandbox up --aws``: an empty account beside a mail catcher, looked at, killed, brought up again, ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.postgres import Cluster
from sandbox.processes import REPOSITORY, Process, free_port

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Commands:
    """``python -m sandbox`` in a state directory of its own."""

    state: Path
    name: str = "trial"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"SANDBOX_STATE": str(self.state), "SANDBOX_NAME": self.name, "SANDBOX_PORT": "", "COLUMNS": "160"}
        return subprocess.run(
            [sys.executable, "-m", "sandbox", *arguments],
            env={**os.environ, **variables, "PYTHONPATH": str(REPOSITORY), **environment},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    def ok(self, *arguments: str, **environment: str) -> str:
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def aws(self) -> dict[str, Any]:
        return dict(json.loads((self.state / self.name / "aws.json").read_text("utf-8")))

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        place = {"endpoint_url": self.aws["endpoint_url"], "region_name": self.aws["region"]}
        return make(service, **place, aws_access_key_id="any", aws_secret_access_key="any")

    def process(self, what: str) -> Process:
        found = json.loads((self.state / self.name / "processes.json").read_text("utf-8"))[what]
        return Process(found["pid"], found["started"])


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    state = tmp_path_factory.mktemp("sandboxes")
    yield state
    Commands(state).run("down", "--all")
    Cluster(state / "postgres").stop()


@pytest.fixture
def sandbox(state: Path) -> Commands:
    sandbox = Commands(state)
    sandbox.ok("up", "--aws")
    return sandbox


def test_the_account_is_empty_but_for_a_hosted_zone(sandbox: Commands) -> None:
    assert set(sandbox.aws) == {"endpoint_url", "region", "account", "https_url", "ca_path", "host_name", "zone_id"}
    assert sandbox.client("cloudformation").describe_stacks()["Stacks"] == []
    zone = sandbox.client("route53").get_hosted_zone(Id=sandbox.aws["zone_id"])["HostedZone"]
    assert sandbox.aws["host_name"].endswith(zone["Name"].rstrip("."))
    assert Path(sandbox.aws["ca_path"]).read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_a_second_up_finds_it_running_whether_aws_is_named_or_not(sandbox: Commands) -> None:
    before = sandbox.process("aws")
    assert "up already" in sandbox.ok("up") and "up already" in sandbox.ok("up", "--aws")
    assert sandbox.process("aws") == before


def test_status_and_logs_show_what_the_account_holds(sandbox: Commands) -> None:
    sandbox.client("rds").create_db_instance(DBInstanceIdentifier="mine", Engine="mysql", DBInstanceClass="db.t3.micro", MasterUsername="m")
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/mine")
    logs.create_log_stream(logGroupName="/mine", logStreamName="core/listmonk/1")
    event = {"timestamp": int(time.time() * 1000), "message": "campaign 7 finished"}
    logs.put_log_events(logGroupName="/mine", logStreamName="core/listmonk/1", logEvents=[event])
    status = sandbox.ok("status")
    assert (
        sandbox.aws["endpoint_url"] in status
        and sandbox.aws["https_url"] in status
        and "database" in status
        and "mine: available" in status
    )
    assert "core/listmonk/1 campaign 7 finished" in sandbox.ok("logs")
    assert "No mail was caught" in sandbox.ok("mail")
    assert sandbox.aws["ca_path"] in sandbox.ok("next-steps")


def test_killed_it_comes_back_empty_at_the_same_https_port(sandbox: Commands) -> None:
    before = sandbox.aws
    sandbox.client("sqs").create_queue(QueueName="forgotten")
    sandbox.process("aws").end(timeout=0)
    assert sandbox.run("status").returncode == 3
    sandbox.ok("up", "--aws")
    assert (sandbox.aws["https_url"], sandbox.aws["ca_path"]) == (before["https_url"], before["ca_path"])
    assert "QueueUrls" not in sandbox.client("sqs").list_queues()


def test_the_two_kinds_do_not_mix_under_one_name(state: Path, sandbox: Commands) -> None:
    other = Commands(state, "other")
    other.ok("up", SANDBOX_PORT=str(free_port()))  # the usual one may be another test's at this moment
    refused = other.run("up", "--aws")
    assert refused.returncode == 1 and "is one without AWS; end it first with" in refused.stderr
    assert "listmonk" in other.ok("status") and "aws" in sandbox.ok("status")


def test_a_fixed_port_is_the_one_of_https_and_must_be_free(state: Path) -> None:
    fixed = Commands(state, "fixed")
    port = str(free_port())
    fixed.ok("up", "--aws", SANDBOX_PORT=port)
    assert fixed.aws["https_url"] == f"https://127.0.0.1:{port}"
    fixed.ok("down")
    wrong = fixed.run("up", "--aws", SANDBOX_PORT="https")
    assert wrong.returncode == 1 and "it must be a port number such as 9443" in wrong.stderr


def test_down_all_ends_every_sandbox_of_the_state_directory(state: Path, sandbox: Commands) -> None:
    processes = [sandbox.process("aws"), sandbox.process("mail"), Commands(state, "other").process("listmonk")]
    assert "other, trial" in sandbox.ok("down", "--all")
    assert not any(process.alive() for process in processes)
    assert not (state / "trial").exists() and not (state / "other").exists()
    assert "No sandbox is up" in sandbox.ok("down", "--all")
