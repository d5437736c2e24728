# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which planned changes would stop a listmonk that sends, or take away what it sends with."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_changes import Change
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template import parse_template
from ansible_collections.clarivum.mailing.plugins.test.interrupts_sending import (
    CHANGED_AT_ALL,
    HARMLESS,
    REMOVED_OR_REPLACED,
    interrupts_sending,
)
from tests.fresh_listmonk import ROOT

TYPES = {
    (str(resource["Type"]), name)
    for path in ROOT.glob("roles/*/files/stack.template")
    for name, resource in parse_template(path.read_text(), path.name).section("Resources").items()
}
CORE, TASK = ("CoreService", "AWS::ECS::Service"), ("CoreTaskDefinition", "AWS::ECS::TaskDefinition")


def planned(name: str, kind: str, action: str = "modify", **more: Any) -> dict[str, Any]:
    """What aws_stack returns for a stack in which one resource changes."""
    return {"changed": True, "changes": [Change(action, name, kind, **{"scope": ("Properties",), **more}).facts()]}


@pytest.mark.parametrize(
    "result",
    [
        planned(*CORE),
        planned(*CORE, action="remove"),
        planned(*CORE, action="dynamic"),
        planned(*CORE, possible=True, replacement="conditional"),
        planned(*TASK, replacement="always"),
        planned("Instance", "AWS::RDS::DBInstance"),
        planned("Instance", "AWS::RDS::DBInstance", replacement="conditional"),
        planned("Cluster", "AWS::ECS::Cluster", replacement="always"),
        planned("UploadsAccessPoint", "AWS::EFS::AccessPoint", action="remove"),
        planned("MountTarget3", "AWS::EFS::MountTarget", action="remove"),
        planned("NatGateway2", "AWS::EC2::NatGateway", action="remove"),
        planned(*CORE, scope=("Properties", "Tags")),
    ],
)
def test_what_the_core_cannot_survive_interrupts_it(result: dict[str, Any]) -> None:
    assert interrupts_sending(result)


@pytest.mark.parametrize(
    "result",
    [
        planned(*CORE, action="add"),
        planned(*CORE, scope=("Tags",)),
        planned("Instance", "AWS::RDS::DBInstance", scope=("Tags",)),
        planned("PublicService", "AWS::ECS::Service"),
        planned("PublicTaskDefinition", "AWS::ECS::TaskDefinition", replacement="always"),
        planned("ToolsTaskDefinition", "AWS::ECS::TaskDefinition", replacement="always"),
        planned("Cluster", "AWS::ECS::Cluster"),
        planned("FileSystem", "AWS::EFS::FileSystem"),
        planned("FlowLog", "AWS::EC2::FlowLog", replacement="always"),
        planned("FlowLogGroup", "AWS::Logs::LogGroup", action="remove"),
        planned("WebAcl", "AWS::WAFv2::WebACL"),
        {"changed": False, "changes": []},
        {"changed": False},
    ],
)
def test_everything_else_leaves_it_alone(result: dict[str, Any]) -> None:
    assert not interrupts_sending(result)


def test_what_it_knows_by_name_is_in_the_templates() -> None:
    assert CHANGED_AT_ALL <= TYPES
    kinds = {kind for kind, _name in TYPES}
    assert all(any(kind.startswith(beginning) for kind in kinds) for beginning in (*REMOVED_OR_REPLACED, *HARMLESS))


def test_something_else_than_a_result_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="not str"):
        interrupts_sending("changed")  # type: ignore[arg-type]
