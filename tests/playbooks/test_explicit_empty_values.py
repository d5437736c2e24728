# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 11, as far as settings and lists go: false, zero and nothing are meant, null and silence leave alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.ansible_playbook import run_playbook
from tests.fresh_listmonk import ROOT, FreshListmonk

pytestmark = pytest.mark.server

CASE = ROOT / "tests" / "cases" / "11-explicit-empty-values"


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CASE / name).read_text())
    return found


WANTED: dict[str, Any] = case("vars.yml")["listmonk_configuration"]
EXPECTED = case("expected.yml")


def role(step: str, *lists: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """The role with these declarations, as one step of a play that goes on if it fails."""
    include = {"name": "clarivum.mailing.listmonk_config", "apply": {"ignore_errors": True}}
    variables = {"listmonk_config_settings": settings, "listmonk_config_lists": list(lists)}
    return {"name": f"step {step}", "ansible.builtin.include_role": include, "vars": variables}


@pytest.fixture(scope="module")
def steps(listmonk: FreshListmonk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What was printed at each step, from the server as the case finds it to a run that says nothing."""
    before, (customers, press) = case("before.yml"), WANTED["lists"]
    kept, silent = {**press, "description": None}, [{"name": one["name"]} for one in WANTED["lists"]]
    play = [
        role("before", *before["lists"], settings=before["settings"]),
        role("impossible", customers, press, settings=WANTED["settings"]),
        role("wanted", customers, kept, settings=WANTED["settings"]),
        role("again", customers, kept, settings=WANTED["settings"]),
        role("silent", *silent, settings={}),
    ]
    run = run_playbook(play, tmp_path_factory.mktemp("case"), "--diff", environment=listmonk.environment)
    assert run.code == 0, run.output
    parts = re.split(r"TASK \[step (\w+)\]", run.stdout)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_what_the_server_cannot_do_is_said_and_nothing_else_of_that_run_is_written(steps: dict[str, str]) -> None:
    assert "lists[1]: list 'Press': description cannot be cleared" in steps["impossible"]
    assert "-app.max_send_errors: 1000" in steps["wanted"]
    assert '-tags: ["old", "keep"]' in steps["wanted"]


def test_false_zero_and_nothing_arrive_and_null_leaves_alone(steps: dict[str, str], listmonk: FreshListmonk) -> None:
    assert "changed: [localhost]" in steps["wanted"]
    assert _settings(listmonk, EXPECTED["settings"]) == EXPECTED["settings"]
    assert _list(listmonk, "Customers", EXPECTED["lists"]["Customers"]) == EXPECTED["lists"]["Customers"]
    assert _list(listmonk, "Press", ["description"]) == {"description": "Old text"}


@pytest.mark.parametrize("step", ["again", "silent"])
def test_the_same_once_more_and_the_same_without_the_keys_change_nothing(steps: dict[str, str], step: str) -> None:
    assert "changed: [localhost]" not in steps[step]
    assert "fatal:" not in steps[step]


def _settings(server: FreshListmonk, keys: Any) -> dict[str, Any]:
    held = server.api("GET", "/api/settings")
    return {key: held[key] for key in keys}


def _list(server: FreshListmonk, name: str, keys: Any) -> dict[str, Any]:
    row = next(one for one in server.api("GET", "/api/lists", params={"per_page": "all"})["results"] if one["name"] == name)
    return {key: row[key] for key in keys}
