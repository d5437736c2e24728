# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environments of the sample publisher have one structure, and the sample audience is what its program makes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.configuration import SECTIONS, Surroundings, entries_of, wishes_of
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.secret_reference import SecretPlaces
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_vocabulary import VOCABULARY
from dev.sample_audience import AUDIENCE, files
from tests.fresh_listmonk import ROOT

INVENTORIES = ROOT / "inventories"
ENVIRONMENTS = ("sandbox", "dev", "staging", "production")
OF_THE_SANDBOX = {"sandbox_state", "sandbox_mail", "sandbox_aws"}
ROLES = ROOT / "roles"


def variables_of(environment: str) -> dict[str, dict[str, Any]]:
    """The variables of an environment, by file."""
    folder = INVENTORIES / environment
    return {str(path.relative_to(folder)): yaml.safe_load(path.read_text()) for path in sorted(folder.rglob("group_vars/**/*.yml"))}


def test_there_are_four_environments() -> None:
    assert sorted(path.name for path in INVENTORIES.iterdir()) == sorted(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environments_differ_in_values_only(environment: str) -> None:
    structure = {name: set(variables) - OF_THE_SANDBOX for name, variables in variables_of(environment).items()}
    assert structure == {name: set(variables) for name, variables in variables_of("production").items()}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_same_settings_lists_and_servers_are_managed_everywhere(environment: str) -> None:
    ours, theirs = _flat(environment), _flat("production")
    assert list(ours["listmonk_config_settings"]) == list(theirs["listmonk_config_settings"])
    for variable in ("listmonk_config_lists", "listmonk_config_smtp"):
        assert [entry["name"] for entry in ours[variable]] == [entry["name"] for entry in theirs[variable]]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_an_environment_declares_is_understood(environment: str) -> None:
    declared = _flat(environment)
    around = Surroundings(
        directory=ROOT / "mailing",
        secrets=SecretPlaces(directory=ROOT, environment={"SES_SMTP_PASSWORD": "x"}),
        coerce=lambda _spec, values, _where: values,
        defaults={},
    )
    made = {
        section.option: wishes_of(section, entries_of(section, declared.get(f"listmonk_config_{section.option}")), around)[0]
        for section in SECTIONS
    }
    assert [len(made[option]) for option in ("settings", "smtp", "lists", "templates")] == [1, 2, 6, 0]
    assert set(declared["listmonk_config_settings"]) <= set(VOCABULARY)
    assert [wish.name for wish in made["imports"] if not Path(wish.name).is_file()] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_host_is_named_for_its_environment_and_stands_in_the_group_that_the_playbook_asks_for(environment: str) -> None:
    assert yaml.safe_load((INVENTORIES / environment / "hosts.yml").read_text()) == {"listmonk": {"hosts": {environment: None}}}


@pytest.mark.parametrize("name", sorted(files()))
def test_the_sample_audience_is_what_its_program_makes(name: str) -> None:
    assert (AUDIENCE / name).read_bytes() == files()[name], "run: python -m dev.sample_audience"


def test_every_invented_person_lives_in_a_domain_that_is_reserved_for_examples() -> None:
    addresses = [
        cell for content in files().values() for cell in content.decode("cp1252", "replace").replace(";", ",").split(",") if "@" in cell
    ]
    assert len(addresses) > 600
    strangers = [one for one in addresses if not one.strip().lower().endswith((".example", "example.com", "example.net", "example.org"))]
    assert strangers == []


def options_of(role: str) -> dict[str, Any]:
    spec: dict[str, Any] = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text())
    options: dict[str, Any] = spec["argument_specs"]["main"]["options"]
    return options


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_an_environment_says_what_a_role_demands_and_nothing_that_it_does_not_know(role: str) -> None:
    options = options_of(role)
    given = {name for name in _flat("production") if name.startswith(f"{role}_")}
    assert given <= set(options)
    assert {name for name, option in options.items() if option.get("required")} <= given


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_in_an_environment_is_a_secret(environment: str) -> None:
    connection = _flat(environment)["listmonk_connection"]
    assert connection["api_token"].startswith("{{ lookup('clarivum.mailing.aws_secret'")
    assert _flat(environment)["aws_connection"].get("secret_key", "any-secret-key") == "any-secret-key"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_images_are_named_by_digest(environment: str) -> None:
    for name in ("aws_service_image", "aws_service_tools_image"):
        assert re.search(r"@sha256:[0-9a-f]{64}$", _flat(environment)[name])


def test_environments_grow_from_small_to_large() -> None:
    def sizes(name: str) -> list[Any]:
        return [_flat(environment)[name] for environment in ("sandbox", "dev", "staging", "production")]

    for name in (
        "aws_network_zone_count",
        "aws_database_allocated_storage",
        "aws_database_backup_retention_days",
        "aws_service_core_cpu",
        "aws_service_public_cpu",
        "aws_service_public_maximum",
    ):
        assert sizes(name) == sorted(sizes(name)), name
    assert _flat("production")["aws_database_multi_az"] and _flat("production")["aws_database_deletion_protection"]


def _flat(environment: str) -> dict[str, Any]:
    return {name: value for variables in variables_of(environment).values() for name, value in variables.items()}


def test_no_path_leads_out_of_the_repository() -> None:
    assert all(Path(ROOT) in path.resolve().parents for path in INVENTORIES.rglob("*"))
