# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_run_task against a sandbox whose answers are lost, throttled or denied: a task is run once, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session

from tests.action_in_process import run_action
from tests.fresh_aws import FreshAws, start_aws
from tests.module_in_process import Result

Send = Callable[[AWSPreparedRequest], AWSResponse]
Fault = Callable[[str, AWSPreparedRequest, Send], AWSResponse]


class Body:
    def __init__(self, text: str) -> None:
        self._text = text.encode()

    def stream(self, *_arguments: Any, **_more: Any) -> list[bytes]:
        return [self._text]


def refused(request: AWSPreparedRequest, code: str) -> AWSResponse:
    body: Any = Body(json.dumps({"__type": code, "message": "the caller may not do this now"}))
    return AWSResponse(request.url, 400, {"Content-Type": "application/x-amz-json-1.1"}, body)


def lost(operation: str) -> Fault:
    """The server acts, and its first answer never arrives."""
    seen: list[str] = []

    def fault(asked: str, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        answer = send(request)
        if asked == operation and not seen:
            seen.append(asked)
            raise ConnectionClosedError(request=request, endpoint_url=request.url)
        return answer

    return fault


def refusing(code: str, operation: str, times: int) -> Fault:
    seen: list[str] = []

    def fault(asked: str, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        if asked == operation and len(seen) < times:
            seen.append(asked)
            return refused(request, code)
        return send(request)

    return fault


@dataclass(frozen=True)
class Ecs:
    """A cluster and a task definition whose container writes a line for each time that it runs."""

    aws: FreshAws
    folder: Path

    @property
    def runs(self) -> int:
        file = self.folder / "runs"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def run(self, fault: Fault | None = None, **options: Any) -> Result:
        send = URLLib3Session.send

        def faulty(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            operation = str(request.headers.get("X-Amz-Target", b"").decode()).rpartition(".")[2]
            return (fault or (lambda _operation, asked, pass_on: pass_on(asked)))(operation, request, lambda one: send(session, one))

        wish: dict[str, Any] = {"cluster": "paperboat", "task_definition": "tools", "container": "tools", "timeout": 60}
        wish["subnets"] = [self.aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]]
        wish["command"] = ["sh", "-c", f"echo run >> {self.folder / 'runs'}; echo done"]
        with mock.patch.object(URLLib3Session, "send", faulty):
            return run_action("aws_run_task", {**self.aws.connection, **wish, **options}, self.folder)


@pytest.fixture(scope="module")
def aws(slot: str) -> FreshAws:
    found = start_aws(f"{slot}-one-off", data_plane=True)
    ecs = found.client("ecs")
    ecs.create_cluster(clusterName="paperboat")
    found.client("logs").create_log_group(logGroupName="/paperboat/tools")
    options = {"awslogs-group": "/paperboat/tools", "awslogs-region": found.region, "awslogs-stream-prefix": "tools"}
    container = {"name": "tools", "image": "postgres:17", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    ecs.register_task_definition(
        family="tools", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512", containerDefinitions=[container]
    )
    return found


@pytest.fixture
def ecs(aws: FreshAws, tmp_path: Path) -> Ecs:
    return Ecs(aws, tmp_path)


def test_a_task_is_run_and_its_exit_code_and_log_are_returned(ecs: Ecs) -> None:
    result = ecs.run()
    assert result.changed
    assert (result["exit_code"], result["log"]) == (0, ["done"])
    assert ecs.runs == 1


def test_a_start_whose_answer_was_lost_does_not_run_the_task_twice(ecs: Ecs) -> None:
    assert ecs.run(lost("RunTask")).changed
    assert ecs.runs == 1


@pytest.mark.parametrize("operation", ["DescribeTasks", "DescribeTaskDefinition", "ListTasks", "GetLogEvents"])
def test_an_answer_that_was_lost_while_it_is_waited_for_changes_nothing(operation: str, ecs: Ecs) -> None:
    result = ecs.run(lost(operation))
    assert result["log"] == ["done"]
    assert ecs.runs == 1


@pytest.mark.parametrize("operation", ["RunTask", "DescribeTasks"])
def test_throttling_is_waited_out(operation: str, ecs: Ecs) -> None:
    assert ecs.run(refusing("ThrottlingException", operation, 2)).changed
    assert ecs.runs == 1


def test_a_start_that_is_denied_is_said_and_nothing_runs(ecs: Ecs) -> None:
    result = ecs.run(refusing("AccessDeniedException", "RunTask", 99))
    assert result.failed
    assert "AccessDeniedException" in result.msg
    assert "run_task" in result.msg
    assert ecs.runs == 0


def test_another_exit_code_fails_with_the_last_line_of_the_log(ecs: Ecs) -> None:
    result = ecs.run(command=["sh", "-c", "echo it went wrong; exit 7"])
    assert result.failed
    assert result["exit_code"] == 7
    assert "ended with exit code 7, not 0. Its log ends: it went wrong" in result.msg


def test_a_killed_wait_is_taken_up_by_the_next_run_without_a_second_start(ecs: Ecs) -> None:
    slow = ["sh", "-c", f"echo run >> {ecs.folder / 'runs'}; sleep 4; echo done"]
    given_up = ecs.run(command=slow, timeout=1)
    assert given_up.failed
    assert "whoever runs this again waits for it" in given_up.msg
    taken_up = ecs.run(command=slow)
    assert taken_up["adopted"] is True
    assert taken_up["log"] == ["done"]
    assert ecs.runs == 1
