# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network and AWS's front door do to a task: throttling, answers that are lost after the server acted, and denied calls."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError

from tests.stacks.stack_tasks import Fault, Send, StackTasks

TEMPLATE = "Resources:\n  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}\nOutputs:\n  Name: {Value: !Ref Group}\n"
WISH: dict[str, Any] = {"name": "paperboat", "template_body": TEMPLATE}
CHANGED: dict[str, Any] = {"name": "paperboat", "template_body": TEMPLATE.replace("7", "14")}
QUICK: dict[str, Any] = {"aws_config": {"retries": {"mode": "standard", "total_max_attempts": 4}}}


class Body:
    def __init__(self, text: str) -> None:
        self._text = text.encode()

    def stream(self, *_arguments: Any, **_more: Any) -> list[bytes]:
        return [self._text]


def refused(request: AWSPreparedRequest, code: str, message: str, status: int = 400) -> AWSResponse:
    body: Any = Body(f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>")
    return AWSResponse(request.url, status, {}, body)


def throttled(times: int) -> Fault:
    """The first calls of each operation are refused."""
    seen: Counter[str] = Counter()

    def fault(operation: str, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        seen[operation] += 1
        return refused(request, "Throttling", "Rate exceeded") if seen[operation] <= times else send(request)

    return fault


def lost(*operations: str) -> Fault:
    """AWS does it the first time, and the answer is lost."""
    seen: Counter[str] = Counter()

    def fault(operation: str, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        seen[operation] += 1
        answer = send(request)
        if operation in operations and seen[operation] == 1:
            raise ConnectionClosedError(request=request, endpoint_url=request.url)
        return answer

    return fault


def denied(operation_denied: str) -> Fault:
    def fault(operation: str, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        if operation == operation_denied:
            return refused(
                request, "AccessDenied", f"User: arn:aws:iam::1:user/u is not authorized to perform: cloudformation:{operation}", 403
            )
        return send(request)

    return fault


def test_throttled_calls_are_tried_again_and_the_outcome_is_the_same(stacks: StackTasks) -> None:
    created = stacks.run(**WISH, fault=throttled(2))
    assert created["action"] == "create", created.values
    again = stacks.run(**WISH, fault=throttled(3))
    assert not again.changed and again["outputs"] == created["outputs"]
    assert not stacks.writes
    removed = stacks.run(name="paperboat", state="absent", fault=throttled(2))
    assert removed["action"] == "delete"
    assert stacks.trace() == {}


def test_throttling_without_an_end_fails_and_is_not_taken_for_absence(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    for state in ("present", "absent"):
        message = stacks.run(**WISH, **QUICK, state=state, fault=throttled(1000)).msg
        assert "Throttling" in message and "does not exist" not in message
        assert set(stacks.sent) == {"DescribeStacks"}


@pytest.mark.parametrize("operation", ["CreateChangeSet", "ExecuteChangeSet", "DescribeChangeSet", "DescribeStackEvents", "DescribeStacks"])
def test_a_lost_answer_while_a_stack_is_made_does_no_harm(stacks: StackTasks, operation: str) -> None:
    result = stacks.run(**WISH, fault=lost(operation))
    assert not result.failed, result.msg
    assert result["action"] == "create" and not stacks.run(**WISH).changed
    assert stacks.trace()["paperboat"][:2] == ("CREATE_COMPLETE", [])


@pytest.mark.parametrize("operation", ["CreateChangeSet", "ExecuteChangeSet"])
def test_a_lost_answer_while_a_stack_is_changed_does_no_harm(stacks: StackTasks, operation: str) -> None:
    stacks.run(**WISH)
    result = stacks.run(**CHANGED, fault=lost(operation))
    assert not result.failed, result.msg
    assert result["action"] == "update" and not stacks.run(**CHANGED).changed
    assert stacks.trace()["paperboat"][1] == []


def test_a_lost_answer_while_a_stack_is_removed_does_no_harm(stacks: StackTasks) -> None:
    stacks.run(**WISH)
    assert stacks.run(name="paperboat", state="absent", fault=lost("DeleteStack")).changed
    assert stacks.trace() == {}


@pytest.mark.parametrize("operation", ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "GetTemplate", "ListChangeSets"])
def test_a_denied_call_names_the_operation_and_leaves_no_change_set(stacks: StackTasks, operation: str) -> None:
    stacks.run(**WISH)
    result = stacks.run(**CHANGED, fault=denied(operation))
    assert result.failed and "AccessDenied" in result.msg and operation in result.msg
    assert result["aws_error_code"] == "AccessDenied"
    assert stacks.trace()["paperboat"][:2] == ("CREATE_COMPLETE", [])


def test_a_denied_execution_of_a_first_change_set_leaves_no_empty_stack(stacks: StackTasks) -> None:
    assert "AccessDenied" in stacks.run(**WISH, fault=denied("ExecuteChangeSet")).msg
    assert stacks.trace() == {}


def test_an_address_where_nobody_answers_is_a_sentence(stacks: StackTasks) -> None:
    result = stacks.run(**WISH, **{**QUICK, "endpoint_url": "http://127.0.0.1:9"})
    assert result.failed and "no answer from AWS" in result.msg and "127.0.0.1:9" in result.msg
