# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deploy and teardown refuse before they ask AWS for anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ansible_playbook import run_playbook
from tests.playbooks.estate import estate_of_nothing


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"deploy_controller_address": "203.0.113.9"}, ["This run comes from 203.0.113.9", "127.0.0.0/8", "/admin and /api"]),
        (
            {"deploy_controller_address": "{{ lookup('ansible.builtin.url', 'http://127.0.0.1:9/') }}"},
            ["From which address this run reaches the load balancer is not known", "deploy_controller_address", "refused"],
        ),
        ({"listmonk_connection": {"url": "http://lists.example.com"}}, ["listmonk_connection.url is http://lists.example.com", "https://"]),
        ({"aws_name_prefix": "Paper--Boat"}, ["aws_name_prefix is Paper--Boat", "single hyphens"]),
        ({"aws_service_name_prefix": "another"}, ["The roles' name prefixes differ", "another"]),
        ({"deploy_if_busy": "ignroe"}, ["deploy_if_busy is ignroe", "wait (until it is done"]),
    ],
    ids=["place", "unknown place", "address", "name", "names", "a core at work"],
)
def test_a_deploy_that_cannot_work_is_refused_with_a_sentence(variables: dict[str, Any], words: list[str], tmp_path: Path) -> None:
    run = estate_of_nothing(tmp_path).deploy(**variables)
    assert run.code != 0
    said = " ".join(run.stdout.split())
    assert all(word in said for word in words), run.output
    assert "Take the run lock" not in run.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"teardown_confirmed": True},
        {"teardown_environment": "paperboat-sandbox"},
        {"teardown_confirmed": True, "teardown_environment": "other"},
    ],
    ids=["nothing", "flag", "name", "wrong name"],
)
def test_a_teardown_that_is_not_confirmed_twice_is_refused(variables: dict[str, Any], tmp_path: Path) -> None:
    run = estate_of_nothing(tmp_path).run("teardown", **variables)
    assert run.code != 0
    assert "To confirm, say it twice" in " ".join(run.stdout.split())
    assert "Take the run lock" not in run.stdout


def test_a_role_whose_variables_cannot_work_together_says_so_before_it_asks_aws(tmp_path: Path) -> None:
    role = {"name": "clarivum.mailing.aws_network"}
    variables = {"aws_network_name_prefix": "paperboat", "aws_network_nat": "none"}
    run = run_playbook([{"ansible.builtin.import_role": role, "vars": variables}], tmp_path, environment={})
    assert run.code != 0
    assert "Set aws_network_interface_endpoints and aws_network_smtp_endpoint to true, or aws_network_nat to" in " ".join(
        run.output.split()
    )
    assert "Apply the stack" not in run.stdout
