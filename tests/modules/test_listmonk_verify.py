# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk_verify: what holds is said probe by probe, and what does not hold fails with what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.action_in_process import Actions
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result

OUTSIDE = {"X-Sandbox-Source-Ip": "203.0.113.7"}


@pytest.fixture
def verify(listmonk: FreshListmonk, tmp_path: Path) -> Actions:
    return Actions(listmonk, "listmonk_verify", tmp_path)


def names(result: Result) -> list[str]:
    return [probe["name"] for probe in result["probes"] if probe["passed"]]


def test_a_listmonk_that_answers_holds_what_is_asked_from_inside(verify: Actions) -> None:
    result = verify.run()
    assert not result.changed
    assert names(result) == ["health", "sign-in page, inside", "API, inside", "front page, inside", "database"]
    assert result["from_outside"] is False


def test_the_database_is_asked_with_the_token_and_the_rest_without_it(verify: Actions) -> None:
    result = verify.run(api_token="wrong", patience=0)
    assert result.failed
    assert "database" in result.msg
    assert "health" not in result.msg
    assert "wrong" not in result.msg.replace("wrong ones", "")


def test_a_listmonk_whose_administration_is_open_to_the_world_fails(verify: Actions) -> None:
    result = verify.run(outside_headers=OUTSIDE, patience=0)
    assert result.failed
    assert "sign-in page, outside: GET /admin/login gave status 200" in result.msg
    assert "API, outside: GET /api/config gave status 403" in result.msg


def test_it_is_waited_for_what_does_not_answer_yet_up_to_a_limit(verify: Actions) -> None:
    result = verify.run(url="http://127.0.0.1:9", patience=1.2)
    assert result.failed
    assert "127.0.0.1:9 does not answer as it must" in result.msg
