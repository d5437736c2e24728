# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service of ECS as it is now."""

from __future__ import annotations

from typing import Any

from .connection import Aws
from .errors import AwsError


def find_service(aws: Aws, cluster: str, service: str) -> dict[str, Any] | None:
    """What DescribeServices says of it; None if there is no such service, or no such cluster. Raises AwsError."""
    try:
        found: list[dict[str, Any]] = aws.call("ecs", "describe_services", cluster=cluster, services=[service])["services"]
    except AwsError as error:
        if error.code == "ClusterNotFoundException":
            return None
        raise
    return found[0] if found and found[0].get("status") != "INACTIVE" else None


def tasks_at_work(service: dict[str, Any]) -> int:
    """How many tasks run or are being started: what is only starting now may be at work a moment later."""
    return int(service["runningCount"]) + int(service["pendingCount"])
