# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on drift."""

from __future__ import annotations

import json
from typing import Any

from .account import Account
from .answers import given, page
from .drift import Detection, ResourceDrift, detect, resource_drift
from .errors import Refusal
from .stack import Stack


class DriftOperations:
    account: Account
    given: dict[str, Any]

    def detect_stack_drift(self) -> dict[str, Any]:
        account, call = self.account, self.given
        if call.get("LogicalResourceIds"):
            raise Refusal("The sandbox detects the drift of whole stacks, or of one resource by DetectStackResourceDrift")
        stack = account.stack(call["StackName"])
        if stack.busy or stack.deleted is not None or stack.status == "REVIEW_IN_PROGRESS":
            raise Refusal(f"Drift detection cannot be performed on stack [{stack.id}] while in status {stack.status}")
        detection = Detection(stack)
        account.detections[detection.id] = detection
        account.run(f"{stack.name} drift", lambda: detect(account, detection), detection.fail)
        return {"StackDriftDetectionId": detection.id}

    def detect_stack_resource_drift(self) -> dict[str, Any]:
        stack = self.account.stack(self.given["StackName"])
        name = self.given["LogicalResourceId"]
        if name not in stack.resources:
            raise Refusal(f"Resource {name} does not exist for stack {stack.name}")
        return {"StackResourceDrift": _shown(stack, resource_drift(self.account, stack, stack.resources[name]))}

    def describe_stack_drift_detection_status(self) -> dict[str, Any]:
        detection = self.account.detections.get(self.given["StackDriftDetectionId"])
        if detection is None:
            raise Refusal(f"Drift detection id {self.given['StackDriftDetectionId']} does not exist")
        complete = detection.status == "DETECTION_COMPLETE"
        return given(
            StackId=detection.stack.id,
            StackDriftDetectionId=detection.id,
            DetectionStatus=detection.status,
            DetectionStatusReason=detection.reason,
            StackDriftStatus=detection.stack_status if complete else None,
            DriftedStackResourceCount=len(detection.drifted) if complete else None,
            Timestamp=detection.at,
        )

    def describe_stack_resource_drifts(self) -> dict[str, Any]:
        account, call = self.account, self.given
        stack = account.stack(call["StackName"])
        detections = [detection for detection in account.detections.values() if detection.stack is stack]
        wanted = call.get("StackResourceDriftStatusFilters") or []
        drifts = list(detections[-1].drifts.values()) if detections else []
        shown = [_shown(stack, drift) for drift in drifts if not wanted or drift.status in wanted]
        on_page, token = page(shown, call.get("NextToken"), size=int(call.get("MaxResults") or 100))
        return given(StackResourceDrifts=on_page, NextToken=token)


def _shown(stack: Stack, drift: ResourceDrift) -> dict[str, Any]:
    return given(
        StackId=stack.id,
        LogicalResourceId=drift.resource.logical_id,
        PhysicalResourceId=drift.resource.physical_id,
        ResourceType=drift.resource.type,
        ExpectedProperties=json.dumps(drift.expected, sort_keys=True, default=str) if drift.expected else None,
        ActualProperties=json.dumps(drift.actual, sort_keys=True, default=str) if drift.actual else None,
        PropertyDifferences=[
            given(
                PropertyPath=difference.path,
                ExpectedValue=difference.expected or "",
                ActualValue=difference.actual or "",
                DifferenceType=difference.kind,
            )
            for difference in drift.differences
        ],
        StackResourceDriftStatus=drift.status,
        Timestamp=drift.at,
    )
