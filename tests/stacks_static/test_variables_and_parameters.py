# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role and its template agree: parameters, defaults, choices, outputs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.stacks_static.stack_roles import STACK_ROLES, StackRole

SHARED = ("state", "name_prefix", "stack_name", "tags", "termination_protection", "allow_replacement", "outputs")

each_role = pytest.mark.parametrize("role", STACK_ROLES, ids=lambda role: role.name)


def as_parameter(value: Any) -> str:
    """A value as it is handed to CloudFormation."""
    if isinstance(value, list):
        return ",".join(map(as_parameter, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


@each_role
def test_the_role_gives_each_parameter_and_no_other(role: StackRole) -> None:
    assert set(role.internal["parameters"]) == set(role.parameters)


@each_role
def test_every_role_has_the_variables_that_all_share(role: StackRole) -> None:
    assert [name for name in SHARED if f"{role.name}_{name}" not in role.options] == []
    assert role.options[f"{role.name}_name_prefix"]["required"]


@each_role
def test_a_variable_that_is_a_parameter_has_the_same_default(role: StackRole) -> None:
    differing = {}
    for name, parameter in role.parameters.items():
        variable = role.variable_of(name)
        if variable is None or "Default" not in parameter:
            continue
        default = role.options[variable].get("default")
        if "{{" not in str(default) and as_parameter(default) != as_parameter(parameter["Default"]):
            differing[variable] = (default, parameter["Default"])
    assert not differing


@each_role
def test_a_variable_that_is_a_parameter_has_the_same_choices(role: StackRole) -> None:
    for name, parameter in role.parameters.items():
        variable = role.variable_of(name)
        if variable is None:
            continue
        option = role.options[variable]
        choices = [True, False] if option["type"] == "bool" else option.get("choices")
        allowed = parameter.get("AllowedValues")
        if choices or allowed:
            assert sorted(map(as_parameter, choices or [])) == sorted(map(as_parameter, allowed or [])), variable


@each_role
def test_every_output_becomes_a_key_of_the_fact_and_every_key_is_described(role: StackRole) -> None:
    keys = role.internal["outputs"]
    read = set(re.findall(rf"{role.name}_result\.outputs\.(\w+)", str(keys)))
    assert read == set(role.template["Outputs"])
    assert set(keys) == set(role.options[f"{role.name}_outputs"]["options"])


@each_role
def test_an_output_that_may_be_missing_is_read_with_a_default(role: StackRole) -> None:
    text = str(role.internal["outputs"])
    for name, output in role.template["Outputs"].items():
        if "Condition" in output:
            assert re.search(rf"outputs\.{name} \| default\(", text), name


@each_role
def test_every_rule_says_what_would_be_right(role: StackRole) -> None:
    rules = role.internal.get("rules", [])
    assert [rule["rule"] for rule in rules] == list(dict.fromkeys(rule["rule"] for rule in rules))
    for rule in rules:
        assert set(rule) == {"rule", "holds", "otherwise"}
        assert rule["otherwise"].rstrip().endswith("."), rule["rule"]
        assert role.name in rule["otherwise"], f"{rule['rule']}: name the variable"
