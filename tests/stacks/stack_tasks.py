# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_stack as Ansible runs it, against an AWS that works; every operation that it sends is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import botocore.httpsession
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.action_in_process import run_action
from tests.fresh_aws import FreshAws
from tests.module_in_process import Result

WRITES = {"ExecuteChangeSet", "DeleteStack", "UpdateTerminationProtection", "CreateStack", "UpdateStack"}

Send = Callable[[AWSPreparedRequest], AWSResponse]
Fault = Callable[[str, AWSPreparedRequest, Send], AWSResponse]
"""Given the operation, the request and what would send it; returns the answer, or raises."""


@dataclass
class StackTasks:
    aws: FreshAws
    folder: Path
    sent: list[str] = field(default_factory=list)
    """The operations of the last task, as far as they reached the wire."""

    def run(self, *, check: bool = False, fault: Fault | None = None, **options: Any) -> Result:
        """One task of aws_stack; ``fault`` stands between it and AWS."""
        self.sent = []
        with self._wire(fault):
            return run_action("aws_stack", {**self.aws.connection, **options}, self.folder, check=check)

    def info(self, **options: Any) -> Result:
        return run_action("aws_stack_info", {**self.aws.connection, **options}, self.folder)

    def fails(self, *, check: bool = False, **options: Any) -> str:
        """The message of a task that must fail."""
        result = self.run(check=check, **options)
        assert result.failed, f"expected a failure, got {result.values}"
        return result.msg

    @property
    def writes(self) -> list[str]:
        return [name for name in self.sent if name in WRITES]

    def trace(self) -> dict[str, Any]:
        """What a check must leave as it was: the stacks, their change sets and how many events they have."""
        cloudformation = self.aws.client("cloudformation")
        return {
            stack["StackName"]: (
                stack["StackStatus"],
                [each["ChangeSetName"] for each in cloudformation.list_change_sets(StackName=stack["StackName"])["Summaries"]],
                len(cloudformation.describe_stack_events(StackName=stack["StackName"])["StackEvents"]),
            )
            for stack in cloudformation.describe_stacks()["Stacks"]
        }

    @contextmanager
    def _wire(self, fault: Fault | None) -> Iterator[None]:
        original = botocore.httpsession.URLLib3Session.send

        def send(session: Any, request: AWSPreparedRequest) -> AWSResponse:
            operation = operation_of(request)
            self.sent.append(operation)
            if fault is None:
                return original(session, request)
            return fault(operation, request, lambda again: original(session, again))

        with mock.patch.object(botocore.httpsession.URLLib3Session, "send", send):
            yield


def operation_of(request: AWSPreparedRequest) -> str:
    """DescribeStacks, or for S3 the method."""
    body = request.body or ""
    text = body.decode(errors="replace") if isinstance(body, bytes) else body if isinstance(body, str) else ""
    found = [part.removeprefix("Action=") for part in text.split("&") if part.startswith("Action=")]
    return found[0] if found else str(request.method)
