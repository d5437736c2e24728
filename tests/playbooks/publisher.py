# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample publisher as a person runs it: the playbook configure with inventories/sandbox, against a listmonk of the test's own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.mail import MailCatcher
from tests.ansible_playbook import Run, environment_of, run_playbook
from tests.fresh_listmonk import ROOT, FreshListmonk

PLAYBOOK = "clarivum.mailing.configure"
READABLE = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
OWN_OF_A_SERVER = ("id", "uuid", "created_at", "updated_at")


@dataclass(frozen=True)
class Publisher:
    """``folder`` takes the place of what `make sandbox` leaves behind: where mails go, and how the listmonk is reached."""

    server: FreshListmonk
    folder: Path
    url: str

    def configure(self, *arguments: str, **variables: Any) -> Run:
        """One run of the playbook. Variables of the role are given without their prefix."""
        return run_playbook(Path(PLAYBOOK), self.folder, *self.arguments(*arguments, **variables), environment=READABLE)

    def arguments(self, *more: str, **variables: Any) -> list[str]:
        for_role = {f"listmonk_config_{name}": value for name, value in variables.items()}
        extra = json.dumps({"sandbox_state": str(self.folder), **for_role})
        # This listmonk stands in no AWS, so its token is in a file, and not in the process list.
        return ["-i", str(ROOT / "inventories" / "sandbox"), "-e", extra, "-e", f"@{self.folder / 'connection.json'}", *more]

    def start(self) -> subprocess.Popen[str]:
        """A run in a process group of its own, which can be killed."""
        return subprocess.Popen(
            ["ansible-playbook", PLAYBOOK, *self.arguments()],
            cwd=self.folder,
            env=environment_of(self.folder, **READABLE),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def state(self) -> dict[str, Any]:
        """All that the configuration speaks of, without what each server chooses by itself."""
        settings = self.server.api("GET", "/api/settings")
        lists = self.server.api("GET", "/api/lists", params={"per_page": "all"})["results"]
        people = self.server.api("GET", "/api/subscribers", params={"per_page": "all"})["results"]
        return {
            "settings": _bare({**settings, "app.root_url": None}),
            "lists": _bare(sorted(lists, key=lambda one: str(one["name"]))),
            "templates": _bare(sorted(self.server.api("GET", "/api/templates"), key=lambda one: str(one["name"]))),
            "people": {person["email"]: _person(person) for person in people},
        }


def publisher_of(server: FreshListmonk, folder: Path, mail: MailCatcher, url: str = "") -> Publisher:
    """The publisher whose listmonk is that server, reached at ``url`` if something stands in between."""
    folder.mkdir(exist_ok=True)
    connection = {"url": url or server.base_url, "username": server.api_user, "api_token": server.api_token}
    (folder / "connection.json").write_text(json.dumps({"listmonk_connection": connection, "aws_secrets_outputs": {}}))
    (folder / "mail.json").write_text(json.dumps({"host": mail.host, "port": mail.port}))
    return Publisher(server, folder, url or server.base_url)


def summary_of(run: Run) -> list[str]:
    """The lines with which the playbook ends."""
    said = run.stdout.partition("TASK [Say what came of it]")[2].partition("PLAY RECAP")[0]
    _before, found, listed = said.partition("msg:\n")
    assert found, run.output
    lines: list[str] = yaml.safe_load(listed)
    return lines


def changed(run: Run) -> int:
    """How many tasks changed something, from the recap."""
    recap = re.search(r"changed=(\d+) .*failed=0", run.stdout)
    assert recap, run.output
    return int(recap.group(1))


def kill_at_write(process: Callable[[], subprocess.Popen[str]], number: int) -> Callable[[Any], bool]:
    """For FaultProxy.fail: at the ``number``-th request that writes, the whole run is killed as if the power went."""
    writes = 0

    def matches(seen: Any) -> bool:
        nonlocal writes
        method, _, path = str(seen).partition(" ")
        if method in ("GET", "HEAD") or path in ("/api/templates/preview", "/api/settings/smtp/test"):
            return False
        writes += 1
        if writes == number:
            os.killpg(process().pid, signal.SIGKILL)
        return writes == number

    return matches


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items() if key not in OWN_OF_A_SERVER}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value


def _person(row: Mapping[str, Any]) -> dict[str, Any]:
    lists = {one["name"]: one["subscription_status"] for one in row["lists"]}
    return {"name": row["name"], "status": row["status"], "attribs": row["attribs"], "lists": lists}
