# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_listmonk_access: an API user with few permissions, whose token is in Secrets Manager and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.action_in_process import run_action
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result

PERMISSIONS = ["lists:get_all", "settings:get"]
REGION = "eu-central-1"


@dataclass(frozen=True)
class Access:
    """A listmonk with its admin, and a Secrets Manager that holds what a deploy leaves there."""

    listmonk: FreshListmonk
    secrets: Any
    folder: Path

    def run(self, *, check: bool = False, **options: Any) -> Result:
        defaults = {
            "url": self.listmonk.base_url,
            "username": "automation",
            "role": "Automation",
            "permissions": PERMISSIONS,
            "admin_secret": "admin",
            "token_secret": "token",
            "region": REGION,
        }
        return run_action("aws_listmonk_access", {**defaults, **options}, self.folder, check=check)

    def stored(self) -> dict[str, str]:
        value: dict[str, str] = json.loads(self.secrets.get_secret_value(SecretId="token")["SecretString"])
        return value

    def user(self) -> dict[str, Any]:
        (found,) = [one for one in self.listmonk.api("GET", "/api/users") if one["username"] == "automation"]
        result: dict[str, Any] = found
        return result


@pytest.fixture
def access(pristine_listmonk: FreshListmonk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Access]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secrets.create_secret(Name="admin", SecretString=json.dumps({"username": "admin", "password": "adminpass1"}))
        secrets.create_secret(Name="token", SecretString=json.dumps({"username": "automation", "token": "opensNothing0000"}))
        yield Access(pristine_listmonk, secrets, tmp_path)


def test_the_stored_token_opens_what_the_role_permits_and_nothing_else(access: Access) -> None:
    assert access.run().changed
    stored = access.stored()
    assert stored["username"] == "automation"
    theirs = FreshListmonk(access.listmonk.base_url, stored["username"], stored["token"])
    assert theirs.api("GET", "/api/settings")
    with pytest.raises(Exception, match="403"):
        theirs.api("GET", "/api/users")
    assert sorted(access.user()["user_role"]["permissions"]) == PERMISSIONS


def test_a_second_run_changes_nothing_and_does_not_sign_in(access: Access) -> None:
    access.run()
    before = access.stored()
    again = access.run()
    assert not again.changed
    assert again.requests == [("GET", "/api/profile")]
    assert access.stored() == before


def test_a_check_says_that_a_token_would_be_made_and_makes_none(access: Access) -> None:
    result = access.run(check=True)
    assert result.changed
    assert result["reasons"] == ["no valid token of automation is stored"]
    assert result.writes == []
    assert access.stored()["token"] == "opensNothing0000"


def test_neither_token_nor_password_is_in_any_output(access: Access) -> None:
    result = access.run()
    assert access.stored()["token"] not in result.output
    assert "adminpass1" not in result.output
    assert "(written; not shown)" in result["diff"]["after"]


def test_a_user_whose_token_was_lost_is_made_anew(access: Access) -> None:
    access.run()
    number = access.user()["id"]
    access.secrets.put_secret_value(SecretId="token", SecretString=json.dumps({"username": "automation", "token": "lost"}))
    assert access.run().changed
    assert access.user()["id"] != number
    assert not access.run().changed


def test_another_set_of_permissions_changes_the_role_and_keeps_the_token(access: Access) -> None:
    access.run()
    before = access.stored()
    changed = access.run(permissions=["lists:get_all"])
    assert changed.changed
    assert changed["renewed"] is False
    assert access.stored() == before
    assert access.user()["user_role"]["permissions"] == ["lists:get_all"]


def test_a_token_that_cannot_be_stored_leaves_no_user_behind(access: Access) -> None:
    result = access.run(token_secret="no-such-secret")
    assert result.failed
    assert "ResourceNotFoundException" in result.msg
    assert [one["username"] for one in access.listmonk.api("GET", "/api/users")] == ["admin", "api"]


def test_a_permission_that_listmonk_does_not_know_is_refused_before_anything_is_made(access: Access) -> None:
    result = access.run(permissions=["lists:everything"])
    assert result.failed
    assert "knows no permission lists:everything" in result.msg
    assert [role["name"] for role in access.listmonk.api("GET", "/api/roles/users")] == ["Super Admin"]


def test_the_name_of_a_person_is_refused(access: Access) -> None:
    result = access.run(username="admin")
    assert result.failed
    assert "the name of a person" in result.msg


def test_an_admin_password_that_was_changed_by_hand_is_said(access: Access) -> None:
    access.secrets.put_secret_value(SecretId="admin", SecretString=json.dumps({"username": "admin", "password": "another one"}))
    result = access.run()
    assert result.failed
    assert "did not let admin sign in with the password of the secret" in result.msg
    assert "another one" not in result.output
