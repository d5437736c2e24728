# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles that AWS services act with in an account. AWS makes each by itself when its service is first used, a little too late: the first ECS
cluster of a new account fails ("Unable to assume the service linked role"), a second try works (cloudformation-coverage-roadmap#818).

A template cannot own such a role, because making one that exists is an error, and most accounts have it.
"""

from __future__ import annotations

from .connection import Aws
from .errors import AwsError


def missing(aws: Aws, services: list[str]) -> list[str]:
    """The services that have no role in this account yet. Raises AwsError."""
    return [service for service in services if not _exists(aws, service)]


def make(aws: Aws, service: str) -> None:
    """Raises AwsError."""
    try:
        aws.call("iam", "create_service_linked_role", AWSServiceName=service)
    except AwsError:
        # Made in the meantime, by AWS or by another run: InvalidInput "… has been taken in this account".
        if not _exists(aws, service):
            raise


def _exists(aws: Aws, service: str) -> bool:
    return any(True for _role in aws.pages("iam", "list_roles", "Roles", PathPrefix=f"/aws-service-role/{service}/"))
