# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups that AWS services make by themselves, to be kept for ever and without a key: what they should be instead.

RDS writes exported logs to /aws/rds/instance/<name>/postgresql. A template cannot own that group, since its name is known only when the
instance exists, and by then RDS may have made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .connection import Aws
from .errors import AwsError

RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""What CloudWatch Logs accepts (API reference, PutRetentionPolicy)."""


@dataclass(frozen=True)
class LogGroup:
    """A group as it is or should be; None is not known, or left alone."""

    name: str
    retention_days: int | None = None
    key_arn: str | None = None


@dataclass(frozen=True)
class Plan:
    """What a group is, and what of it differs from what it should be."""

    wanted: LogGroup
    current: LogGroup | None
    tags: Mapping[str, str] = field(default_factory=dict)
    """Of a group that has to be made."""

    @property
    def retention_differs(self) -> bool:
        return self.wanted.retention_days is not None and (
            self.current is None or self.current.retention_days != self.wanted.retention_days
        )

    @property
    def key_differs(self) -> bool:
        return self.wanted.key_arn is not None and (self.current is None or self.current.key_arn != self.wanted.key_arn)

    @property
    def changed(self) -> bool:
        return self.current is None or self.retention_differs or self.key_differs

    @property
    def after(self) -> LogGroup:
        """The group once the plan is carried out."""
        before = self.current or LogGroup(self.wanted.name)
        retention = before.retention_days if self.wanted.retention_days is None else self.wanted.retention_days
        return LogGroup(self.wanted.name, retention, before.key_arn if self.wanted.key_arn is None else self.wanted.key_arn)


def read(aws: Aws, name: str) -> LogGroup | None:
    """The group of exactly this name. Raises AwsError."""
    for group in aws.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name):
        if group["logGroupName"] == name:
            return LogGroup(name, group.get("retentionInDays"), group.get("kmsKeyId"))
    return None


def carry_out(aws: Aws, plan: Plan) -> None:
    """Make the group what it should be. Raises AwsError."""
    name = plan.wanted.name
    if plan.current is None:
        plan = _made(aws, plan)
    if plan.retention_differs:
        aws.call("logs", "put_retention_policy", logGroupName=name, retentionInDays=plan.wanted.retention_days)
    if plan.key_differs:
        aws.call("logs", "associate_kms_key", logGroupName=name, kmsKeyId=plan.wanted.key_arn)


def _made(aws: Aws, plan: Plan) -> Plan:
    """The plan for a group that exists now, made here or, in the meantime, by the service that writes to it."""
    wanted = plan.wanted
    request: dict[str, Any] = {"logGroupName": wanted.name}
    if wanted.key_arn is not None:
        request["kmsKeyId"] = wanted.key_arn
    if plan.tags:
        request["tags"] = dict(plan.tags)
    try:
        aws.call("logs", "create_log_group", **request)
    except AwsError as error:
        if error.code != "ResourceAlreadyExistsException":
            raise
    return Plan(wanted, read(aws, wanted.name))
