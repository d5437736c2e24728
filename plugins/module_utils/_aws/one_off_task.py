# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A one-off ECS task: started once, waited for, judged by its exit code.

Once means: a request whose answer was lost is repeated (by botocore) with the same client token, which ECS answers with the task that
the first one started; and a task that an earlier run started with the same wish and that still runs is waited for, not started again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import MailingError, Refusal
from .connection import Aws
from .record import Record
from .task_log import LogStream, log_stream_of

Progress = Callable[[str], None]

PASSING_FAILURES = ("RESOURCE:", "Capacity is unavailable", "AGENT")
"""Reasons of RunTask for which another try a little later is the remedy (API reference, "API failures reasons")."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
LOG_LINES = 50


@dataclass(frozen=True)
class OneOffTask:
    """What is to be run, and how its end is judged. ``once`` names a record: while it holds ``once_value``, nothing is run."""

    cluster: str
    task_definition: str
    container: str
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()
    assign_public_ip: bool = False
    launch_type: str = "FARGATE"
    expected_exit_codes: frozenset[int] = frozenset({0})
    timeout: float = 1800.0
    once: str | None = None
    once_value: Mapping[str, Any] = field(default_factory=dict)

    @property
    def started_by(self) -> str:
        """The mark by which a task of the same wish is found again."""
        wish = [self.cluster, self.task_definition, self.container, list(self.command), sorted(self.environment.items())]
        return f"clarivum-mailing/{hashlib.sha256(json.dumps(wish).encode()).hexdigest()[:32]}"

    def request(self, token: str) -> dict[str, Any]:
        override: dict[str, Any] = {"name": self.container}
        if self.command:
            override["command"] = list(self.command)
        if self.environment:
            override["environment"] = [{"name": name, "value": value} for name, value in sorted(self.environment.items())]
        made: dict[str, Any] = {
            "cluster": self.cluster,
            "taskDefinition": self.task_definition,
            "count": 1,
            "launchType": self.launch_type,
            "startedBy": self.started_by,
            "clientToken": token,
            "overrides": {"containerOverrides": [override]},
            "propagateTags": "TASK_DEFINITION",
        }
        if self.subnets:
            made["networkConfiguration"] = {
                "awsvpcConfiguration": {
                    "subnets": list(self.subnets),
                    "securityGroups": list(self.security_groups),
                    "assignPublicIp": "ENABLED" if self.assign_public_ip else "DISABLED",
                }
            }
        return made


@dataclass(frozen=True)
class Ended:
    """How a task ended. ``exit_code`` is None if its container never ran."""

    task_arn: str
    exit_code: int | None
    reason: str
    log: tuple[str, ...]
    seconds: float
    adopted: bool = False


@dataclass(frozen=True)
class Clock:
    """Time, so that tests need not wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def is_done(aws: Aws, wish: OneOffTask) -> bool:
    """Whether the record says that a task with these inputs has succeeded already."""
    if wish.once is None:
        return False
    stored = Record(aws, wish.once).read()
    return stored is not None and stored.value == dict(wish.once_value)


def check(aws: Aws, wish: OneOffTask) -> LogStream | None:
    """See that the task can be run at all; where its log will be. Reads only. Raises Refusal."""
    definition = aws.call("ecs", "describe_task_definition", taskDefinition=wish.task_definition)["taskDefinition"]
    containers = {one["name"]: one for one in definition["containerDefinitions"]}
    if wish.container not in containers:
        raise Refusal(
            f"The task definition {wish.task_definition} has no container {wish.container!r}; it has {', '.join(sorted(containers))}."
        )
    if definition.get("networkMode") == "awsvpc" and not wish.subnets:
        raise Refusal(f"The task definition {wish.task_definition} uses awsvpc networking, so subnets must be given.")
    return log_stream_of(containers[wish.container])


def run_one_off_task(aws: Aws, wish: OneOffTask, progress: Progress, clock: Clock | None = None) -> Ended:
    """Run the task to its end and record it. Raises MailingError, with exit_code, reason and log as facts, if it ends otherwise."""
    clock = clock or Clock()
    stream = check(aws, wish)
    began = clock.now()
    deadline = began + wish.timeout
    running = _running(aws, wish)
    arn = running or _start(aws, wish, deadline, progress, clock)
    task = _wait(aws, wish, arn, began, deadline, progress, clock)
    container = next(one for one in task["containers"] if one["name"] == wish.container)
    log = tuple(stream.last_lines(aws, arn, LOG_LINES, clock.sleep)) if stream else ()
    ended = Ended(arn, container.get("exitCode"), _reason(task, container), log, round(clock.now() - began, 1), running is not None)
    if ended.exit_code not in wish.expected_exit_codes:
        raise _failure(wish, ended)
    if wish.once is not None:
        Record(aws, wish.once).write(dict(wish.once_value))
    return ended


def _running(aws: Aws, wish: OneOffTask) -> str | None:
    """A task that an earlier run started with the same wish and that has not ended (ListTasks lists those by default)."""
    found: list[str] = aws.call("ecs", "list_tasks", cluster=wish.cluster, startedBy=wish.started_by)["taskArns"]
    return found[0] if found else None


def _start(aws: Aws, wish: OneOffTask, deadline: float, progress: Progress, clock: Clock) -> str:
    pause = 1.0
    while True:
        # A token is bound to its answer: after an answer that nothing could be started, another start needs another token.
        answer = aws.call("ecs", "run_task", **wish.request(token=secrets.token_hex(16)))
        if answer.get("tasks"):
            return str(answer["tasks"][0]["taskArn"])
        why = "; ".join(_words(failure) for failure in answer.get("failures", ())) or "no reason was given"
        if not any(passing in why for passing in PASSING_FAILURES) or clock.now() >= deadline:
            raise MailingError(f"ECS did not start a task of {wish.task_definition} in the cluster {wish.cluster}: {why}.", reason=why)
        progress(f"ECS has no room for the task yet: {why}")
        clock.sleep(pause)
        pause = min(pause * 2, 15.0)


def _wait(aws: Aws, wish: OneOffTask, arn: str, began: float, deadline: float, progress: Progress, clock: Clock) -> dict[str, Any]:
    pause = SHORTEST_PAUSE_S
    while True:
        answer = aws.call("ecs", "describe_tasks", cluster=wish.cluster, tasks=[arn])
        task: dict[str, Any] = answer["tasks"][0] if answer["tasks"] else {}
        status = task.get("lastStatus", "not listed yet")  # a task that was just started may take a moment to be seen
        if status == "STOPPED":
            return task
        elapsed = clock.now() - began
        progress(f"{wish.container} is {status} since {elapsed:.0f} s ({_short(arn)})")
        if clock.now() >= deadline:
            raise MailingError(
                f"The task {_short(arn)} of {wish.task_definition} is still {status} after {elapsed:.0f} s, the timeout of this task. It was "
                "not stopped: whoever runs this again waits for it. Stop it in ECS if it hangs.",
                task_arn=arn,
                status=status,
            )
        clock.sleep(pause)
        pause = min(pause * 1.3, LONGEST_PAUSE_S)


def _reason(task: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    """Why it ended, in AWS's words; the task's own "Essential container in task exited" says nothing beside an exit code."""
    words = [str(container.get("reason", ""))]
    if container.get("exitCode") is None:
        words += [str(task.get("stoppedReason", "")), str(task.get("stopCode", ""))]
    return "; ".join(dict.fromkeys(one for one in words if one))


def _failure(wish: OneOffTask, ended: Ended) -> MailingError:
    expected = " or ".join(str(code) for code in sorted(wish.expected_exit_codes))
    if ended.exit_code is None:
        sentence = f"The container {wish.container} of {wish.task_definition} did not run: {ended.reason or 'ECS gave no reason'}."
    else:
        because = f" ({ended.reason})" if ended.reason else ""
        sentence = (
            f"The container {wish.container} of {wish.task_definition} ended with exit code {ended.exit_code}{because}, not {expected}."
        )
    if ended.log:
        sentence += f" Its log ends: {ended.log[-1]}"
    facts = {"exit_code": ended.exit_code, "reason": ended.reason, "log": list(ended.log), "task_arn": ended.task_arn}
    return MailingError(sentence, **facts, seconds=ended.seconds)


def _words(failure: Mapping[str, Any]) -> str:
    return ", ".join(str(failure[key]) for key in ("reason", "detail") if failure.get(key))


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]
