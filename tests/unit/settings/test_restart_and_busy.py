# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a restart may be caused, and when it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk import busy
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi, Rejected, Unreachable
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.restart import Boot, boot, is_deferred, wait_until_back

OLD = ["10:00 main.go: v6.2.0", "10:00 connecting"]
NEW = ["10:05 main.go: v6.2.0", "10:05 connecting"]


class Answers:
    """A client to which each path answers what the test says, in turn; the last answer stays."""

    check_mode = False

    def __init__(self, **answers: Iterable[Any]) -> None:
        self.answers = {key: list(values) for key, values in answers.items()}
        self.forgot_config = False

    def get(self, path: str, params: Any = None, *, expect: Any = dict) -> Any:
        left = self.answers[path.split("/")[2]]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def forget_config(self) -> None:
        self.forgot_config = True


def rejected(status: int) -> Rejected:
    return Rejected(f"status {status}", method="GET", path="/api/campaigns", status=status, sentence="")


def never(_seconds: float) -> None:
    """Time that the test does not take."""


IDLE: dict[str, list[Any]] = {"campaigns": [{"results": []}], "import": [{"status": "none"}]}
SENDING: dict[str, list[Any]] = {**IDLE, "campaigns": [{"results": [{"name": "Weekly", "status": "running"}]}]}
IMPORTING: dict[str, list[Any]] = {**IDLE, "import": [{"status": "importing", "name": "people.csv"}]}


def waited(answers: Answers, policy: busy.Policy, *, timeout: float = 0.0, fresh: bool = True) -> list[str]:
    return busy.wait_until_idle(answers, policy, timeout=timeout, counts_are_fresh=fresh, sleep=never)  # type: ignore[arg-type]


def test_a_restart_is_over_when_a_log_with_another_first_line_answers() -> None:
    client = Answers(logs=[OLD, Unreachable("refused"), rejected(502), NotTheApi("a page"), NEW])
    wait_until_back(client, Boot(line=OLD[0]), timeout=60, sleep=never)  # type: ignore[arg-type]
    assert client.forgot_config


def test_a_full_log_that_lost_its_first_line_is_no_restart() -> None:
    rolled = ["10:06 a line"] * 5000
    with pytest.raises(MailingError, match="still answers"):
        wait_until_back(Answers(logs=[rolled]), Boot(line=OLD[0]), timeout=0, sleep=never)  # type: ignore[arg-type]


def test_a_server_that_does_not_come_back_is_said_with_what_was_seen_last() -> None:
    with pytest.raises(MailingError, match=r"has not restarted within 0 s: refused"):
        wait_until_back(Answers(logs=[Unreachable("refused")]), Boot(line=OLD[0]), timeout=0, sleep=never)  # type: ignore[arg-type]


def test_a_lost_permission_ends_the_wait_at_once() -> None:
    with pytest.raises(Rejected):
        wait_until_back(Answers(logs=[rejected(403)]), Boot(line=OLD[0]), timeout=60, sleep=never)  # type: ignore[arg-type]


def test_the_process_that_answers_is_known_by_its_first_line() -> None:
    assert boot(Answers(logs=[OLD])) == Boot(line=OLD[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(("answer", "deferred"), [(True, False), ({"needs_restart": True}, True), ({"needs_restart": False}, False)])
def test_the_answer_to_a_write_says_whether_the_restart_is_put_off(answer: Any, deferred: bool) -> None:
    assert is_deferred(answer) is deferred


@pytest.mark.parametrize("policy", ["fail", "wait", "defer"])
def test_an_idle_server_may_restart_whatever_the_policy(policy: busy.Policy) -> None:
    assert waited(Answers(**IDLE), policy) == []


def test_a_campaign_is_refused_waited_for_or_left_to_the_server() -> None:
    with pytest.raises(Refusal, match=r"a campaign \('Weekly'\) is being sent"):
        waited(Answers(**SENDING), "fail")
    assert waited(Answers(**{**SENDING, "campaigns": [*SENDING["campaigns"], {"results": []}]}), "wait", timeout=60) == []
    with pytest.raises(Refusal, match="After 0 s of waiting"):
        waited(Answers(**SENDING), "wait")
    assert waited(Answers(**SENDING), "defer") == []


@pytest.mark.parametrize("policy", ["fail", "defer"])
def test_an_import_can_never_be_deferred(policy: busy.Policy) -> None:
    with pytest.raises(Refusal, match=r"the import of 'people\.csv' is running"):
        waited(Answers(**IMPORTING), policy)


@pytest.mark.parametrize("status", [403, 404, 501])
def test_campaigns_that_cannot_be_listed_are_counted_where_the_count_is_fresh(status: int) -> None:
    counted = {**IDLE, "campaigns": [rejected(status)], "dashboard": [{"campaigns": {"total": 2, "by_status": {"running": 2}}}]}
    with pytest.raises(Refusal, match="2 campaigns are being sent"):
        waited(Answers(**counted), "fail")
    none = {**counted, "dashboard": [{"campaigns": {"total": 0, "by_status": None}}]}
    assert waited(Answers(**none), "fail") == []


@pytest.mark.parametrize("status", [403, 404, 501])
def test_what_cannot_be_seen_is_not_taken_for_idle(status: int) -> None:
    unseen = {**IDLE, "campaigns": [rejected(status)]}
    for policy in ("fail", "wait"):
        with pytest.raises(Refusal, match="cannot be seen"):
            waited(Answers(**unseen), policy, fresh=False)
    (warning,) = waited(Answers(**unseen), "defer", fresh=False)
    assert "cannot be seen" in warning


def test_a_wait_says_what_it_waits_for_so_that_it_is_not_taken_for_a_hang() -> None:
    said: list[str] = []
    answers = Answers(**{**SENDING, "campaigns": [*SENDING["campaigns"], {"results": []}]})
    busy.wait_until_idle(answers, "wait", timeout=60, counts_are_fresh=True, progress=said.append, sleep=never)  # type: ignore[arg-type]
    assert said == ["settings: a campaign ('Weekly') is being sent; waiting"]


def test_what_is_scheduled_matters_only_to_who_asks_for_it() -> None:
    soon = {**IDLE, "campaigns": [{"results": [{"name": "Weekly", "status": "scheduled", "send_at": "2000-01-01T00:00:00Z"}]}]}
    assert busy.look(Answers(**soon), counts_are_fresh=True).idle  # type: ignore[arg-type]
    found = busy.look(Answers(**soon), counts_are_fresh=True, soon=60)  # type: ignore[arg-type]
    assert not found.idle
    assert str(found) == "the campaign 'Weekly' begins at 2000-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("send_at", "soon"),
    [
        ("2026-11-25T12:10:00Z", True),
        ("2026-11-25T13:10:00+01:00", True),
        ("2026-11-25T12:10:00.123456+00:00", True),
        ("2026-11-25T12:20:00Z", False),
        ("2026-11-25T11:00:00Z", True),
        ("when it is ready", True),
    ],
)
def test_a_campaign_is_scheduled_soon_by_the_clock_and_when_its_time_cannot_be_read(send_at: str, soon: bool) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert busy.Scheduled("Weekly", send_at).within(900, noon) is soon


def test_check_mode_says_what_a_real_run_would_do_and_does_not_wait() -> None:
    client = Answers(**SENDING)
    client.check_mode = True
    for policy, outlook in (("fail", "would refuse"), ("wait", "would wait up to 9 s"), ("defer", "would store")):
        (warning,) = busy.judge(client, policy, timeout=9, counts_are_fresh=True)  # type: ignore[arg-type]
        assert outlook in warning


def test_a_server_error_while_looking_is_an_error() -> None:
    with pytest.raises(MailingError, match="status 500"):
        waited(Answers(**{**IDLE, "campaigns": [rejected(500)]}), "defer")
