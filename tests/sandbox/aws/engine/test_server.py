# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a program: what it says, what it must not take from its surroundings, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError

from tests.fresh_aws import ROOT, FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

OTHER_ACCOUNT = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "another",
    "HTTP_PROXY": "http://127.0.0.1:1",
}


def test_it_says_where_it_is_takes_nothing_from_another_account_and_ends_with_its_input(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox.aws", "--home", str(tmp_path), "--no-data-plane", "--end-with-stdin"]
    environment = {**os.environ, **OTHER_ACCOUNT, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        facts = json.loads(server.stdout.readline())
        assert (facts["pid"], facts["account"], facts["region"]) == (server.pid, "123456789012", "eu-central-1")
        stacks = Stacks(FreshAws(**facts, home=tmp_path, https_port=0))
        assert stacks.create("s", "Resources: {G: {Type: AWS::Logs::LogGroup}}")["StackStatus"] == "CREATE_COMPLETE"
        server.stdin.close()
        assert server.wait(timeout=30) == 0


def test_an_operation_that_aws_has_and_the_sandbox_has_not_is_refused_with_a_sentence(aws: FreshAws) -> None:
    with pytest.raises(ClientError, match="The sandbox's CloudFormation cannot do this: the operation ListStackSets"):
        aws.client("cloudformation").list_stack_sets()


def test_a_fault_that_is_not_understood_is_refused(aws: FreshAws) -> None:
    answer = requests.post(f"{aws.endpoint_url}/sandbox/faults", json=[{"logical_id": "A", "action": "explode"}], timeout=10)
    assert (answer.status_code, "not 'explode'" in answer.json()["error"]) == (400, True)


def test_emptying_the_account_stops_what_stacks_are_doing(aws: FreshAws) -> None:
    aws.fail({"logical_id": "G", "action": "create", "seconds": 60})
    aws.client("cloudformation").create_stack(StackName="s", TemplateBody="Resources: {G: {Type: AWS::Logs::LogGroup}}")
    aws.reset()
    assert aws.client("cloudformation").list_stacks()["StackSummaries"] == []
    assert aws.client("logs").describe_log_groups()["logGroups"] == []
