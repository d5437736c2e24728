# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each role describes itself truthfully."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.role_readme import readmes
from tests.fresh_listmonk import ROOT

ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())

SCENARIOS = sorted(path.parent for path in (ROOT / "extensions/molecule").glob("*/molecule.yml"))
STEPS = ["create", "check", "converge", "idempotence", "check", "verify", "destroy"]


def options_of(role: Path) -> dict[str, Any]:
    options: dict[str, Any] = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    return options


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_argument_spec_of_a_role_has_the_defaults_that_the_role_has(role: Path) -> None:
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    assert {name: option.get("default") for name, option in options_of(role).items() if not option.get("required")} == defaults


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_entry_point_describes_its_variables_as_the_role_does(role: Path) -> None:
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    for entry_point, spec in specs.items():
        assert (role / "tasks" / f"{entry_point}.yml").exists()
        assert spec["short_description"] and spec["description"] and spec["version_added"] == "0.1.0", entry_point
        for name, option in spec["options"].items():
            ours = options_of(role)[name]
            assert {**option, "description": ""} == {**ours, "description": ""}, f"{entry_point}: {name}"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_variables_of_a_role_begin_with_its_name_and_hold_no_secret(role: Path) -> None:
    for name, option in options_of(role).items():
        assert name.startswith(f"{role.name}_")
        assert not option.get("no_log"), f"{name}: a role takes where a secret is, not the secret"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_variable_of_a_role_is_used_by_its_tasks(role: Path) -> None:
    tasks = "".join(path.read_text() for folder in ("tasks", "vars") for path in (role / folder).glob("*.yml"))
    assert [name for name in options_of(role) if not re.search(rf"\b{name}\b", tasks)] == []


@pytest.mark.parametrize(("path", "content"), list(readmes()), ids=lambda value: value.parent.name if isinstance(value, Path) else "")
def test_the_table_in_a_readme_is_fresh(path: Path, content: str) -> None:
    assert path.read_text() == content, "run: python -m dev.role_readme"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_has_a_scenario(role: Path) -> None:
    assert role.name in [scenario.name for scenario in SCENARIOS], f"write extensions/molecule/{role.name}/molecule.yml"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_runs_its_role_in_check_mode_for_real_and_again(scenario: Path) -> None:
    common = yaml.safe_load((scenario.parent / "config.yml").read_text())["scenario"]["test_sequence"]
    own = (yaml.safe_load((scenario / "molecule.yml").read_text()).get("scenario") or {}).get("test_sequence", common)
    assert [step for step in own if step != "prepare"] == STEPS
    assert f"clarivum.mailing.{scenario.name}\n" in (scenario / "converge.yml").read_text()
