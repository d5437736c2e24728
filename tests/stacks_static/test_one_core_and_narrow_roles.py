# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of the tasks of aws_service, whatever the inventory says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks_static.stack_roles import STACK_ROLES

(SERVICE,) = (role for role in STACK_ROLES if role.name == "aws_service")
TASKS = ("Core", "Public", "Schema", "Tools")
SECRETS_OF = {
    "ServiceExecutionRole": {"DatabaseSecretArn"},
    "SchemaExecutionRole": {"DatabaseSecretArn", "AdminSecretArn"},
    "ToolsExecutionRole": {"DatabaseSecretArn", "MasterSecretArn"},
}


def properties(name: str) -> dict[str, Any]:
    return dict(SERVICE.resources[name]["Properties"])


def container(task: str) -> dict[str, Any]:
    (only,) = properties(f"{task}TaskDefinition")["ContainerDefinitions"]
    return dict(only)


def statements(role: str) -> list[dict[str, Any]]:
    """All that a role may do, also what it may do only under a condition of the template."""
    policies = [policy["Fn::If"][1] if "Fn::If" in policy else policy for policy in properties(role)["Policies"]]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_a_second_core_never_runs_not_even_while_the_first_is_replaced() -> None:
    core = properties("CoreService")
    assert (core["DeploymentConfiguration"]["MinimumHealthyPercent"], core["DeploymentConfiguration"]["MaximumPercent"]) == (0, 100)
    assert core["AvailabilityZoneRebalancing"] == "DISABLED"
    assert SERVICE.parameters["CoreCount"]["AllowedValues"] == [0, 1]
    assert not [name for name, resource in SERVICE.resources.items() if "CoreService" in str(resource) and "Scal" in resource["Type"]]


def test_public_tasks_are_always_passive() -> None:
    assert container("Public")["Command"] == ["./listmonk", "--config=", "--passive"]


@pytest.mark.parametrize("task", TASKS)
def test_a_task_runs_without_root_without_capabilities_and_on_a_root_that_cannot_be_written(task: str) -> None:
    running = container(task)
    assert running["User"] == "1000:1000"
    assert running["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert [mount["ContainerPath"] for mount in running["LinuxParameters"]["Tmpfs"]] == ["/tmp"]
    unless_opened = {"Fn::If": ["WithExecuteCommand", False, True]}
    assert running["ReadonlyRootFilesystem"] == (unless_opened if task in {"Core", "Public"} else True)


@pytest.mark.parametrize("task", TASKS)
def test_no_secret_is_written_into_a_task_definition(task: str) -> None:
    plain = [entry["Name"] for entry in container(task)["Environment"] if "Name" in entry]
    assert not [name for name in plain if "password" in name.lower() or name in {"LISTMONK_db__user", "PGUSER"}]
    for secret in container(task)["Secrets"]:
        assert secret["ValueFrom"]["Fn::Sub"].endswith((":username::", ":password::"))


def test_listmonk_never_gets_to_print_an_api_token() -> None:
    """LISTMONK_ADMIN_API_USER makes --install write the token of that user to the log."""
    assert "ADMIN_API" not in json.dumps(SERVICE.resources)


@pytest.mark.parametrize(("role", "secrets"), SECRETS_OF.items(), ids=lambda value: value if isinstance(value, str) else "")
def test_an_execution_role_reads_the_secrets_of_its_own_tasks_and_no_other(role: str, secrets: set[str]) -> None:
    (reading,) = (statement for statement in statements(role) if statement["Action"] == "secretsmanager:GetSecretValue")
    resources = reading["Resource"] if isinstance(reading["Resource"], list) else [reading["Resource"]]
    assert {resource["Ref"] for resource in resources} == secrets


@pytest.mark.parametrize("task", TASKS)
def test_a_task_asks_only_for_secrets_that_its_execution_role_reads(task: str) -> None:
    role = properties(f"{task}TaskDefinition")["ExecutionRoleArn"]["Fn::GetAtt"][0]
    asked = {secret["ValueFrom"]["Fn::Sub"].partition("}")[0].removeprefix("${") for secret in container(task)["Secrets"]}
    assert asked <= SECRETS_OF[role]


def test_public_tasks_cannot_write_uploads_and_one_off_tasks_reach_nothing_of_aws() -> None:
    assert "ClientMount" in json.dumps(statements("PublicTaskRole")) and "ClientWrite" not in json.dumps(statements("PublicTaskRole"))
    assert container("Public")["MountPoints"][0]["ReadOnly"] is True
    for task in ("Schema", "Tools"):
        assert "TaskRoleArn" not in properties(f"{task}TaskDefinition")
        assert "MountPoints" not in container(task)


@pytest.mark.parametrize("role", [name for name, resource in SERVICE.resources.items() if resource["Type"] == "AWS::IAM::Role"])
def test_a_role_is_only_for_tasks_of_this_account(role: str) -> None:
    (trust,) = properties(role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_evidence_is_never_dropped_from_the_log_of_a_one_off_task() -> None:
    assert {task: container(task)["LogConfiguration"]["Options"]["mode"] for task in TASKS} == {
        "Core": "non-blocking",
        "Public": "non-blocking",
        "Schema": "blocking",
        "Tools": "blocking",
    }


def test_each_image_has_a_parameter_of_its_own_that_takes_digests_only() -> None:
    assert [container(task)["Image"]["Ref"] for task in TASKS] == [f"{task}Image" for task in TASKS]
    assert all("@sha256:" in SERVICE.parameters[f"{task}Image"]["AllowedPattern"] for task in TASKS)
