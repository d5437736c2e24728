# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audience on a fresh listmonk, as a test sets it up and looks at it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.action_in_process import Actions
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result

IMPORT = "/api/import/subscribers"


@dataclass(frozen=True)
class Audience:
    """A server with one list, ``Newsletter``, and a folder for files."""

    server: FreshListmonk
    folder: Path
    list_id: int

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def imports(self, *, check: bool = False, task: dict[str, Any] | None = None, **options: Any) -> Result:
        given = {"lists": ["Newsletter"], **options} if options.get("mode") != "blocklist" else options
        return Actions(self.server, "listmonk_subscriber_import", self.folder).run(check=check, task=task, **given)

    def three_times(self, **options: Any) -> tuple[Result, Result, Result]:
        """In check mode, for real, and again. Checking and repeating must write nothing, and predict and confirm the numbers."""
        before = self.everybody()
        checked = self.imports(check=True, **options)
        assert not checked.writes
        assert self.everybody() == before
        done = self.imports(**options)
        assert not done.failed, done.msg
        after = self.everybody()
        again = self.imports(**options)
        assert not again.writes
        assert self.everybody() == after
        for key in ("rows", "accepted", "rejected", "rejected_rows", "distinct", "created", "updated", "unsubscribed", "protected"):
            assert checked.get(key) == done.get(key), key
        return checked, done, again

    def person(self, email: str, *, name: str = "", attribs: dict[str, Any] | None = None, newsletter: str | None = "confirmed") -> int:
        """Make a subscriber whose subscription has that status (None: on no list)."""
        body = {"email": email, "name": name or email.partition("@")[0], "attribs": attribs or {}}
        if newsletter is not None:
            body |= {"lists": [self.list_id], "preconfirm_subscriptions": newsletter == "confirmed"}
        made: int = self.server.api("POST", "/api/subscribers", json=body)["id"]
        if newsletter == "unsubscribed":
            self.server.api(
                "PUT", "/api/subscribers/lists", json={"ids": [made], "action": "unsubscribe", "target_list_ids": [self.list_id]}
            )
        return made

    def everybody(self) -> dict[str, dict[str, Any]]:
        """Everybody by address, with the subscription to the newsletter as one word."""
        page = self.server.api("GET", "/api/subscribers", params={"per_page": 1000})
        return {row["email"]: self._described(row) for row in page["results"] or []}

    def of(self, email: str) -> dict[str, Any]:
        return self.everybody()[email]

    def newsletter_of(self, email: str) -> str:
        return str(self.of(email)["newsletter"])

    def _described(self, row: dict[str, Any]) -> dict[str, Any]:
        mine = [one["subscription_status"] for one in row["lists"] if one["id"] == self.list_id]
        return {"name": row["name"], "status": row["status"], "attribs": row["attribs"], "newsletter": mine[0] if mine else "none"}

    def uploads_by_hand(self, text: str, **parameters: Any) -> dict[str, Any]:
        """An import that somebody else makes; returns the state in which it ended."""
        given = {"mode": "subscribe", "subscription_status": "confirmed", "delim": ",", "lists": [self.list_id], **parameters}
        self.server.api("POST", IMPORT, data={"params": json.dumps(given)}, files={"file": ("by-hand.csv", text)})
        return self.waits()

    def people(self) -> int:
        """How many are on the list. Not asked of listmonk, whose page takes half a minute until PostgreSQL knows that the tables have grown."""
        with psycopg.connect(self.server.database_url) as database:
            row = database.execute("SELECT count(*) FROM subscriber_lists WHERE list_id = %s", [self.list_id]).fetchone()
        assert row is not None
        return int(row[0])

    def waits(self) -> dict[str, Any]:
        """Wait until no import is running; returns the last one's state."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            state: dict[str, Any] = self.server.api("GET", IMPORT)
            if state["status"] not in ("importing", "stopping"):
                return state
            time.sleep(0.05)
        raise AssertionError("an import does not end")


def settle(server: FreshListmonk) -> None:
    """Make way for the removal of whom an earlier test imported.

    An import that was stopped can keep its transaction for ever (as on the original), and nobody can then delete whom it wrote. And until
    PostgreSQL has counted anew, it takes the tables for empty and compares everybody with everybody: minutes.
    """
    with psycopg.connect(server.database_url, autocommit=True) as database:
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
            " AND state_change < clock_timestamp() - interval '0.5 s'"
        )
        database.execute("ANALYZE subscribers, subscriber_lists")


def audience_on(server: FreshListmonk, folder: Path) -> Audience:
    """An audience of nobody."""
    settle(server)
    server.api("POST", "/api/subscribers/query/delete", json={"all": True})
    made = server.api("POST", "/api/lists", json={"name": "Newsletter", "type": "private", "optin": "single"})
    return Audience(server, folder, made["id"])
