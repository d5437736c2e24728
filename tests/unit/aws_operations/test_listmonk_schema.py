# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's place in a database: which tasks run, in which order, and what keeps them from running."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.database_script import EMPTY, HALF, INSTALLED
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.listmonk_schema import INSTALL, Done, Schema, carry_out, plan
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.one_off_task import Clock
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from tests.unit.aws_operations.scripted_aws import ScriptedAws

RECORD = "/paperboat/schema"
WISH = Schema(
    cluster="paperboat",
    tools_task_definition="tools",
    schema_task_definition="schema",
    subnets=("subnet-1",),
    security_groups=("sg-1",),
    assign_public_ip=False,
    database="db-1",
    owner="listmonk_owner",
    admin_secret="admin",
    login_secret="login",
    record=RECORD,
    timeout=60,
)


@dataclass
class Estate:
    """An ECS whose tasks end with these exit codes one after the other, and the two secrets."""

    exit_codes: list[int] = field(default_factory=list)
    admin: dict[str, str] = field(default_factory=lambda: {"username": "admin", "password": "long enough"})
    login: dict[str, str] = field(default_factory=lambda: {"username": "listmonk", "password": "aLongPassword123"})
    login_version: str = "v1"
    aws: ScriptedAws = field(default_factory=ScriptedAws)

    def __post_init__(self) -> None:
        containers = [{"name": "tools"}, {"name": "listmonk"}]
        definition = {"taskDefinition": {"networkMode": "awsvpc", "containerDefinitions": containers}}
        self.aws.answers = {
            "get_secret_value": self._secret,
            "describe_task_definition": lambda **_which: definition,
            "list_tasks": lambda **_filter: {"taskArns": []},
            "run_task": lambda **_wish: {"tasks": [{"taskArn": "arn:task/0123"}]},
            "describe_tasks": lambda **_which: {"tasks": [self._stopped()]},
        }

    def _secret(self, **asked: Any) -> dict[str, Any]:
        values = self.admin if asked["SecretId"] == "admin" else self.login
        return {"SecretString": json.dumps(values), "VersionId": self.login_version}

    def _stopped(self) -> dict[str, Any]:
        code = self.exit_codes.pop(0)
        return {"lastStatus": "STOPPED", "containers": [{"name": name, "exitCode": code} for name in ("tools", "listmonk")]}

    def carry_out(self, wish: Schema = WISH) -> Done:
        aws = cast(Aws, self.aws)
        return carry_out(aws, wish, plan(aws, wish), lambda _line: None, Clock(now=lambda: 0.0, sleep=lambda _seconds: None))

    def ran(self) -> list[str]:
        """The commands that ran, the scripts shortened to what they are for."""
        commands = [asked["overrides"]["containerOverrides"][0]["command"] for asked in self.aws.asked("run_task")]
        return ["install" if tuple(one) == INSTALL else "prepare" if "CREATE ROLE" in one[-1] else "see" for one in commands]

    def recorded(self) -> dict[str, Any] | None:
        versions = self.aws.parameters.get(RECORD)
        return json.loads(versions[-1]) if versions else None


def test_an_empty_database_is_prepared_installed_and_looked_at_again() -> None:
    estate = Estate(exit_codes=[EMPTY, 0, INSTALLED])
    assert estate.carry_out().installed
    assert estate.ran() == ["prepare", "install", "see"]
    recorded = estate.recorded()
    assert recorded is not None
    assert recorded["database"] == "db-1"


def test_nothing_is_installed_over_a_listmonk() -> None:
    estate = Estate(exit_codes=[INSTALLED])
    assert not estate.carry_out().installed
    assert estate.ran() == ["prepare"]
    assert estate.recorded()


def test_a_half_made_installation_is_an_error_and_nothing_is_installed_over_it() -> None:
    estate = Estate(exit_codes=[HALF])
    with pytest.raises(MailingError, match="an installation broke off"):
        estate.carry_out()
    assert estate.ran() == ["prepare"]
    assert estate.recorded() is None


def test_an_installation_that_left_nobody_who_can_sign_in_is_an_error_that_says_not_to_start_it() -> None:
    estate = Estate(exit_codes=[EMPTY, 0, HALF])
    with pytest.raises(MailingError, match=r"first visitor would become its admin\. Do not start it"):
        estate.carry_out()
    assert estate.recorded() is None


def test_once_recorded_nothing_is_to_be_done_until_something_changes() -> None:
    estate = Estate(exit_codes=[INSTALLED])
    estate.carry_out()
    aws = cast(Aws, estate.aws)
    assert plan(aws, WISH).is_done
    assert plan(aws, replace(WISH, database="db-2")).reasons == ["it is another database"]
    assert not plan(aws, replace(WISH, database="db-2")).is_same_database
    estate.login_version = "v2"
    rotated = plan(aws, WISH)
    assert rotated.reasons == ["the secret of the login role has another version"]
    assert rotated.is_same_database, "a listmonk may go on running there meanwhile"


@pytest.mark.parametrize(
    ("admin", "words"),
    [
        ({"username": "ad", "password": "long enough"}, "must have 3 to 200"),
        ({"username": "admin", "password": "short"}, "must have 8 to 72 bytes"),
        ({"username": "admin"}, "must hold a text under 'password'; it holds username"),
    ],
)
def test_an_admin_that_listmonk_would_refuse_after_it_has_wiped_its_tables_is_refused_before(admin: dict[str, str], words: str) -> None:
    estate = Estate(admin=admin)
    with pytest.raises(Refusal, match=words) as refused:
        estate.carry_out()
    assert estate.ran() == []
    assert "long enough" not in str(refused.value)
    assert "short" not in str(refused.value)


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ({"username": "listmonk", "password": "with a blank in it"}, "without blanks"),
        ({"username": "listmonk", "password": "it's-quoted-here"}, "without blanks, quotes"),
        ({"username": "Listmonk; DROP", "password": "aLongPassword123"}, "a plain role name"),
        ({"username": "rds_superuser", "password": "aLongPassword123"}, "not beginning with"),
        ({"username": "listmonk_owner", "password": "aLongPassword123"}, "The owner cannot sign in"),
    ],
)
def test_a_login_that_would_break_later_is_refused_before_anything_runs(login: dict[str, str], words: str) -> None:
    estate = Estate(login=login)
    with pytest.raises(Refusal, match=words) as refused:
        estate.carry_out()
    assert estate.ran() == []
    assert login["password"] not in str(refused.value)


def test_no_password_is_in_anything_that_is_sent_to_ecs() -> None:
    estate = Estate(exit_codes=[EMPTY, 0, INSTALLED])
    estate.carry_out()
    sent = json.dumps([asked for name, asked in estate.aws.calls if name != "get_secret_value"])
    assert estate.admin["password"] not in sent
    assert estate.login["password"] not in sent
    assert all("LISTMONK_ADMIN_API_USER" not in json.dumps(asked) for asked in estate.aws.asked("run_task"))
