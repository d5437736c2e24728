# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks, resources and events as the API shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .errors import Refusal
from .parameters import shown
from .stack import Event, Resource, Stack

PAGE = 100  # DescribeStackEvents, ListStackResources and their like give about so many at once


def given(**members: Any) -> dict[str, Any]:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def page(items: list[Any], token: str | None, size: int = PAGE) -> tuple[list[Any], str | None]:
    """One page and the token of the next one.

    Raises:
        Refusal: nobody gave out this token.
    """
    if token is not None and not (token.startswith("page-") and token[5:].isdigit()):
        raise Refusal("Invalid NextToken")
    start = int(token[5:]) if token else 0
    more = start + size < len(items)
    return items[start : start + size], f"page-{start + size}" if more else None


def stack(value: Stack) -> dict[str, Any]:
    return given(
        StackId=value.id,
        StackName=value.name,
        Description=value.template.description if value.template else None,
        Parameters=shown(value.template, value.parameters) if value.template else [],
        CreationTime=value.created,
        LastUpdatedTime=value.updated,
        DeletionTime=value.deleted,
        StackStatus=value.status,
        StackStatusReason=value.reason,
        DisableRollback=value.disable_rollback,
        NotificationARNs=value.notification_arns,
        Capabilities=value.capabilities,
        Outputs=[
            given(OutputKey=output.key, OutputValue=output.value, Description=output.description, ExportName=output.export_name)
            for output in value.outputs
        ],
        RoleARN=value.role_arn,
        Tags=[{"Key": key, "Value": text} for key, text in value.tags.items()],
        EnableTerminationProtection=value.termination_protection,
        DriftInformation=given(StackDriftStatus=value.drift, LastCheckTimestamp=value.drift_checked),
        RollbackConfiguration={},
    )


def stack_summary(value: Stack) -> dict[str, Any]:
    return given(
        StackId=value.id,
        StackName=value.name,
        TemplateDescription=value.template.description if value.template else None,
        CreationTime=value.created,
        LastUpdatedTime=value.updated,
        DeletionTime=value.deleted,
        StackStatus=value.status,
        StackStatusReason=value.reason,
        DriftInformation=given(StackDriftStatus=value.drift, LastCheckTimestamp=value.drift_checked),
    )


def resource(owner: Stack, value: Resource, *, time_name: str) -> dict[str, Any]:
    """``time_name``: what this operation calls the time of the last change."""
    return given(
        StackName=owner.name,
        StackId=owner.id,
        LogicalResourceId=value.logical_id,
        PhysicalResourceId=value.physical_id or None,
        ResourceType=value.type,
        ResourceStatus=value.status,
        ResourceStatusReason=value.reason,
        DriftInformation=given(StackResourceDriftStatus=value.drift, LastCheckTimestamp=value.drift_checked),
        **{time_name: value.updated},
    )


def resources(value: Stack) -> Iterable[Resource]:
    """Present ones, and of a stack that was rolled back or deleted those that are gone."""
    return [*value.resources.values(), *value.past_resources]


def event(owner: Stack, value: Event) -> dict[str, Any]:
    return given(
        StackId=owner.id,
        EventId=value.id,
        OperationId=value.operation or None,
        StackName=owner.name,
        LogicalResourceId=value.logical_id,
        PhysicalResourceId=value.physical_id,
        ResourceType=value.type,
        Timestamp=value.at,
        ResourceStatus=value.status,
        ResourceStatusReason=value.reason,
        ResourceProperties=None if value.properties is None else json.dumps(value.properties, default=str),
        ClientRequestToken=value.token,
    )
