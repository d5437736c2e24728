# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tried again, how often, after which pause, and what is not."""

from __future__ import annotations

import email.utils
import threading
import time
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import Rejected, Uncertain, Unreachable
from tests.faults.scripted_answers import Reply, data, message
from tests.faults.scripted_server import Kind, nobody_listens

from .conftest import Server, client_of

PASSING: list[Kind] = ["reset_before", "reset_after", "closed_before", "truncated", "429", "502", "503", "504"]
LOST: list[Kind] = ["reset_before", "reset_after", "closed_before", "closed_after", "truncated"]
GATEWAY: list[Kind] = ["502", "503", "504", "502_after", "500"]


@pytest.mark.parametrize("kind", PASSING)
def test_a_read_that_fails_twice_succeeds_the_third_time(client: Client, server: Server, pauses: list[float], kind: Kind) -> None:
    server.answers["GET /api/lists"] = data({"total": 5})
    server.fail(1, kind, times=2)
    assert client.get("/api/lists") == {"total": 5}
    assert server.log == ["GET /api/lists"] * 3
    assert len(pauses) == 2


def test_pauses_grow_and_are_jittered(server: Server, pauses: list[float]) -> None:
    for _count in range(20):
        server.fail(1, "502", times=2)
        client_of(server.url).get("/api/lists")
        server.well_again()
    first, second = pauses[0::2], pauses[1::2]
    assert all(0.25 <= pause <= 0.5 for pause in first)
    assert all(0.5 <= pause <= 1.0 for pause in second)
    assert len(set(pauses)) > 20


@pytest.mark.parametrize("kind", ["reset_before", "closed_before", "truncated"])
def test_a_read_that_always_fails_names_the_address_the_request_and_the_tries(client: Client, server: Server, kind: Kind) -> None:
    server.fail(1, kind, times=9)
    with pytest.raises(Unreachable, match=rf"{server.url} gave no whole answer to GET /api/lists: .*Tried 3 times\."):
        client.get("/api/lists")
    assert len(server.log) == 3


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("502", 502), ("503", 503), ("504", 504)])
def test_a_read_that_only_a_gateway_answers_is_rejected_with_its_status(client: Client, server: Server, kind: Kind, status: int) -> None:
    server.fail(1, kind, times=9)
    with pytest.raises(Rejected, match=rf"GET /api/lists \(status {status}\)") as rejected:
        client.get("/api/lists")
    assert rejected.value.status == status
    assert len(server.log) == 3


@pytest.mark.parametrize("kind", ["429", "503"])
def test_retry_after_is_kept_to(client: Client, server: Server, pauses: list[float], kind: Kind) -> None:
    server.fail(1, kind, times=1, retry_after=17)
    client.get("/api/lists")
    assert pauses == [17.0]


def test_retry_after_may_be_a_date(client: Client, server: Server, pauses: list[float]) -> None:
    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    answers = iter([Reply(503, b"", (("Retry-After", soon),)), data({})])
    server.answers["GET /api/lists"] = lambda _seen: next(answers)
    client.get("/api/lists")
    assert 15 < pauses[0] <= 20


def test_a_retry_after_beyond_half_a_minute_ends_the_task_with_the_figure(client: Client, server: Server, pauses: list[float]) -> None:
    server.fail(1, "429", times=9, retry_after=3600)
    with pytest.raises(Rejected, match=r"Retry-After 3600"):
        client.get("/api/lists")
    assert (server.log, pauses) == (["GET /api/lists"], [])


@pytest.mark.parametrize("text", ["soon", "-5", "", "1e9", "٣"])
def test_a_retry_after_that_says_nothing_is_ignored(client: Client, server: Server, pauses: list[float], text: str) -> None:
    answers = iter([Reply(503, b"", (("Retry-After", text.encode().decode("latin-1")),)), data({})])
    server.answers["GET /api/lists"] = lambda _seen: next(answers)
    client.get("/api/lists")
    assert pauses[0] <= 0.5


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 501])
def test_an_answer_of_listmonk_itself_is_not_asked_for_again(client: Client, server: Server, status: int) -> None:
    server.answers["GET /api/lists"] = message(status, "no")
    with pytest.raises(Rejected):
        client.get("/api/lists")
    assert len(server.log) == 1


WRITES = [
    pytest.param(lambda client: client.post("/api/lists", {"name": "x"}), id="post"),
    pytest.param(lambda client: client.put("/api/lists/1", {"name": "x"}), id="put"),
    pytest.param(lambda client: client.patch("/api/subscribers/1", {"name": "x"}), id="patch"),
    pytest.param(lambda client: client.delete("/api/lists/1"), id="delete"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("kind", LOST)
def test_a_write_whose_answer_was_lost_is_sent_once_and_said_to_be_uncertain(
    client: Client, server: Server, kind: Kind, write: Any
) -> None:
    server.fail(1, kind, times=9)
    with pytest.raises(Uncertain, match=r"may or may not have happened\. Run the task again"):
        write(client)
    assert len(server.log) == 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("kind", GATEWAY)
def test_a_write_that_a_gateway_answered_with_its_own_page_is_uncertain(client: Client, server: Server, kind: Kind, write: Any) -> None:
    server.fail(1, kind, times=9)
    with pytest.raises(Uncertain, match=rf"with status {kind[:3]}: .*may or may not have happened"):
        write(client)
    assert len(server.log) == 1


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_met_a_rate_limit_was_not_carried_out_and_is_not_repeated(client: Client, server: Server, write: Any) -> None:
    server.fail(1, "429", times=9, retry_after=2)
    with pytest.raises(Rejected, match=r"status 429.*nothing was changed\. It asks to wait: Retry-After 2\."):
        write(client)
    assert len(server.log) == 1


@pytest.mark.parametrize("request_it", [lambda client: client.get("/api/lists"), *WRITES[:1], *WRITES[3:]])
def test_a_refused_connection_is_tried_three_times_and_named(pauses: list[float], request_it: Any) -> None:
    if not callable(request_it):
        request_it = request_it.values[0]
    with nobody_listens() as url:
        client = client_of(url)
        with pytest.raises(
            Unreachable, match=rf"Cannot reach {url}: the connection was refused: .*Check that listmonk runs.*Tried 3 times"
        ):
            request_it(client)
    assert (len(client.requests_sent), len(pauses)) == (3, 2)


@pytest.mark.parametrize("write", WRITES)
def test_a_write_waits_out_a_server_that_does_not_listen_yet_and_is_sent_once(server: Server, write: Any) -> None:
    server.fail(1, "refused", seconds=0.2)
    write(client_of(server.url))
    assert len(server.log) == 1


def test_a_server_that_goes_away_between_two_requests_is_refused_the_second_time(client: Client, server: Server) -> None:
    server.fail(2, "refused")
    client.get("/api/lists")
    with pytest.raises(Unreachable, match="connection was refused"):
        client.put("/api/lists/1", {})
    assert server.log == ["GET /api/lists"]


def test_a_read_without_an_answer_ends_after_its_timeouts_and_says_so(server: Server, pauses: list[float]) -> None:
    server.fail(1, "silent", times=9)
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"GET /api/lists: nothing came within 0\.2 s, the option timeout"):
        client_of(server.url, timeout=0.2).get("/api/lists")
    assert time.monotonic() - started < 2
    assert len(server.log) <= 3


@pytest.mark.parametrize("kind", ["silent", "silent_after"])
def test_a_write_without_an_answer_ends_after_one_timeout_as_uncertain(server: Server, kind: Kind) -> None:
    server.fail(1, kind, times=9)
    with pytest.raises(Uncertain, match=r"PUT /api/lists/1: nothing came within 0\.2 s"):
        client_of(server.url, timeout=0.2).put("/api/lists/1", {})
    assert len(server.log) == 1


def test_a_slow_answer_within_the_timeout_is_waited_for(server: Server) -> None:
    server.fail(1, "delay", seconds=0.3)
    client_of(server.url, timeout=2).put("/api/lists/1", {})


def test_a_body_that_drips_for_ever_ends(server: Server, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.transport.BODY_TIMEOUTS", 1)
    with Dripping() as url, pytest.raises(Unreachable, match="had not ended in time"):
        client_of(url, timeout=0.5).get("/api/lists")


class Dripping:
    """Sends the head of an answer and then a byte every tenth of a second, without end."""

    def __enter__(self) -> str:
        import socket

        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._listener.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._drip, args=(connection,), daemon=True).start()

    def _drip(self, connection: Any) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
            try:
                while not self._ended.wait(0.1):
                    connection.sendall(b" ")
            except OSError:
                return
