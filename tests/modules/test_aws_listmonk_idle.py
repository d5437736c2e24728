# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_listmonk_idle: a core is not stopped while it sends, while it is about to, while it imports, or while nobody can tell."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest

from ansible_collections.clarivum.mailing.plugins.action import aws_listmonk_idle
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError
from tests.action_in_process import run_action
from tests.module_in_process import Result
from tests.unit.aws_operations.scripted_aws import ScriptedAws, refusal

TOKEN = "opensListmonk0000"
Answer = tuple[int, Any]


@dataclass
class World:
    """A core on ECS, a secret, and a listmonk that answers what ``answers`` says by path; everything is idle until a test says otherwise."""

    folder: Path
    url: str = ""
    service: dict[str, Any] = field(default_factory=lambda: {"status": "ACTIVE", "runningCount": 1, "pendingCount": 0})
    secret: dict[str, str] | None = field(default_factory=lambda: {"username": "automation", "token": TOKEN})
    stages: dict[str, list[str]] = field(default_factory=lambda: {"1": ["AWSPREVIOUS"], "2": ["AWSCURRENT"]})
    campaigns: list[dict[str, Any]] = field(default_factory=list)
    importing: dict[str, Any] = field(default_factory=lambda: {"name": "", "status": "none"})
    refused: dict[str, Answer] = field(default_factory=dict)
    """What a path answers in place of that: status and body."""
    asked: list[str] = field(default_factory=list)
    aws: ScriptedAws = field(default_factory=ScriptedAws)

    def run(self, *, check: bool = False, **options: Any) -> Result:
        self.aws.answers.setdefault("describe_services", lambda **_which: {"services": [self.service] if self.service else []})
        self.aws.answers.setdefault("get_secret_value", lambda **_which: self._secret_value())
        self.aws.answers.setdefault("describe_secret", lambda **_which: {"VersionIdsToStages": self.stages})
        defaults = {
            "cluster": "paperboat",
            "service": "core",
            "token_secret": "api-token",
            "url": self.url,
            "patience": 0,
            "region": "eu-central-1",
        }
        with mock.patch.object(aws_listmonk_idle.ActionModule, "aws", self.aws):
            return run_action("aws_listmonk_idle", {**defaults, **options}, self.folder, check=check)

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        data: dict[str, Any] = {
            "/api/profile": {"username": "automation"},
            "/api/campaigns": {"results": self.campaigns},
            "/api/import/subscribers": self.importing,
        }
        return self.refused.get(path) or (200, {"data": data[path]})

    def _secret_value(self) -> dict[str, Any]:
        if self.secret is None:
            raise refusal("ResourceNotFoundException")
        return {"SecretString": json.dumps(self.secret), "VersionId": "2"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = made.answer(urlsplit(self.path).path)
            text = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield made
    server.shutdown()
    server.server_close()


def campaign(name: str, status: str = "running", begins_in: float | None = None) -> dict[str, Any]:
    begins = None if begins_in is None else (datetime.now(UTC) + timedelta(seconds=begins_in)).isoformat()
    return {"name": name, "status": status, "send_at": begins}


def denied(operation: str) -> AwsError:
    return AwsError(f"AWS refused {operation}: AccessDeniedException.", code="AccessDeniedException")


def raising(error: Exception) -> Callable[..., dict[str, Any]]:
    def answer(**_which: Any) -> dict[str, Any]:
        raise error

    return answer


def test_a_core_that_does_nothing_may_be_stopped(world: World) -> None:
    world.campaigns = [campaign("Last week's", "finished"), campaign("Next week's", "scheduled", 86400)]
    result = world.run()
    assert not result.changed
    assert (result["idle"], result["running"], result["scheduled"], result["importing"]) == (True, [], [], None)
    assert "no campaign is being sent" in result["reason"]


def test_a_campaign_that_is_being_sent_is_named_and_the_task_fails(world: World) -> None:
    world.campaigns = [campaign("Weekly"), campaign("Offers")]
    result = world.run()
    assert result.failed
    assert "2 campaigns ('Weekly', 'Offers') are being sent" in result.msg
    assert "set if_busy to wait" in result.msg
    assert (result["idle"], result["running"]) == (False, ["Weekly", "Offers"])


def test_a_campaign_that_begins_soon_counts_and_one_that_begins_later_does_not(world: World) -> None:
    world.campaigns = [campaign("At once", "scheduled", 300), campaign("Due", "scheduled", -5), campaign("Later", "scheduled", 1200)]
    result = world.run()
    assert result.failed
    assert [one["name"] for one in result["scheduled"]] == ["At once", "Due"]
    assert "the campaign 'At once' begins at 2" in result.msg
    assert len(world.run(soon=3600)["scheduled"]) == 3


def test_an_import_counts(world: World) -> None:
    world.importing = {"name": "readers.csv", "status": "importing"}
    result = world.run()
    assert result.failed
    assert result["importing"] == "readers.csv"
    assert "the import of 'readers.csv' is running" in result.msg


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        ({}, "there is no service"),
        ({"status": "INACTIVE"}, "there is no service"),
        ({"status": "ACTIVE", "runningCount": 0, "pendingCount": 0}, "no task of core runs"),
    ],
    ids=["no service", "a removed service", "no task"],
)
def test_where_no_core_runs_listmonk_is_not_asked(service: dict[str, Any], reason: str, world: World) -> None:
    world.service, world.campaigns = service, [campaign("Weekly")]
    result = world.run()
    assert result["idle"] is True and reason in result["reason"]
    assert world.asked == []


def test_a_core_that_is_only_being_started_counts_as_one_that_runs(world: World) -> None:
    world.service, world.campaigns = {"status": "ACTIVE", "runningCount": 0, "pendingCount": 1}, [campaign("Weekly")]
    assert world.run().failed


def test_a_cluster_that_there_is_not_has_no_core_and_so_have_names_that_there_are_not_yet(world: World) -> None:
    world.aws.answers["describe_services"] = raising(refusal("ClusterNotFoundException"))
    assert world.run()["idle"] is True
    world.aws.answers["describe_services"] = raising(AssertionError("must not be asked"))
    assert world.run(cluster="", service="")["idle"] is True


def test_where_automation_was_never_given_a_token_nobody_can_be_disturbed(world: World) -> None:
    world.secret = None
    assert "never given its token" in world.run()["reason"]
    world.secret, world.stages = {"username": "automation", "token": "generated"}, {"1": ["AWSCURRENT"]}
    assert "never given its token" in world.run(generated_token=True)["reason"]
    assert world.asked == []


def test_a_first_value_that_nobody_generated_is_a_token(world: World) -> None:
    world.stages, world.campaigns = {"1": ["AWSCURRENT"]}, [campaign("Weekly")]
    assert world.run().failed
    world.stages = {"1": ["AWSPREVIOUS"], "2": ["AWSCURRENT"]}
    assert world.run(generated_token=True).failed


UNKNOWN = [
    ({"/api/profile": (403, {"message": "invalid API credentials"})}, "no enabled API user automation with this token"),
    ({"/api/profile": (503, "<h1>503 Service Temporarily Unavailable</h1>")}, "status 503"),
    ({"/api/profile": (404, "<h1>no such page</h1>")}, "check the url"),
    ({"/api/campaigns": (403, {"message": "permission denied: campaigns:get"})}, "lacks the permission campaigns:get_all"),
    ({"/api/import/subscribers": (403, {"message": "permission denied: x:y"})}, "lacks the permission subscribers:import"),
    ({"/api/campaigns": (500, {"message": "Error fetching Campaign"})}, "Error fetching Campaign"),
]


@pytest.mark.parametrize(("refused", "words"), UNKNOWN, ids=["token", "silence", "another page", "campaigns", "imports", "broken"])
def test_what_cannot_be_seen_is_not_taken_for_idle(refused: dict[str, Answer], words: str, world: World) -> None:
    world.refused = refused
    with mock.patch("ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.transport._sleep"):
        result = world.run()
        checked = world.run(check=True)
    assert result.failed
    assert "It is not known whether listmonk is sending a campaign" in result.msg
    assert words in result.msg
    assert "-e deploy_if_busy=ignore" in result.msg
    assert not checked.failed
    (warning,) = checked["warnings"]
    assert words in warning and "A real run would fail here" in warning


@pytest.mark.parametrize("operation", ["describe_services", "get_secret_value"])
def test_what_aws_does_not_permit_to_see_is_not_taken_for_idle(operation: str, world: World) -> None:
    world.aws.answers[operation] = raising(denied(operation))
    result = world.run()
    assert result.failed
    assert "It is not known" in result.msg and "AccessDeniedException" in result.msg


def test_a_secret_that_is_yet_to_be_created_while_a_core_runs_is_said(world: World) -> None:
    result = world.run(token_secret="known after apply (paperboat-secrets.ApiTokenSecretArn)")
    assert result.failed
    assert "there is no secret yet with the token" in result.msg


def test_a_core_that_was_just_started_is_given_time_to_answer_and_one_that_ends_meanwhile_disturbs_nobody(world: World) -> None:
    world.refused = {"/api/profile": (503, "starting")}
    sleeps = iter([lambda: world.refused.clear()])
    with passing_time(lambda: next(sleeps)()):
        assert world.run(patience=60)["idle"] is True
    world.refused = {"/api/profile": (503, "starting")}
    with passing_time(lambda: world.service.update(runningCount=0)):
        assert "no task of core runs" in world.run(patience=60)["reason"]


def test_a_wait_ends_when_listmonk_is_idle(world: World) -> None:
    world.campaigns = [campaign("Weekly")]
    with passing_time(world.campaigns.clear):
        result = world.run(if_busy="wait", busy_timeout=60)
    assert result["idle"] is True


def test_a_wait_that_takes_too_long_ends_with_a_sentence(world: World) -> None:
    world.campaigns = [campaign("Weekly")]
    with passing_time(lambda: None):
        result = world.run(if_busy="wait", busy_timeout=60)
    assert result.failed
    assert "After 60 s of waiting a campaign ('Weekly') is being sent" in result.msg
    assert "deploy_busy_timeout" in result.msg


@pytest.mark.parametrize(("if_busy", "outlook"), [("fail", "A real run would fail here"), ("wait", "A real run would wait up to 9 s")])
def test_a_check_foretells_what_a_run_would_do_and_neither_fails_nor_waits(if_busy: str, outlook: str, world: World) -> None:
    world.campaigns = [campaign("Weekly")]
    result = world.run(check=True, if_busy=if_busy, busy_timeout=9, patience=60)
    assert not result.changed
    assert result["idle"] is False
    (warning,) = result["warnings"]
    assert "a campaign ('Weekly') is being sent" in warning and outlook in warning


def test_the_token_is_in_no_output(world: World) -> None:
    world.refused = {"/api/campaigns": (500, {"message": f"seen: {TOKEN}"})}
    assert TOKEN not in world.run().output


def passing_time(during_a_pause: Callable[[], None]) -> Any:
    """Pauses that take no time but the time they take; something happens in each of them."""
    clock = [time.monotonic()]

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        during_a_pause()

    def deadline(seconds: float) -> Any:
        return real(seconds, clock=lambda: clock[0], sleep=sleep)

    real = aws_listmonk_idle.Deadline
    return mock.patch.multiple(aws_listmonk_idle, Deadline=deadline)
