# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles that AWS services act with are there before their first use."""

from __future__ import annotations

import pytest
from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend

from ansible_collections.clarivum.mailing.plugins.action import aws_service_linked_role
from tests.unit.aws_leftovers.conftest import Cloud

ECS = "ecs.amazonaws.com"
ELB = "elasticloadbalancing.amazonaws.com"


def paths(cloud: Cloud) -> list[str]:
    return sorted(role["Path"] for role in cloud.client("iam").list_roles(PathPrefix="/aws-service-role/")["Roles"])


def test_a_role_that_is_missing_is_made_once(cloud: Cloud) -> None:
    cloud.client("iam").create_service_linked_role(AWSServiceName=ELB)
    first = cloud.task("aws_service_linked_role", services=[ECS, ELB])
    assert first["changed"] and first["created"] == [ECS]
    assert paths(cloud) == [f"/aws-service-role/{ECS}/", f"/aws-service-role/{ELB}/"]
    assert cloud.task("aws_service_linked_role", services=[ECS, ELB])["changed"] is False


def test_a_check_predicts_and_makes_nothing(cloud: Cloud) -> None:
    result = cloud.task("aws_service_linked_role", services=[ECS], check=True)
    assert result["changed"] and result["created"] == [ECS] and [each["before_header"] for each in result["diff"]] == [ECS]
    assert paths(cloud) == []


def test_a_role_that_aws_makes_in_the_meantime_is_no_failure(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.client("iam").create_service_linked_role(AWSServiceName=ECS)
    monkeypatch.setattr(aws_service_linked_role, "missing", lambda _aws, services: list(services))
    assert cloud.task("aws_service_linked_role", services=[ECS])["created"] == [ECS]
    assert paths(cloud) == [f"/aws-service-role/{ECS}/"]


def test_a_refusal_is_an_error_that_names_the_operation(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IAMBackend, "create_service_linked_role", refuse)
    result = cloud.task("aws_service_linked_role", services=[ECS])
    assert result["failed"] and "AWS refused iam create_service_linked_role: LimitExceeded: too many roles." in result["msg"]


def refuse(*_arguments: object, **_options: object) -> None:
    raise LimitExceededException("too many roles")
