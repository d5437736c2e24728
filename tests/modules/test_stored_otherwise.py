# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says when the server does something else than it answered, or when only a part of many wishes came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scripted_answers import Reply, Seen, data
from tests.faults.scripted_server import FaultProxy
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, run_module
from tests.task_in_process import run_task

Row = dict[str, Any]


@dataclass
class OddLists:
    """A server of lists that keeps something else than it is given, or shows something else than it keeps."""

    keep: Callable[[Row], Row] = lambda row: row
    show: Callable[[list[Row]], list[Row]] = lambda rows: rows
    rows: list[Row] = field(default_factory=list)

    def __call__(self, seen: Seen) -> Reply:
        if seen.method == "GET" and seen.path.startswith("/api/config"):
            return data({"version": "v6.2.0"})
        if seen.method == "GET":
            shown = self.show(self.rows)
            return data({"results": shown, "total": len(shown)})
        given = seen.json()
        self.rows.append(self.keep({"id": len(self.rows) + 1, "uuid": "u", **given}))
        return data({"id": len(self.rows), **given})


def wanted_of(server: OddLists, **wish: Any) -> Result:
    with FaultProxy(server) as proxy:
        return run_module("listmonk_list", {"url": proxy.url, "username": "ansible", "api_token": "throw-away", **wish})


def test_a_server_that_stores_something_else_is_not_believed() -> None:
    failed = wanted_of(OddLists(keep=lambda row: {**row, "description": "Cut"}), name="News", description="Cut in the middle")
    assert failed.failed
    assert "listmonk accepted description but stored something else ('Cut' instead of 'Cut in the middle')" in failed.msg
    assert "Give the value as it is stored" in failed.msg
    assert [one["action"] for one in failed["results"]] == ["create"], "what was done is named"


def test_a_long_value_that_was_not_kept_is_shortened_in_the_message() -> None:
    failed = wanted_of(OddLists(keep=lambda row: {**row, "description": "x" * 5000}), name="News", description="y" * 5000)
    assert "(5002 characters)" in failed.msg
    assert len(failed.msg) < 600


def test_an_object_that_cannot_be_seen_once_it_is_made_is_said_to_need_a_permission() -> None:
    failed = wanted_of(OddLists(show=lambda rows: []), name="News")
    assert failed.failed
    assert "has stored list 'News' (id 1), but does not list it" in failed.msg
    assert "permission to read lists" in failed.msg


def test_what_the_server_adds_is_no_difference() -> None:
    done = wanted_of(OddLists(keep=lambda row: {**row, "subscriber_count": 7, "someday": {"new": True}}), name="News")
    assert done.changed
    assert done["list"]["name"] == "News"


@pytest.fixture
def limited(listmonk: FreshListmonk) -> dict[str, Any]:
    """The connection of a user who may do nothing with lists."""
    role = listmonk.api("POST", "/api/roles/users", json={"name": "blind", "permissions": ["subscribers:get_all"]})
    body = {"username": "blind", "name": "blind", "type": "api", "status": "enabled", "user_role_id": role["id"]}
    token = listmonk.api("POST", "/api/users", json=body)["password"]
    return {"url": listmonk.base_url, "username": "blind", "api_token": token}


@pytest.mark.server
def test_a_user_who_may_not_make_lists_is_told_which_permission_is_lacking(limited: dict[str, Any]) -> None:
    failed = run_module("listmonk_list", {**limited, "name": "Forbidden"})
    assert failed.failed
    assert "API user blind" in failed.msg
    assert "lists:" in failed.msg


def configure(server: FreshListmonk, folder: Path, url: str = "", **declared: Any) -> Result:
    return run_task("listmonk_config", {**server.connection, "url": url or server.base_url, **declared}, folder)


@pytest.mark.server
def test_two_spellings_of_one_smtp_server_in_a_configuration_are_twins(listmonk: FreshListmonk, tmp_path: Path) -> None:
    relay = {"host": "relay.example.com", "auth_protocol": "none"}
    failed = configure(listmonk, tmp_path, smtp=[{"name": "Mailgun EU", **relay}, {"name": "email-mailgun-eu", **relay}])
    assert failed.failed
    assert "smtp[1]" in failed.msg
    assert "smtp[0] already says" in failed.msg
    assert not failed.writes


@pytest.mark.server
def test_when_a_list_fails_the_settings_that_were_written_before_are_named_as_done(listmonk: FreshListmonk, tmp_path: Path) -> None:
    declared = {"settings": {"app.site_name": "Before the list"}, "lists": [{"name": "First"}, {"name": "Second"}]}
    with FaultProxy(listmonk.base_url) as proxy:
        proxy.fail(lambda seen: str(seen) == "POST /api/lists" and seen.json()["name"] == "Second", "500")
        failed = configure(listmonk, tmp_path, proxy.url, **declared)
    assert failed.failed
    assert failed.msg.startswith("lists[1]: ")
    assert [(one["kind"], one["action"]) for one in failed["results"]] == [("settings", "update"), ("list", "create")]
    again = configure(listmonk, tmp_path, **declared)
    assert [one["name"] for one in again["results"] if one["changed"]] == ["Second"]
