# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""What no recording shows, but a real 6.2.0 did."""

import csv
import io
import json
import time
from typing import Any

import psycopg
import pytest
import requests

from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

HEADER = b"email,name,attributes\n"


def imported(listmonk: FreshListmonk, content: bytes, name: str = "people.csv", **options: Any) -> dict[str, Any]:
    """The state at the end of an import."""
    wish = {"mode": "subscribe", "subscription_status": "confirmed", "delim": ",", "lists": [1], **options}
    listmonk.api("POST", "/api/import/subscribers", files=[("params", (None, json.dumps(wish))), ("file", (name, content))])
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        state: dict[str, Any] = listmonk.api("GET", "/api/import/subscribers")
        if state["status"] not in ("importing", "stopping"):
            return state
        time.sleep(0.02)
    raise AssertionError(f"the import did not end: {state}")


def log(listmonk: FreshListmonk) -> str:
    return str(listmonk.api("GET", "/api/import/subscribers/logs"))


def test_a_row_that_the_database_refuses_fails_the_import_if_another_came_before_it(listmonk: FreshListmonk) -> None:
    nothing = b'b@nul.example,B,"{""a"":""\\u0000""}"\n'
    assert imported(listmonk, HEADER + b"a@nul.example,A,\n" + nothing)["status"] == "failed"
    assert "error executing insert: pq: unsupported Unicode escape sequence" in log(listmonk)
    assert "error committing to DB: sql: transaction has already been committed or rolled back" in log(listmonk)
    assert imported(listmonk, HEADER + nothing) == {"name": "people.csv", "total": 1, "imported": 0, "status": "finished"}


def test_a_file_in_another_encoding_stops_at_its_first_umlaut_and_is_called_finished(listmonk: FreshListmonk) -> None:
    state = imported(listmonk, HEADER + b"l@latin.example,M\xfcller,\nm@latin.example,M,\n")
    assert (state["status"], state["imported"]) == ("finished", 0)
    assert 'invalid byte sequence for encoding "UTF8": 0xfc' in log(listmonk)


def test_a_file_that_breaks_off_keeps_its_rows_locked(pristine_listmonk: FreshListmonk) -> None:
    state = imported(pristine_listmonk, HEADER + b'john@example.com,J,\nq@broken.example,A"x,\n')
    assert (state["status"], state["imported"]) == ("failed", 0)
    assert "error reading CSV 'parse error on line 3, column 19: bare" in log(pristine_listmonk)
    time.sleep(0.5)
    assert pristine_listmonk.database_url is not None
    with psycopg.connect(pristine_listmonk.database_url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute("UPDATE subscribers SET name = 'x' WHERE email = 'john@example.com'")


def test_an_import_without_attributes_wipes_those_of_known_people_when_it_may_overwrite(listmonk: FreshListmonk) -> None:
    imported(listmonk, b"email,name\nanon@example.com,\n", overwrite_userinfo=True)
    found = listmonk.api("GET", "/api/subscribers", params={"query": "subscribers.email = 'anon@example.com'"})["results"][0]
    assert (found["name"], found["attribs"]) == ("Anon", {})
    assert listmonk.api("GET", "/api/subscribers", params={"query": "subscribers.attribs = 'null'"})["total"] >= 1


def test_an_export_can_be_imported_again_and_gives_the_same_export(listmonk: FreshListmonk) -> None:
    listmonk.api("POST", "/api/subscribers", json={"email": "z@quote.example", "name": 'Z, "q"\\', "attribs": {"a": 'x,"y"\n'}})
    exported = export(listmonk)
    state = imported(listmonk, exported, overwrite_userinfo=True)
    assert (state["status"], state["imported"]) == ("finished", len(people(exported)))
    assert people(export(listmonk)) == people(exported)


def export(listmonk: FreshListmonk) -> bytes:
    headers = {"Authorization": f"token {listmonk.api_user}:{listmonk.api_token}"}
    return requests.get(f"{listmonk.base_url}/api/subscribers/export", headers=headers, timeout=30).content


def people(exported: bytes) -> list[tuple[str, str, str]]:
    return [(row["email"], row["name"], row["attributes"]) for row in csv.DictReader(io.StringIO(exported.decode(), newline=""))]
