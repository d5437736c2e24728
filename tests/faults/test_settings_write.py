# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults around the write that restarts listmonk: it is told whether it happened, and running again completes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from time import monotonic, sleep
from typing import Any

import pytest
from requests import RequestException

from tests.faults.scripted_server import FaultProxy, Kind
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, run_module

pytestmark = pytest.mark.server

NUMBERS = count(1)
WRITE = "PUT /api/settings"
RESTART = "GET /api/logs"
BEFORE_THE_WRITE = ("GET /api/settings", "GET /api/config", "GET /api/import/subscribers", "GET /api/logs")


@pytest.fixture
def proxy(listmonk: FreshListmonk, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    monkeypatch.setattr("ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.transport._sleep", lambda _seconds: None)
    with FaultProxy(listmonk.base_url) as proxy:
        yield proxy


@pytest.fixture
def wish() -> dict[str, Any]:
    """A setting that no other test has."""
    return {"settings": {"app.site_name": f"Site {next(NUMBERS)}"}}


def change(listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any], **how: Any) -> Result:
    return run_module("listmonk_settings", {**listmonk.connection, "url": proxy.url, "timeout": 2, **wish, **how})


def completes(listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any]) -> None:
    proxy.well_again()
    assert not change(listmonk, proxy, wish, timeout=30).failed
    again = change(listmonk, proxy, wish, timeout=30)
    assert not again.changed
    assert not again.writes


def let_it_restart(listmonk: FreshListmonk) -> None:
    """Wait for a restart that the module did not wait for."""
    sleep(1)  # it goes away half a second after the write
    ends = monotonic() + 60
    while True:
        try:
            listmonk.api("GET", "/api/config")
            return
        except RequestException:
            if monotonic() > ends:
                raise
            sleep(0.2)


def once_written(proxy: FaultProxy) -> Any:
    """Requests after the write."""
    return lambda seen: seen.method == "GET" and WRITE in proxy.log


@pytest.mark.parametrize("kind", ["502", "html", "reset_before"])
@pytest.mark.parametrize("request_line", BEFORE_THE_WRITE)
def test_a_fault_before_the_write_fails_and_nothing_is_written(
    listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any], request_line: str, kind: Kind
) -> None:
    proxy.fail(request_line, kind, times=10)
    failed = change(listmonk, proxy, wish)
    assert failed.failed
    assert not failed.writes
    assert request_line.split(" ")[1] in failed.msg


@pytest.mark.parametrize("kind", ["reset_before", "silent", "429", "502", "html"])
def test_a_write_that_did_not_arrive_fails_with_a_sentence_and_a_second_run_completes(
    listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any], kind: Kind
) -> None:
    proxy.fail(WRITE, kind)
    failed = change(listmonk, proxy, wish)
    assert failed.failed
    assert "/api/settings" in failed.msg
    assert proxy.log.count(WRITE) == 1
    completes(listmonk, proxy, wish)


@pytest.mark.parametrize("kind", ["reset_after", "502_after", "truncated"])
def test_a_write_whose_answer_was_lost_is_found_in_the_document_and_awaited(
    listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any], kind: Kind
) -> None:
    proxy.fail(WRITE, kind)
    done = change(listmonk, proxy, wish)
    assert done.changed
    assert done["restart"] == "done"
    assert proxy.log.count(WRITE) == 1
    assert listmonk.api("GET", "/api/settings")["app.site_name"] == wish["settings"]["app.site_name"]


def test_a_lost_answer_to_a_write_of_which_nothing_can_be_seen_is_passed_on(listmonk: FreshListmonk, proxy: FaultProxy) -> None:
    def secret(value: str) -> Result:
        return change(listmonk, proxy, {"secrets": {"bounce.sendgrid_key": value}}, update_password="always")

    assert secret("one").changed
    proxy.fail(WRITE, "reset_after")
    failed = secret("two")
    assert failed.failed
    assert "may" in failed.msg
    let_it_restart(listmonk)


@pytest.mark.parametrize("kind", ["502", "html", "reset_before"])
def test_a_proxy_that_shows_pages_during_the_restart_is_waited_out(
    listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any], kind: Kind
) -> None:
    proxy.fail(once_written(proxy), kind, times=7)
    done = change(listmonk, proxy, wish)
    assert done.changed
    assert done["restart"] == "done"


def test_a_server_that_does_not_come_back_is_said_with_what_was_written_and_how_to_repair_it(
    listmonk: FreshListmonk, proxy: FaultProxy, wish: dict[str, Any]
) -> None:
    proxy.fail(once_written(proxy), "502", times=1000)
    failed = change(listmonk, proxy, wish, restart_timeout=1)
    assert failed.failed
    assert "app.site_name are stored, but listmonk has not restarted within 1 s" in failed.msg
    assert "UPDATE settings SET value" in failed.msg
    assert failed["written"]["app.site_name"]["after"] == wish["settings"]["app.site_name"]
    let_it_restart(listmonk)
    completes(listmonk, proxy, wish)
