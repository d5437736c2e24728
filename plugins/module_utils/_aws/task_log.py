# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines that a container wrote, from CloudWatch Logs, without what looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .connection import Aws
from .errors import AwsError

HIDDEN = "(hidden)"
TRIES = 5
"""Readings until a log that is empty, or still grows, is taken as it is: lines arrive a moment after the task has stopped."""

_SECRETS = re.compile(
    r"((?:passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key)[\w-]*[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;}&]+)",
    re.IGNORECASE,
)
_IN_ADDRESSES = re.compile(r"(://[^/\s:@]+:)[^/\s@]+(@)")
_SCRAM = re.compile(r"SCRAM-SHA-256\$\S+")
_BCRYPT = re.compile(r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,53}")


class LogStream(NamedTuple):
    """Where a container's log goes; the stream's name ends with the task's id."""

    group: str
    prefix: str
    container: str

    def last_lines(self, aws: Aws, task_arn: str, count: int, sleep: Callable[[float], None]) -> list[str]:
        """Up to ``count`` lines, redacted; none if the container wrote nothing."""
        name = f"{self.prefix}/{self.container}/{task_arn.rpartition('/')[2]}"
        lines: list[str] = []
        for attempt in range(TRIES):
            before, lines = lines, self._read(aws, name, count)
            if lines and lines == before:
                break
            sleep(0.1 * 3**attempt if not lines else 0.1)
        return [redacted(line) for line in lines]

    def _read(self, aws: Aws, name: str, count: int) -> list[str]:
        try:
            answer = aws.call("logs", "get_log_events", logGroupName=self.group, logStreamName=name, startFromHead=False, limit=count)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":  # a container that wrote nothing has no stream
                return []
            raise
        return [str(event["message"]).rstrip("\r\n") for event in answer["events"]]


def log_stream_of(container: Mapping[str, Any]) -> LogStream | None:
    """Where the container of a task definition logs; None if it is not CloudWatch or has no prefix, so that no stream can be told."""
    logging = container.get("logConfiguration") or {}
    options = logging.get("options") or {}
    if logging.get("logDriver") != "awslogs" or not options.get("awslogs-stream-prefix"):
        return None
    return LogStream(options["awslogs-group"], options["awslogs-stream-prefix"], container["name"])


def redacted(line: str) -> str:
    """The line without passwords, tokens and their hashes, as far as their shape gives them away."""
    line = _SCRAM.sub(HIDDEN, _BCRYPT.sub(HIDDEN, line))
    line = _IN_ADDRESSES.sub(rf"\1{HIDDEN}\2", line)
    return _SECRETS.sub(rf"\1{HIDDEN}", line)
