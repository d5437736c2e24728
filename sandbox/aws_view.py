# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox's AWS holds and says, for people to read: stacks, services, databases, and the lines in CloudWatch Logs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import Console

from .aws_instance import AwsSandbox
from .failure import SandboxFailed

POLL_S = 1.0


def show_contents(sandbox: AwsSandbox, console: Console) -> None:
    for kind, lines in (("stack", _stacks(sandbox)), ("service", _services(sandbox)), ("database", _databases(sandbox))):
        for line in lines:
            console.print(f"  {kind:10} {line}", soft_wrap=True)


def write_logs(sandbox: AwsSandbox, lines: int, *, follow: bool) -> None:
    """The last lines of all log groups by time, each with the stream that it is of."""
    if not sandbox.is_up():
        raise SandboxFailed("the sandbox is not up ('python -m sandbox up --aws' starts it)")
    shown: set[str] = set()
    found = _events(sandbox)
    for event in found[-lines:]:
        _write(event)
    shown.update(event["eventId"] for event in found)
    while follow:
        sys.stdout.flush()
        time.sleep(POLL_S)
        for event in _events(sandbox):
            if event["eventId"] not in shown:
                shown.add(event["eventId"])
                _write(event)


def _write(event: dict[str, Any]) -> None:
    when = datetime.fromtimestamp(event["timestamp"] / 1000).strftime("%H:%M:%S")
    prefix, _slash, task = str(event["logStreamName"]).rpartition("/")
    sys.stdout.write(f"{when} {prefix}/{task[:8]} {event['message']}\n")


def _events(sandbox: AwsSandbox) -> list[dict[str, Any]]:
    logs = sandbox.client("logs")
    found: list[dict[str, Any]] = []
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                found += events["events"]
    return sorted(found, key=lambda event: int(event["timestamp"]))


def _stacks(sandbox: AwsSandbox) -> Iterator[str]:
    for stack in sandbox.client("cloudformation").describe_stacks()["Stacks"]:
        yield f"{stack['StackName']}: {stack['StackStatus']}"


def _services(sandbox: AwsSandbox) -> Iterator[str]:
    ecs = sandbox.client("ecs")
    for cluster in ecs.list_clusters()["clusterArns"]:
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        for service in ecs.describe_services(cluster=cluster, services=names)["services"] if names else []:
            yield f"{service['serviceName']}: {service['runningCount']} of {service['desiredCount']} tasks run"


def _databases(sandbox: AwsSandbox) -> Iterator[str]:
    for instance in sandbox.client("rds").describe_db_instances()["DBInstances"]:
        endpoint = instance.get("Endpoint")
        where = f", {endpoint['Address']}:{endpoint['Port']}" if endpoint else ""
        yield f"{instance['DBInstanceIdentifier']}: {instance['DBInstanceStatus']}{where}"
