# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many declarations in one task: what it costs, and what is said when it fails on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ansible_playbook import Run, run_playbook
from tests.faults.scripted_server import FaultProxy
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

READ_LISTS = "GET /api/lists"
BULK = 150


def configure(folder: Path, url: str, listmonk: FreshListmonk, *lists: dict[str, object]) -> Run:
    """One task with these lists; its whole result is printed."""
    task = {"name": "All lists", "clarivum.mailing.listmonk_config": {"lists": list(lists)}}
    return run_playbook([task], folder, "-v", environment={**listmonk.environment, "LISTMONK_URL": url})


def test_a_bulk_of_lists_costs_two_readings_and_the_next_run_one(listmonk: FreshListmonk, tmp_path: Path) -> None:
    lists = [{"name": f"List {number:03}", "tags": ["bulk"]} for number in range(BULK)]
    with FaultProxy(listmonk.base_url) as proxy:
        first = configure(tmp_path, proxy.url, listmonk, *lists)
        assert first.code == 0, first.output
        assert proxy.log.count("POST /api/lists") == BULK
        assert proxy.log.count(READ_LISTS) == 2
        proxy.seen.clear()
        again = configure(tmp_path, proxy.url, listmonk, *lists)
        assert "changed=0" in again.stdout
        assert f"{BULK} lists as declared" in again.stdout
        assert proxy.log.count(READ_LISTS) == 1
        assert not any(line.startswith("POST") for line in proxy.log)


def test_a_failure_on_the_way_says_what_was_done_before_and_the_next_run_does_the_rest(listmonk: FreshListmonk, tmp_path: Path) -> None:
    lists = [{"name": f"Shelf {number}"} for number in range(4)]
    posts = 0

    def third_post(seen: object) -> bool:
        nonlocal posts
        posts += str(seen) == "POST /api/lists"
        return posts == 3

    with FaultProxy(listmonk.base_url) as proxy:
        proxy.fail(third_post, "500")
        failed = configure(tmp_path, proxy.url, listmonk, *lists)
        assert failed.code != 0
        assert "lists[2]: " in failed.stdout
        assert [name for name in ("Shelf 0", "Shelf 1", "Shelf 3") if f'"name": "{name}"' in failed.stdout] == ["Shelf 0", "Shelf 1"]
        proxy.well_again()
        rest = configure(tmp_path, proxy.url, listmonk, *lists)
        assert "2 lists created (Shelf 2, Shelf 3)" in rest.stdout


def test_entries_can_take_objects_away(listmonk: FreshListmonk, tmp_path: Path) -> None:
    listmonk.api("POST", "/api/lists", json={"name": "Old", "type": "private", "optin": "single"})
    run = configure(tmp_path, listmonk.base_url, listmonk, {"name": "Old", "state": "absent"}, {"name": "Never was", "state": "absent"})
    assert "1 list removed (Old)" in run.stdout
    assert "Old" not in [one["name"] for one in listmonk.api("GET", "/api/lists", params={"per_page": "all"})["results"]]
