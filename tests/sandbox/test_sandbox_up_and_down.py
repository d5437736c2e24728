# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m sandbox``: up, up again, look at it, down; crashes in between are made good by the next ``up``."""

from __future__ import annotations

import json
import os
import re
import smtplib
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.postgres import Cluster
from sandbox.processes import REPOSITORY, Process, free_port

pytestmark = [pytest.mark.server, pytest.mark.slow]


@dataclass(frozen=True)
class Sandbox:
    """The commands, in a state directory of their own."""

    state: Path
    name: str = "trial"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"SANDBOX_STATE": str(self.state), "SANDBOX_NAME": self.name, "SANDBOX_PORT": "", "PYTHON": sys.executable}
        return subprocess.run(
            [sys.executable, "-m", "sandbox", *arguments],
            env={**os.environ, **variables, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "160", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ok(self, *arguments: str, **environment: str) -> str:
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.state / self.name / name).read_text("utf-8")))

    def process(self, what: str) -> Process:
        found = self.read("processes.json")[what]
        return Process(found["pid"], found["started"])

    def get(self, path: str) -> requests.Response:
        access = self.read("listmonk.json")
        headers = {"Authorization": f"token {access['username']}:{access['api_token']}"}
        return requests.get(access["url"] + path, headers=headers, timeout=20)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    state = tmp_path_factory.mktemp("sandboxes")
    yield state
    for name in ("trial", "second"):
        Sandbox(state, name).run("down")
    Cluster(state / "postgres").stop()


@pytest.fixture
def sandbox(state: Path) -> Sandbox:
    sandbox = Sandbox(state)
    sandbox.ok("up")
    return sandbox


def test_up_leaves_what_ansible_needs_where_only_its_owner_reads_it(sandbox: Sandbox) -> None:
    file = sandbox.state / "trial" / "listmonk.json"
    assert set(sandbox.read("listmonk.json")) == {"url", "username", "api_token"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sandbox.get("/api/config").json()["data"]["version"] == "v6.2.0"


def test_a_second_up_finds_it_running(sandbox: Sandbox) -> None:
    before = sandbox.read("processes.json")
    assert "up already" in sandbox.ok("up")
    assert sandbox.read("processes.json") == before


@pytest.mark.parametrize("victim", ["listmonk", "mail"])
def test_what_was_killed_is_started_again_with_the_same_data_and_addresses(sandbox: Sandbox, victim: str) -> None:
    access, mail = sandbox.read("listmonk.json"), sandbox.read("mail.json")
    sandbox.process(victim).end(timeout=0)
    assert sandbox.run("status").returncode == 3
    sandbox.ok("up")
    assert (sandbox.read("listmonk.json"), sandbox.read("mail.json")) == (access, mail)
    assert sandbox.get("/api/lists?minimal=true").json()["data"]["total"] == 2
    assert sandbox.run("status").returncode == 0


def test_mails_are_kept_and_shown(sandbox: Sandbox) -> None:
    address = sandbox.read("mail.json")
    for subject in ("Grüße aus der Sandbox", "Second"):
        with smtplib.SMTP(address["host"], address["port"]) as server:
            text = f"Subject: {subject}\nFrom: a@example.org\nTo: b@example.org\nContent-Type: text/plain; charset=utf-8\n\nHello [bold]there\n"
            server.sendmail("a@example.org", ["b@example.org"], text.encode())
    listed = sandbox.ok("mail")
    assert re.search(r"1.*a@example.org.*b@example.org.*Grüße aus der Sandbox", listed) and "Second" in listed
    assert "Hello [bold]there" in sandbox.ok("mail", "2")
    missing = sandbox.run("mail", "9")
    assert missing.returncode == 1 and "there is no mail 9; there are 2" in missing.stderr


def test_the_log_and_the_next_steps_never_hold_the_token(sandbox: Sandbox) -> None:
    token = sandbox.read("listmonk.json")["api_token"]
    shown = sandbox.ok("logs") + sandbox.ok("next-steps") + sandbox.ok("status")
    assert "http server started on" in shown and "sandbox-down" in shown
    assert token not in shown


def test_two_sandboxes_are_up_beside_each_other(sandbox: Sandbox) -> None:
    second = Sandbox(sandbox.state, "second")
    second.ok("up")
    assert second.read("listmonk.json")["url"] != sandbox.read("listmonk.json")["url"]
    second.ok("down")
    assert sandbox.get("/health").ok


def test_down_ends_everything_and_removes_the_data(sandbox: Sandbox) -> None:
    processes = [sandbox.process(what) for what in ("listmonk", "mail")]
    assert "its data is removed" in sandbox.ok("down")
    assert not any(process.alive() for process in processes)
    assert not (sandbox.state / "trial").exists()
    assert Cluster(sandbox.state / "postgres").pid is None
    assert "not up" in sandbox.ok("down")


def test_another_program_can_stand_in_for_the_sandboxs_listmonk(state: Path, tmp_path: Path) -> None:
    program = tmp_path / "other-listmonk"
    program.write_text(f'#!/bin/sh\necho "$PWD $*" >> {tmp_path}/calls\nexec {REPOSITORY}/sandbox/bin/listmonk "$@"\n')
    program.chmod(0o755)
    sandbox = Sandbox(state)
    sandbox.ok("up", SANDBOX_LISTMONK=str(program), SANDBOX_LISTMONK_CWD=str(tmp_path))
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == [f"{tmp_path} --config  --install --idempotent --yes", f"{tmp_path} --config "]
    sandbox.ok("down")


def test_listmonks_refusal_to_start_is_said(state: Path, tmp_path: Path) -> None:
    program = tmp_path / "broken-listmonk"
    program.write_text("#!/bin/sh\necho 'the disk is full'\nexit 7\n")
    program.chmod(0o755)
    failed = Sandbox(state).run("up", SANDBOX_LISTMONK=str(program))
    assert failed.returncode == 1
    assert "ended with status 7: the disk is full" in failed.stderr and "Traceback" not in failed.stderr
    Sandbox(state).ok("down")


def test_a_bad_name_or_port_is_refused_with_a_good_one(state: Path) -> None:
    named = Sandbox(state, "no/such").run("up")
    assert named.returncode == 1 and "SANDBOX_NAME is 'no/such'" in named.stderr
    port = Sandbox(state).run("up", SANDBOX_PORT="http")
    assert port.returncode == 1 and "it must be a port number such as 9000" in port.stderr


def test_a_fixed_port_is_used(state: Path) -> None:
    port = free_port()
    sandbox = Sandbox(state)
    sandbox.ok("up", SANDBOX_PORT=str(port))
    assert sandbox.read("listmonk.json")["url"] == f"http://127.0.0.1:{port}"
    sandbox.ok("down")
