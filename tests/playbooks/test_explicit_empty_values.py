# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 11, as far as settings and lists go: false, zero and nothing are meant, null and silence leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ansible_playbook import Run, run_playbook
from tests.fresh_listmonk import ROOT, FreshListmonk

pytestmark = pytest.mark.server

CASE = ROOT / "tests" / "cases" / "11-explicit-empty-values"


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CASE / name).read_text())
    return found


WANTED: dict[str, Any] = case("vars.yml")["listmonk_configuration"]
EXPECTED = case("expected.yml")


@pytest.fixture(scope="module")
def server(listmonk: FreshListmonk, tmp_path_factory: pytest.TempPathFactory) -> FreshListmonk:
    """The server as the case finds it."""
    before = case("before.yml")
    done = apply(listmonk, tmp_path_factory.mktemp("before"), *before["lists"], settings=before["settings"])
    assert done.code == 0, done.output
    return listmonk


def apply(server: FreshListmonk, folder: Path, *lists: dict[str, Any], settings: dict[str, Any]) -> Run:
    role = {"name": "clarivum.mailing.listmonk_config"}
    variables = {"listmonk_config_settings": settings, "listmonk_config_lists": list(lists)}
    return run_playbook([{"ansible.builtin.include_role": role, "vars": variables}], folder, "--diff", environment=server.environment)


def test_explicit_emptiness_arrives_null_and_silence_leave_alone_and_what_cannot_be_is_said(server: FreshListmonk, tmp_path: Path) -> None:
    customers, press = WANTED["lists"]

    refused = apply(server, tmp_path, customers, press, settings=WANTED["settings"])
    assert refused.code != 0
    assert "lists[1]: list 'Press': description cannot be cleared" in refused.stdout
    assert _settings(server, case("before.yml")["settings"]) == case("before.yml")["settings"]

    kept = {**press, "description": None}
    done = apply(server, tmp_path, customers, kept, settings=WANTED["settings"])
    assert "changed=1" in done.stdout, done.output
    assert '-tags: ["old", "keep"]' in done.stdout
    assert _settings(server, EXPECTED["settings"]) == EXPECTED["settings"]
    assert _list(server, "Customers", EXPECTED["lists"]["Customers"]) == EXPECTED["lists"]["Customers"]
    assert _list(server, "Press", {"description": None}) == {"description": "Old text"}

    assert "changed=0" in apply(server, tmp_path, customers, kept, settings=WANTED["settings"]).stdout
    silent = [{"name": one["name"]} for one in WANTED["lists"]]
    assert "changed=0" in apply(server, tmp_path, *silent, settings={}).stdout
    assert _settings(server, EXPECTED["settings"]) == EXPECTED["settings"]


def _settings(server: FreshListmonk, keys: Any) -> dict[str, Any]:
    held = server.api("GET", "/api/settings")
    return {key: held[key] for key in keys}


def _list(server: FreshListmonk, name: str, keys: Any) -> dict[str, Any]:
    row = next(one for one in server.api("GET", "/api/lists", params={"per_page": "all"})["results"] if one["name"] == name)
    return {key: row[key] for key in keys}
