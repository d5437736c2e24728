# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module comes with its read-only twin, documentation, examples, return values, action group and tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.toolchain.project import MODULES, documentation, files, text

WITHOUT_TWIN = {
    "listmonk_subscriber_import": "an import is an operation; what it left behind is read with listmonk_list_info and the export",
    "listmonk_config": "it applies what the other modules declare, and each of those has its own twin",
    "aws_default_security_group": "there is nothing to choose: the group is closed, or the task closes it and says which rules went",
    "aws_log_group": "it mends groups that services make, and returns what they are; in check mode it is its own twin",
    "aws_listmonk_access": "in check mode it says what is not as wanted; what a token may do is read with the token",
    "aws_listmonk_idle": "it only reads",
    "aws_listmonk_schema": "with only_look it is its own twin",
    "aws_roll_service": "it is an operation, and nothing of it remains to be read",
    "aws_run_lock": "in check mode it says who holds the lock",
    "aws_run_task": "it is an operation; what came of it is what it returns",
    "listmonk_verify": "it only reads",
    "aws_service_linked_role": "a role is there or it is not; in check mode the task says which are not",
}
ONLY_READING = {
    "aws_dns_delegation_info": "who is sent to a zone is written down where the domain is registered, which is no matter of AWS",
}


def changing_modules() -> list[str]:
    return [module for module in MODULES if not module.endswith("_info")]


@pytest.mark.parametrize("module", changing_modules())
def test_a_module_has_a_read_only_twin(module: str) -> None:
    assert (f"{module}_info" in MODULES) != (module in WITHOUT_TWIN)


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("_info")])
def test_a_read_only_twin_belongs_to_a_module(module: str) -> None:
    assert (module.removesuffix("_info") in MODULES) != (module in ONLY_READING)


def test_the_action_group_holds_exactly_the_modules_there_are() -> None:
    groups = yaml.safe_load(text(Path("meta/runtime.yml")))["action_groups"]
    assert groups == {api: [module for module in MODULES if module.startswith(f"{api}_")] for api in ("aws", "listmonk")}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_documents_its_options_and_the_fragments_all_share(module: str) -> None:
    documented = documentation(module)
    assert documented["module"] == module
    assert documented["version_added"] == "0.1.0"
    fragments = documented["extends_documentation_fragment"]
    assert f"clarivum.mailing.{module.partition('_')[0]}" in fragments, "the connection options are documented once"
    assert [name for name in fragments if name.startswith("clarivum.mailing.attributes")]
    assert documented["seealso"], "a reader wants to know the sibling modules"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_examples_that_name_it_in_full(module: str) -> None:
    examples = documentation(module, "EXAMPLES")
    tasks = [task for entry in examples for task in entry.get("tasks", [entry])]
    assert any(f"clarivum.mailing.{module}" in task for task in tasks)
    assert all(task.get("name") for task in tasks), "each example says what it does"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_documents_what_it_returns(module: str) -> None:
    returned = documentation(module, "RETURN")
    assert returned
    for name, value in returned.items():
        assert value["description"] and value["type"] and value["returned"], name


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_in_a_test(module: str) -> None:
    word = re.compile(rf"\b{module}\b")
    tests = [path for path in files(".py", under=("tests",)) if "toolchain" not in path.parts and path.name.startswith("test_")]
    assert any(word.search(text(path)) for path in tests)


def test_every_option_that_is_a_secret_is_documented_in_the_shared_fragment_only_once() -> None:
    repeated = [module for module in MODULES if {"api_token", "secret_key"} & set(documentation(module).get("options") or {})]
    assert not repeated, "the connection options come from the fragment"
