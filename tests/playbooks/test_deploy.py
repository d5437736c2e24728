# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole environment: foretold, deployed from nothing, unchanged, changed as foretold unless it is sending, removed, and deployed again.

The tests of this file run in this order on one account, as the life of an environment does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ansible_playbook import Run
from tests.fresh_aws import start_aws
from tests.playbooks.estate import LOCK, NAME, RECORD, Estate, estate_on, with_token
from tests.playbooks.publisher import changed

pytestmark = pytest.mark.long

STACKS = ("network", "storage", "secrets", "database", "ingress", "service")
ANOTHER_NAME = {"app.site_name": "Paper Boat Books, renamed"}


@pytest.fixture(scope="module")
def estate(slot: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate_on(start_aws(f"{slot}-deploy", data_plane=True), tmp_path_factory.mktemp("deploy")) as found:
        yield found


def resources(estate: Estate, stack: str) -> int:
    """How many resources a stack has."""
    assert estate.aws is not None
    return len(
        list(
            estate.aws.client("cloudformation")
            .get_paginator("list_stack_resources")
            .paginate(StackName=f"{NAME}-{stack}")
            .search("StackResourceSummaries[]")
        )
    )


def stacks(estate: Estate) -> list[str]:
    assert estate.aws is not None
    return [stack["StackName"] for stack in estate.aws.client("cloudformation").describe_stacks()["Stacks"]]


def last_changes(estate: Estate) -> dict[str, Any]:
    """When each stack was changed last."""
    assert estate.aws is not None
    found = estate.aws.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"]: stack.get("LastUpdatedTime", stack["CreationTime"]) for stack in found}


def the_campaign_is(estate: Estate, status: str) -> None:
    """Bring the one campaign that a fresh listmonk has into a state, as its sending would."""
    estate.sql(f"UPDATE campaigns SET status = '{status}'")


def said(run: Run) -> str:
    """What a run put out, without its line breaks."""
    return " ".join(run.output.split())


def succeeded(run: Run) -> Run:
    assert run.code == 0, run.output[-6000:]
    return run


PREDICTED: dict[str, int] = {}


def test_a_check_on_an_empty_account_foretells_everything_and_leaves_no_trace(estate: Estate) -> None:
    run = succeeded(estate.deploy("--check", "--diff"))
    report = estate.report()
    assert report["changed"] and report["check"]
    assert {name: result["action"] for name, result in report["stacks"].items()} == dict.fromkeys(STACKS, "create")
    PREDICTED.update({name: len(result["changes"]) for name, result in report["stacks"].items()})
    assert "it would be installed, started and configured as declared" in " ".join(run.stdout.split())
    assert stacks(estate) == []
    assert estate.parameters() == set()


def test_a_deploy_from_nothing_ends_with_a_listmonk_that_answers_as_it_must(estate: Estate) -> None:
    succeeded(estate.deploy())
    report = estate.report()
    assert report["schema"]["installed"]
    assert report["access"]["renewed"]
    assert len(report["probes"]) >= 10
    assert all(probe["passed"] for probe in report["probes"])
    assert {name: resources(estate, name) for name in STACKS} == PREDICTED
    assert estate.get("/health").json() == {"data": True}
    assert "Paper Boat Books (sandbox)" in with_token_settings(estate)


def with_token_settings(estate: Estate) -> str:
    listmonk = with_token(estate)
    headers = {"Authorization": f"token {listmonk.api_user}:{listmonk.api_token}"}
    return str(estate.get("/api/settings", **headers).json()["data"]["app.site_name"])


def test_the_world_reaches_the_public_pages_and_nothing_else(estate: Estate) -> None:
    outside = {"X-Sandbox-Source-Ip": "203.0.113.7"}
    assert estate.get("/", **outside).status_code == 200
    assert "Sign in" not in estate.get("/admin/login", **outside).text
    assert estate.get("/api/settings", **outside).status_code in (403, 404)


def test_no_secret_is_in_any_log_group_and_the_lock_is_given_back(estate: Estate) -> None:
    lines = estate.log_lines()
    assert "setup complete" in lines
    assert not [secret for secret in secrets(estate) if secret in lines]
    assert estate.parameters() == {RECORD}


def test_a_second_run_changes_nothing(estate: Estate) -> None:
    run = succeeded(estate.deploy())
    assert changed(run) == 0
    assert estate.report()["changed"] is False
    assert f"{NAME} is as declared" in run.stdout


def test_the_playbook_configure_alone_finds_the_token_that_the_deploy_stored(estate: Estate) -> None:
    assert changed(succeeded(estate.run("configure"))) == 0


def test_a_check_with_nothing_to_do_says_so(estate: Estate) -> None:
    assert changed(succeeded(estate.deploy("--check", "--diff"))) == 0


CHANGED = {"aws_network_flow_log_retention_days": 14, "aws_service_core_memory_mib": 2048, "listmonk_config_settings": ANOTHER_NAME}
FORETOLD: dict[str, Any] = {}


def test_a_change_that_would_stop_a_core_that_sends_is_foretold_and_refused_before_anything_is_changed(estate: Estate) -> None:
    before = last_changes(estate)
    the_campaign_is(estate, "running")
    checked = succeeded(estate.deploy("--check", "--diff", **CHANGED))
    FORETOLD.update(estate.report())
    assert [name for name, result in FORETOLD["stacks"].items() if result["changed"]] == ["network", "service"]
    assert FORETOLD["interruption"]["stacks"] == ["service"]
    assert FORETOLD["interruption"]["idle"] is False
    assert "At this moment a campaign ('Test campaign') is being sent. A real run would fail here" in said(checked)
    refused = estate.deploy(**CHANGED)
    assert refused.code != 0
    assert "At this moment a campaign ('Test campaign') is being sent." in said(refused)
    assert "Apply the stacks in order" not in refused.stdout
    assert last_changes(estate) == before
    assert estate.parameters() == {RECORD}


def test_once_it_is_sent_the_change_happens_as_it_was_foretold(estate: Estate) -> None:
    variables, foretold = CHANGED, FORETOLD
    the_campaign_is(estate, "finished")
    assert with_token_settings(estate) == "Paper Boat Books (sandbox)"
    succeeded(estate.deploy(**variables))
    done = estate.report()
    assert done["interruption"]["idle"] is True
    for name in STACKS:
        assert [change["logical_id"] for change in done["stacks"][name]["changes"]] == [
            change["logical_id"] for change in foretold["stacks"][name]["changes"]
        ]
    assert done["configuration"] == foretold["configuration"]
    assert done["public_tasks_started_anew"] == foretold["public_tasks_started_anew"] >= 1
    assert with_token_settings(estate) == "Paper Boat Books, renamed"
    assert changed(succeeded(estate.deploy(**variables))) == 0


def test_a_deploy_waits_for_nobody_but_says_who_is_at_work(estate: Estate) -> None:
    assert estate.aws is not None
    held = '{"run":"theirs","held":true,"host":"elsewhere","user":"anna","pid":7,"step":"Apply the database","touched":"2999-01-01T00:00:00+00:00"}'
    estate.aws.client("ssm").put_parameter(Name=LOCK, Value=held, Type="String")
    run = estate.deploy()
    estate.aws.client("ssm").delete_parameter(Name=LOCK)
    assert run.code != 0
    assert "is being worked on by anna@elsewhere" in " ".join(run.output.split())
    assert "Plan all stacks" not in run.stdout


def test_a_teardown_removes_everything_and_lists_what_it_kept(estate: Estate) -> None:
    confirmed = {"teardown_confirmed": True, "teardown_environment": NAME}
    the_campaign_is(estate, "running")
    checked = succeeded(estate.run("teardown", "--check", **confirmed))
    foretold = {one["logical_id"] for one in estate.report()["kept"]}
    refused = estate.run("teardown", **confirmed)
    assert refused.code != 0
    assert all("At this moment a campaign ('Test campaign') is being sent." in said(run) for run in (checked, refused))
    assert len(stacks(estate)) == len(STACKS)
    the_campaign_is(estate, "finished")
    succeeded(estate.run("teardown", **confirmed))
    kept = estate.report()["kept"]
    assert {one["logical_id"] for one in kept} == foretold
    assert {"AWS::S3::Bucket", "AWS::SecretsManager::Secret"} <= {one["type"] for one in kept}
    (database,) = estate.report()["snapshots_of"]
    assert estate.aws is not None
    snapshots = estate.aws.client("rds").describe_db_snapshots()["DBSnapshots"]
    assert [one["DBInstanceIdentifier"] for one in snapshots if one["SnapshotType"] == "manual"] == [database]
    assert stacks(estate) == []
    assert estate.parameters() == set()


def test_deploying_again_after_a_teardown_works_and_shows_no_secret_whatever_it_is_asked_to_show(estate: Estate) -> None:
    assert estate.aws is not None
    run = succeeded(estate.deploy("-vvv", "--diff"))
    assert estate.report()["schema"]["installed"]
    assert estate.get("/health").json() == {"data": True}
    parameters = str(estate.aws.client("cloudformation").describe_stacks()["Stacks"]) + str(estate.ssm_values())
    for secret in secrets(estate):
        assert secret not in run.output
        assert secret not in (estate.folder / "report.json").read_text()
        assert secret not in parameters


def secrets(estate: Estate) -> set[str]:
    """Every password and token of the environment, that of the database's master included."""
    outputs = ("AdminSecretArn", "ApiTokenSecretArn", "DatabaseSecretArn")
    stored = {value for output in outputs for key, value in estate.secret(output).items() if key in ("password", "token")}
    master = estate.secret("MasterSecretArn", stack="database")["password"]
    assert len(stored) == len(outputs)
    return {*stored, master}
