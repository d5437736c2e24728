# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every template of this collection promises, beyond what cfn-lint and checkov know."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.stacks_static.stack_roles import ROOT, STACK_ROLES, StackRole, nodes

INLINE_LIMIT = 51_200
"""Bytes of a template that CloudFormation takes without a bucket (API reference, CreateChangeSet)."""
HOLDS_DATA = {
    "AWS::EFS::FileSystem",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
}
NOT_KEPT = {
    ("aws_ingress", "FirewallLogGroup"): "AWS wants its name to begin with aws-waf-logs-; kept, it would be in the way of the next stack",
}
FIXED_NAMES = {
    ("aws_ingress", "FirewallLogGroup"): "AWS wants its name to begin with aws-waf-logs-",
}

each_role = pytest.mark.parametrize("role", STACK_ROLES, ids=lambda role: role.name)


def test_there_are_the_six_roles_of_the_estate() -> None:
    names = [role.name for role in STACK_ROLES]
    assert names == ["aws_database", "aws_ingress", "aws_network", "aws_secrets", "aws_service", "aws_storage"]


def test_cfn_lint_looks_at_three_regions_and_ignores_nothing() -> None:
    settings = (ROOT / ".cfnlintrc.yaml").read_text()
    assert len(re.findall(r"^  - [a-z]{2}-[a-z]+-[0-9]$", settings, re.MULTILINE)) == 3
    assert "ignore" not in settings.replace("Nothing is ignored", "")
    assert not [role.name for role in STACK_ROLES if "cfn-lint" in role.template_file.read_text()]


def test_exceptions_from_checkov_are_few_and_each_has_a_reason() -> None:
    excepted = [
        match.groups() for role in STACK_ROLES for match in re.finditer(r"checkov:skip=(\w+):?(.*)", role.template_file.read_text())
    ]
    assert len(excepted) <= 10
    assert not [rule for rule, reason in excepted if len(reason.split()) < 5]


@each_role
def test_a_template_is_static_and_small_enough_to_be_sent_as_it_is(role: StackRole) -> None:
    source = role.template_file.read_text()
    assert len(source.encode()) <= INLINE_LIMIT
    assert role.template["Description"].startswith(f"clarivum.mailing {role.name}: ")
    assert "{%" not in source and "{{" not in source, "neither Jinja nor a dynamic reference: a secret would be resolved into the stack"
    assert "Transform" not in role.template


@each_role
def test_nothing_is_exported_or_imported(role: StackRole) -> None:
    """An export in use blocks change and removal; values travel through Ansible instead."""
    assert not [name for name, output in role.template["Outputs"].items() if "Export" in output]
    assert not [path for path, _ in nodes(role.template) if path and path[-1] in {"Fn::ImportValue", "Fn::GetStackOutput"}]


@each_role
def test_a_parameter_is_described_and_a_pattern_said_in_words(role: StackRole) -> None:
    for name, parameter in role.parameters.items():
        assert parameter.get("Description"), name
        assert "AllowedPattern" not in parameter or parameter.get("ConstraintDescription"), name


@each_role
def test_no_parameter_holds_a_secret(role: StackRole) -> None:
    """Parameters are shown by describe calls and in the console; NoEcho hides them from neither the template nor a dynamic reference."""
    for name, parameter in role.parameters.items():
        assert "NoEcho" not in parameter, name
        assert not re.search(r"secret|password|token|credential", name, re.IGNORECASE) or name.endswith("Arn"), name


@each_role
def test_no_output_is_a_secret(role: StackRole) -> None:
    for name, output in role.template["Outputs"].items():
        assert not re.search(r"secret|password|token", name, re.IGNORECASE) or name.endswith("Arn"), name
        assert "resolve:" not in str(output), name


@each_role
def test_what_holds_data_survives_its_stack_but_not_its_own_failed_creation(role: StackRole) -> None:
    for name, resource in role.resources.items():
        if resource["Type"] in HOLDS_DATA and (role.name, name) not in NOT_KEPT:
            kept = ("Snapshot", "Snapshot") if resource["Type"] == "AWS::RDS::DBInstance" else ("RetainExceptOnCreate", "Retain")
            assert (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) == kept, name


@each_role
def test_nothing_is_kept_without_a_reason_to_be_found_again(role: StackRole) -> None:
    kept = {name for name, resource in role.resources.items() if resource.get("DeletionPolicy") not in {None, "Delete"}}
    allowed = {*HOLDS_DATA, "AWS::S3::BucketPolicy", "AWS::EFS::AccessPoint"}
    assert not [name for name in kept if role.resources[name]["Type"] not in allowed]


@each_role
def test_names_are_left_to_cloudformation(role: StackRole) -> None:
    """What has a name of its own can never be replaced, and if it is kept it is in the way of the next stack."""
    named = {(role.name, name) for name, resource in role.resources.items() if list(names_given(resource))}
    assert named == {key for key in FIXED_NAMES if key[0] == role.name}


@each_role
def test_no_policy_allows_everything(role: StackRole) -> None:
    for path, value in nodes(role.resources):
        if isinstance(value, dict) and value.get("Effect") == "Allow" and value.get("Sid") != "TheAccountDecidesByItsOwnPolicies":
            actions = value["Action"] if isinstance(value["Action"], list) else [value["Action"]]
            assert not [action for action in actions if action == "*" or action.endswith(":*")], path


def names_given(resource: dict[str, Any]) -> list[str]:
    """The properties that give the resource a name that it could do without, and which AWS never changes without replacing it."""
    if resource["Type"] == "AWS::EC2::VPCEndpoint":
        return []  # its ServiceName is the name of what it leads to
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-central-1", resource["Type"]).schema
    unchangeable = {pointer.removeprefix("/properties/") for pointer in schema.get("createOnlyProperties") or ()}
    return [
        name
        for name, value in resource.get("Properties", {}).items()
        if name in unchangeable
        and name not in schema.get("required", ())
        and re.search(r"(^|[a-z])(Name|Identifier)$", name)
        and (isinstance(value, str) or "Fn::Sub" in value)
    ]
