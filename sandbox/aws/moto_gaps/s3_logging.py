# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which policies of a bucket let S3 write access logs into it.

moto 5.2.5 fails on a statement whose principal is ``"*"`` and knows only resources that end with the very prefix.
"""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from moto.s3.models import FakeBucket

SERVICE = "logging.s3.amazonaws.com"


def close() -> None:
    FakeBucket._log_permissions_enabled_policy = staticmethod(_may_be_written)  # type: ignore[method-assign]


def _may_be_written(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    log = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}2026-01-01-00-00-00-0"
    document = json.loads(target_bucket.policy or b'{"Statement": []}')
    return any(_allows(statement, log) for statement in document["Statement"])


def _allows(statement: dict[str, Any], log: str) -> bool:
    principal = statement.get("Principal")
    services = _as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
    actions, resources = _as_list(statement.get("Action", [])), _as_list(statement.get("Resource", []))
    return (
        statement.get("Effect") == "Allow"
        and SERVICE in services
        and any(fnmatch.fnmatchcase("s3:PutObject", action) for action in actions)
        and any(fnmatch.fnmatchcase(log, resource) for resource in resources)
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
