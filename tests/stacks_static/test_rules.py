# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role says to variables that cannot work, before anything is asked of AWS."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.fresh_listmonk import ROOT

NETWORK = {"database_subnet_ids": ["subnet-1", "subnet-2"], "database_security_group_id": "sg-1"}
STORAGE = {"key_arn": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"}
NO_STACK: dict[str, Any] = {"stacks": [], "parameters": {}}


def refusals(role: str, **given: Any) -> list[str]:
    """The sentences that the role's rules come to, with its defaults and what is given."""
    loader = DataLoader()
    variables: dict[str, Any] = {f"{role}_name_prefix": "paperboat-dev"}
    for file in ("defaults", "vars"):
        variables |= loader.load_from_file(str(ROOT / "roles" / role / file / "main.yml"), trusted_as_template=True)
    rules = Templar(loader=loader, variables=variables | given).template(variables[f"__{role}_rules"])
    return [rule["otherwise"] for rule in rules if not rule["holds"]]


def database(**given: Any) -> list[str]:
    return refusals(
        "aws_database", **{"aws_network_outputs": NETWORK, "aws_storage_outputs": STORAGE, "aws_database_live": NO_STACK, **given}
    )


def standing(**source: str) -> dict[str, Any]:
    """A database's stack that was made from this source."""
    nowhere = {"SnapshotId": "", "SourceResourceId": "", "SourceTime": ""}
    return {"stacks": [{"name": "paperboat-dev-database", "status": "UPDATE_COMPLETE"}], "parameters": {**nowhere, **source}}


@pytest.mark.parametrize("role", ["aws_network", "aws_storage"])
def test_the_defaults_are_fine(role: str) -> None:
    assert refusals(role) == []


def test_a_network_without_nat_wants_its_endpoints() -> None:
    (said,) = refusals("aws_network", aws_network_nat="none", aws_network_interface_endpoints=True)
    assert "aws_network_smtp_endpoint" in said and '"per-zone"' in said
    assert refusals("aws_network", aws_network_nat="none", aws_network_interface_endpoints=True, aws_network_smtp_endpoint=True) == []


def test_zones_are_as_many_as_counted_and_each_another_one() -> None:
    (said,) = refusals("aws_network", aws_network_zones=["eu-central-1a", "eu-central-1b", "eu-central-1c"])
    assert "names 3 zones, but aws_network_zone_count is 2" in said
    (said,) = refusals("aws_network", aws_network_zones=["eu-central-1a", "eu-central-1a"])
    assert "twice" in said


def test_nothing_is_held_longer_than_it_is_kept() -> None:
    (said,) = refusals("aws_storage", aws_storage_object_lock="governance", aws_storage_object_lock_days=30)
    assert "nothing could expire after 30 days" in said
    assert refusals("aws_storage", aws_storage_object_lock="governance", aws_storage_object_lock_days=29) == []


def test_secrets_want_a_key() -> None:
    (said,) = refusals("aws_secrets")
    assert "aws_storage" in said and "discover" in said
    assert refusals("aws_secrets", aws_storage_outputs=STORAGE) == []


def test_a_database_wants_network_and_key() -> None:
    assert database() == []
    said = database(aws_network_outputs=None, aws_storage_outputs=None)
    assert len(said) == 2 and "aws_network" in said[0] and "aws_storage" in said[1]


def test_a_database_has_one_source_at_most_and_a_point_in_time_is_two_things() -> None:
    (said,) = database(aws_database_from_snapshot="before-upgrade", aws_database_from_resource_id="db-ABC", aws_database_from_time="latest")
    assert "snapshot before-upgrade and from a point in time" in said
    (said,) = database(aws_database_from_resource_id="db-ABC")
    assert "aws_database_from_time" in said


def test_a_database_is_not_restored_over_one_that_stands() -> None:
    (said,) = database(aws_database_live=standing(), aws_database_from_snapshot="before-upgrade")
    assert "was made from nothing, not from before-upgrade" in said and "another aws_database_stack_name" in said
    (said,) = database(aws_database_live=standing(SnapshotId="monday"), aws_database_from_snapshot="tuesday")
    assert "was made from monday, not from tuesday" in said
    assert database(aws_database_live=standing(SnapshotId="monday"), aws_database_from_snapshot="monday") == []


@pytest.mark.parametrize("source", [{}, {"SnapshotId": "monday"}, {"SourceResourceId": "db-ABC", "SourceTime": "latest"}])
def test_a_source_that_is_no_longer_declared_is_repeated(source: dict[str, str]) -> None:
    assert database(aws_database_live=standing(**source)) == []
    assert parameters_with(standing(**source)) == {"SnapshotId": "", "SourceResourceId": "", "SourceTime": "", **source}


def test_a_first_attempt_that_failed_does_not_bind_to_its_source() -> None:
    failed = standing(SnapshotId="misspelt")
    failed["stacks"][0]["status"] = "ROLLBACK_COMPLETE"
    assert database(aws_database_live=failed, aws_database_from_snapshot="monday") == []
    assert parameters_with(failed, aws_database_from_snapshot="monday")["SnapshotId"] == "monday"


def parameters_with(live: dict[str, Any], **given: Any) -> dict[str, str]:
    """The source that the stack is given."""
    loader = DataLoader()
    variables: dict[str, Any] = {"aws_database_name_prefix": "paperboat-dev"}
    for file in ("defaults", "vars"):
        variables |= loader.load_from_file(str(ROOT / "roles/aws_database" / file / "main.yml"), trusted_as_template=True)
    templar = Templar(loader=loader, variables=variables | {"aws_database_live": live, **given})
    wanted = {name: variables["__aws_database_parameters"][name] for name in ("SnapshotId", "SourceResourceId", "SourceTime")}
    found: dict[str, str] = templar.template(wanted)
    return found
