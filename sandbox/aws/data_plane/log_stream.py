# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container writes, as a stream of CloudWatch Logs (the driver awslogs)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend, logs_backends

from .cannot_start import CannotStart


@dataclass(frozen=True)
class LogStream:
    backend: LogsBackend
    group: str
    name: str

    def create(self) -> None:
        """Raises CannotStart when the group does not exist: ECS does not make it, unless awslogs-create-group says so."""
        try:
            self.backend.ensure_log_stream(self.group, self.name)
        except ResourceNotFoundException:
            raise CannotStart(
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create"
                f" Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. ({self.group})"
            ) from None

    def write(self, lines: list[str]) -> None:
        """Lines that were just read. A group that somebody deleted meanwhile takes none, as on AWS."""
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line or " "} for line in lines]  # CloudWatch takes no empty message
        if self.group in self.backend.groups and self.name in self.backend.groups[self.group].streams:
            self.backend.put_log_events(self.group, self.name, events)


def log_stream(definition: Mapping[str, Any], task_id: str, account: str, region: str) -> LogStream | None:
    """None for a container without logs; CannotStart for a driver that the sandbox does not have."""
    configuration = definition.get("logConfiguration")
    if not configuration:
        return None
    if configuration.get("logDriver") != "awslogs":
        raise CannotStart(f"the sandbox has the log driver awslogs only, not {configuration.get('logDriver')!r}")
    options = configuration.get("options") or {}
    backend = logs_backends[account][options.get("awslogs-region") or region]
    group = options.get("awslogs-group", "")
    if str(options.get("awslogs-create-group", "false")).lower() == "true":
        backend.ensure_log_group(group)
    prefix = options.get("awslogs-stream-prefix")
    if not prefix:
        raise CannotStart("awslogs-stream-prefix is missing; Fargate requires it")
    return LogStream(backend, group, f"{prefix}/{definition['name']}/{task_id}")
