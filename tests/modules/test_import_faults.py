# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import to which something happens on the way: the message is right, and running again completes it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
import yaml

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports import sending
from tests.ansible_playbook import environment_of
from tests.fresh_listmonk import FreshListmonk
from tests.modules.audience import IMPORT, Audience, audience_on

MANY = 12_000

Act = Callable[[], Any]


@pytest.fixture
def audience(listmonk: FreshListmonk, tmp_path: Path) -> Iterator[Audience]:
    made = audience_on(listmonk, tmp_path)
    yield made
    made.waits()
    listmonk.api("DELETE", f"/api/lists/{made.list_id}")


@contextmanager
def meanwhile(method: str, path: str, *, before: Act | None = None, instead: Act | None = None, after: Act | None = None) -> Iterator[None]:
    """Let something happen once, before, instead of or after the first such request of the import."""
    pending = [True]
    send = requests.adapters.HTTPAdapter.send

    def intercepted(self: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if not (pending[0] and request.method == method and request.path_url.partition("?")[0] == path):
            return send(self, request, *args, **kwargs)
        pending[0] = False
        if before:
            before()
        if instead:
            return instead()  # type: ignore[no-any-return]
        response = send(self, request, *args, **kwargs)
        if after:
            after()
        return response

    with mock.patch.object(requests.adapters.HTTPAdapter, "send", intercepted):
        yield


def reset() -> None:
    raise requests.ConnectionError("Connection reset by peer")


def many(audience: Audience) -> str:
    return audience.file("many.csv", "email,name\n" + "".join(f"person{n}@example.com,Person {n}\n" for n in range(MANY)))


def completes(audience: Audience, src: str, expected: int, **options: Any) -> None:
    """Running again brings everybody there, and once more changes nothing."""
    audience.waits()
    again = audience.imports(src=src, **options)
    assert not again.failed, again.msg
    assert audience.people() == expected
    assert not audience.imports(src=src, **options).changed


def test_an_upload_whose_answer_is_lost_is_found_by_its_name_and_followed(audience: Audience) -> None:
    src = audience.file("people.csv", "email\nann@example.com\n")
    with meanwhile("POST", IMPORT, after=reset):
        done = audience.imports(src=src)
    assert (done["created"], done["sent"]) == (1, 1)
    assert done.requests.count(("POST", IMPORT)) == 1


def test_an_upload_that_never_arrived_is_said_to_be_lost(audience: Audience, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_ARRIVES_WITHIN", 0.5)
    src = audience.file("people.csv", "email\nann@example.com\n")
    with meanwhile("POST", IMPORT, instead=reset):
        lost = audience.imports(src=src)
    assert lost.failed
    assert "answer to the upload was lost" in lost.msg
    assert "Run again" in lost.msg
    completes(audience, src, 1)


def stop_once_people_are_written(audience: Audience) -> None:
    deadline = time.monotonic() + 30
    while audience.server.api("GET", IMPORT)["imported"] == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    audience.server.api("DELETE", IMPORT)


def stop_at_once(audience: Audience) -> None:
    audience.server.api("DELETE", IMPORT)


@pytest.mark.parametrize("stop", [stop_at_once, stop_once_people_are_written])
def test_an_import_that_somebody_stops_is_a_failure_with_its_numbers(audience: Audience, stop: Callable[[Audience], None]) -> None:
    # From some 10,000 rows before the end nobody hears a stop.
    rows = "".join(f"person{n}@example.com,Person {n}\n" for n in range(60_000))
    src = audience.file("many.csv", "email,name\n" + rows)
    with meanwhile("POST", IMPORT, after=lambda: stop(audience)):
        stopped = audience.imports(src=src, send="all")
    assert stopped.failed
    assert "of 60000 rows imported: a stop request ended it" in stopped.msg
    assert stopped["uploads"][0]["imported"] < 60_000
    assert stopped.requests.count(("POST", IMPORT)) == 1


def test_a_stop_before_the_first_row_is_obeyed_even_if_an_earlier_import_was_meant(audience: Audience) -> None:
    import json

    rows = "email,name\n" + "".join(f"p{n}@example.com,P\n" for n in range(6000))
    parameters = {"mode": "subscribe", "subscription_status": "confirmed", "delim": ",", "lists": [audience.list_id]}
    audience.server.api("POST", IMPORT, data={"params": json.dumps(parameters)}, files={"file": ("by-hand.csv", rows)})
    time.sleep(0.4)  # the reader is done, the writer is not: nobody takes the request any more
    audience.server.api("DELETE", IMPORT)
    audience.waits()
    src = audience.file("people.csv", "email\nann@example.com\n")
    stopped = audience.imports(src=src)
    assert stopped.failed
    assert "0 of 1 rows imported: a stop request ended it before its first row" in stopped.msg
    assert "an earlier import" in stopped.msg
    assert stopped.requests.count(("POST", IMPORT)) == 1
    completes(audience, src, 6001)


def test_finished_without_anybody_imported_is_a_failure(audience: Audience) -> None:
    src = audience.file("people.csv", "email\nann@example.com\n")

    def remove_the_list() -> None:
        audience.server.api("DELETE", f"/api/lists/{audience.list_id}")

    with meanwhile("POST", IMPORT, before=remove_the_list):
        failed = audience.imports(src=src)
    assert failed.failed
    assert "0 of 1 rows imported" in failed.msg
    assert "foreign key" in failed.msg
    assert audience.everybody() == {}


def test_people_who_vanish_before_they_are_read_back_are_noticed(audience: Audience) -> None:
    src = audience.file("people.csv", "email\nann@example.com\nbob@example.com\n")

    def remove_everybody() -> None:
        audience.server.api("POST", "/api/subscribers/query/delete", json={"all": True})

    with meanwhile("GET", f"{IMPORT}/logs", after=remove_everybody):
        failed = audience.imports(src=src)
    assert failed.failed
    assert "2 of 2 people" in failed.msg
    assert "ann@example.com" in failed.msg
    completes(audience, src, 2)


def test_somebody_who_unsubscribes_during_the_import_is_left_alone(audience: Audience) -> None:
    src = audience.file("people.csv", "email\nann@example.com\n")

    def leave() -> None:
        row = audience.server.api("GET", "/api/subscribers")["results"][0]
        body = {"ids": [row["id"]], "action": "unsubscribe", "target_list_ids": [audience.list_id]}
        audience.server.api("PUT", "/api/subscribers/lists", json=body)

    with meanwhile("GET", f"{IMPORT}/logs", after=leave):
        done = audience.imports(src=src, subscription_status="confirmed")
    assert done["created"] == 1
    assert audience.newsletter_of("ann@example.com") == "unsubscribed"


def test_an_export_that_ends_early_is_noticed_before_anything_is_sent(audience: Audience) -> None:
    src = audience.file("people.csv", "email\n" + "".join(f"person{n}@example.com\n" for n in range(600)))
    audience.imports(src=src, subscription_status="confirmed")

    def two_rows() -> requests.Response:
        half = requests.Response()
        half.status_code = 200
        half.headers["Content-Type"] = "text/csv"
        half.url = audience.server.base_url
        body = "uuid,email,name,attributes,status,created_at,updated_at\n" + "x,person1@example.com,P,{},enabled,,\n" * 2
        from urllib3.response import HTTPResponse

        half.raw = HTTPResponse(io.BytesIO(body.encode()), headers={}, preload_content=False)
        return half

    with halved(two_rows):
        failed = audience.imports(src=src, subscription_status="confirmed")
    assert failed.failed
    assert "ended after 2 of 600 people" in failed.msg
    assert not failed.writes


@contextmanager
def halved(answer: Callable[[], requests.Response]) -> Iterator[None]:
    """Cut the export of confirmed subscriptions short."""
    send = requests.adapters.HTTPAdapter.send

    def intercepted(self: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if "/export" in request.path_url and "=confirmed" in request.path_url:
            return answer()
        return send(self, request, *args, **kwargs)

    with mock.patch.object(requests.adapters.HTTPAdapter, "send", intercepted):
        yield


def test_a_server_that_restarts_loses_the_import_and_running_again_completes_it(audience: Audience) -> None:
    src = many(audience)

    def restart() -> None:
        audience.server.api("POST", "/api/admin/reload")

    with meanwhile("POST", IMPORT, after=restart):
        lost = audience.imports(src=src)
    assert lost.failed
    assert "restarted" in lost.msg
    assert "Run again" in lost.msg
    completes(audience, src, MANY)


def test_a_killed_run_is_completed_by_the_next_one_and_leaves_no_file_behind(audience: Audience) -> None:
    src = many(audience)
    temporary = audience.folder / "tmp"
    temporary.mkdir()
    task = {"clarivum.mailing.listmonk_subscriber_import": {"src": src, "lists": ["Newsletter"]}}
    playbook = audience.folder / "playbook.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    environment = environment_of(audience.folder, **audience.server.environment, TMPDIR=str(temporary))
    process = subprocess.Popen(
        ["ansible-playbook", str(playbook)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 60
    while audience.server.api("GET", IMPORT)["status"] != "importing" and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not list(temporary.glob("listmonk-import-*"))
    completes(audience, src, MANY)


@pytest.mark.parametrize(
    ("rows", "options", "part"),
    [
        ("email,name\nann@example.com,Other\n", {"overwrite_userinfo": True}, "overwrite_userinfo is not possible on listmonk 5."),
        ("email,mail\nann@example.com,no\n", {"consent_column": "mail"}, "1 existing subscriptions would have to change"),
    ],
)
def test_servers_whose_one_flag_overwrites_everything_are_not_asked_to(
    audience: Audience, rows: str, options: dict[str, Any], part: str
) -> None:
    audience.person("ann@example.com")
    before = audience.everybody()
    with mock.patch.object(Client, "version", min(audience.server.version, (5, 1, 0))):
        refused = audience.imports(src=audience.file("people.csv", rows), **options)
        assert refused.failed
        assert part in refused.msg
        assert not refused.writes
        assert audience.everybody() == before
        plain = audience.imports(src=audience.file("plain.csv", "email\nann@example.com\nnew@example.com\n"))
        assert (plain["created"], plain["unchanged"]) == (1, 1)


def limited(audience: Audience, name: str, *permissions: str) -> FreshListmonk:
    role = audience.server.api("POST", "/api/roles/users", json={"name": name, "permissions": list(permissions)})
    body = {"username": name, "name": name, "type": "api", "status": "enabled", "user_role_id": role["id"]}
    user = audience.server.api("POST", "/api/users", json=body)
    return FreshListmonk(audience.server.base_url, name, user["password"])


def test_a_user_who_may_not_see_everybody_is_refused_with_the_permission(audience: Audience) -> None:
    server = limited(audience, "blind", "subscribers:import", "lists:get_all", "lists:manage_all")
    refused = Audience(server, audience.folder, audience.list_id).imports(src=audience.file("people.csv", "email\nann@example.com\n"))
    assert refused.failed
    assert "subscribers:get_all" in refused.msg
    assert not refused.writes


def test_rows_that_only_the_server_refuses_are_returned_with_their_lines(audience: Audience) -> None:
    server = limited(audience, "narrow", "subscribers:import", "subscribers:get_all", "lists:get_all", "lists:manage_all")
    from tests.modules.test_listmonk_subscriber_import import with_rule

    with_rule(audience, ["spam.example"])
    try:
        src = audience.file("people.csv", "email\nbob@example.com\n\nann@spam.example\n")
        mine = Audience(server, audience.folder, audience.list_id)
        done = mine.imports(src=src)
        assert (done["created"], done["rejected"], done["accepted"], done["sent"]) == (1, 1, 1, 2)
        assert [(row["line"], row["address"]) for row in done["rejected_rows"]] == [(4, "ann@spam.example")]
        assert "listmonk refused it" in done["rejected_rows"][0]["reason"]
        again = mine.imports(src=src)
        assert (again["unchanged"], again["rejected"], again.changed) == (1, 1, False)
        assert mine.imports(src=src, max_rejected=0).failed
    finally:
        with_rule(audience, [])
