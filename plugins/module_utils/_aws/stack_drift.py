# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a stack's resources is no longer as its template says, because somebody changed it by another way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .._core.errors import MailingError
from .stack import Stack
from .stack_changes import shown
from .stack_task import StackTask


def detected_drift(task: StackTask, stack: Stack) -> list[dict[str, Any]]:
    """Each resource that was modified or deleted, with its properties as expected and as they are."""
    aws, name = task.aws, stack.handle
    detection = aws.call("cloudformation", "detect_stack_drift", StackName=name)["StackDriftDetectionId"]
    described: dict[str, Any] = {}
    for seconds in task.deadline.looks(0.2, 5.0):
        described = aws.call("cloudformation", "describe_stack_drift_detection_status", StackDriftDetectionId=detection)
        if described["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            break
        task.progress(f"{stack.name} drift detection: {seconds:.0f} s")
    else:
        raise MailingError(f"Stack {stack.name}: drift detection hung in DETECTION_IN_PROGRESS for {task.deadline.seconds:.0f} seconds.")
    if described["DetectionStatus"] == "DETECTION_FAILED":
        task.warnings.append(
            f"Stack {stack.name}: AWS could not look at every resource for drift: {described.get('DetectionStatusReason', 'it gives no reason')}."
        )
    return [_drifted(each) for each in _differing_resources(task, name)]


def _differing_resources(task: StackTask, name: str) -> Iterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        page = task.aws.call(
            "cloudformation",
            "describe_stack_resource_drifts",
            StackName=name,
            StackResourceDriftStatusFilters=["MODIFIED", "DELETED"],
            **token,
        )
        yield from page.get("StackResourceDrifts") or ()
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _drifted(described: dict[str, Any]) -> dict[str, Any]:
    return {
        "logical_id": described["LogicalResourceId"],
        "type": described.get("ResourceType", ""),
        "physical_id": described.get("PhysicalResourceId", ""),
        "status": str(described.get("StackResourceDriftStatus", "")).lower(),
        "properties": [
            {
                "path": (path := str(each.get("PropertyPath", "")).strip("/").replace("/", ".")),
                "expected": shown(path, _loaded(each.get("ExpectedValue"))),
                "actual": shown(path, _loaded(each.get("ActualValue"))),
            }
            for each in described.get("PropertyDifferences") or ()
        ],
    }


def _loaded(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value
