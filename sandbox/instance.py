# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox without AWS: one listmonk with its database and a mail catcher, found again by name.

Its files are in <state directory>/<name>: ``listmonk.json`` (url, username, api_token; for inventories/sandbox; mode 0600),
``mail.json`` (host, port), ``admin-password`` (mode 0600), ``processes.json``, ``listmonk.log``, ``mail.log``, ``mails/*.eml``.

``SANDBOX_LISTMONK`` names another program to run as listmonk, a real one for instance, and ``SANDBOX_LISTMONK_CWD`` the directory to
run it in. ``SANDBOX_NAME`` names the sandbox, so that several can be up beside each other; ``SANDBOX_PORT`` fixes listmonk's port.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .failure import SandboxFailed
from .home import Home, write_secret
from .locks import locked
from .mail_catcher import start_mail_catcher
from .postgres import Cluster, state_directory
from .processes import HOST, REPOSITORY, end_of, environment_for_listmonk, free_port, port_is_free, start

USUAL_PORT = 9000
START_TIMEOUT_S = 60.0
OWN_AFTER_S = 15.0
API_USER = "ansible"


@dataclass(frozen=True)
class Sandbox:
    name: str

    @property
    def home(self) -> Home:
        return Home(state_directory() / self.name)

    @property
    def cluster(self) -> Cluster:
        return Cluster(state_directory() / "postgres")

    @property
    def database(self) -> str:
        return f"sandbox_{self.name}"

    @property
    def log(self) -> Path:
        return self.home.directory / "listmonk.log"

    @property
    def url(self) -> str | None:
        return self.home.read("listmonk.json").get("url")

    def is_up(self) -> bool:
        return self.home.process("mail") is not None and self.home.process("listmonk") is not None and _answers(f"{self.url}/health")

    def up(self) -> bool:
        """Start what does not run; False when everything ran already."""
        with locked(state_directory() / f"{self.name}.lock"):
            if self.is_up():
                return False
            if self.home.knows("aws"):
                raise SandboxFailed(f"the sandbox {self.name} has an AWS; end it first with 'python -m sandbox down'")
            self.home.directory.mkdir(parents=True, exist_ok=True)
            self.cluster.start()
            start_mail_catcher(self.home)
            environment = self._listmonk_environment()
            self._install(environment)
            self._start_listmonk(environment)
            return True

    def down(self) -> bool:
        """End what runs and remove what it wrote; False when there was nothing."""
        with locked(state_directory() / f"{self.name}.lock"):
            there = self.home.directory.exists()
            for what in ("listmonk", "mail"):
                process = self.home.process(what)
                if process:
                    process.end()
            if self.cluster.pid is not None:
                self.cluster.drop_database(self.database)
                if not self.cluster.connections():
                    self.cluster.stop()
            shutil.rmtree(self.home.directory, ignore_errors=True)
            return there

    def _install(self, environment: Mapping[str, str]) -> None:
        """Set the database up, with a super admin for people and one for Ansible, unless it is: then bring it to this version."""
        if self.database in self.cluster.databases() and "api_token" in self.home.read("listmonk.json"):
            self._run(environment, "--upgrade", "--yes")
            return
        self.cluster.drop_database(self.database)
        self.cluster.create_database(self.database)
        password = secrets.token_urlsafe(12)
        users = {"LISTMONK_ADMIN_USER": "admin", "LISTMONK_ADMIN_PASSWORD": password, "LISTMONK_ADMIN_API_USER": API_USER}
        said = self._run({**environment, **users}, "--install", "--idempotent", "--yes")
        token = re.search(r'LISTMONK_ADMIN_API_TOKEN="([^"]+)"', said)
        if token is None:
            raise SandboxFailed(f"{_program()} --install printed no API token; it must be listmonk 5.0 or newer")
        url = f"http://{environment['LISTMONK_app__address']}"
        self.home.write("listmonk.json", {"url": url, "username": API_USER, "api_token": token.group(1)}, secret=True)
        write_secret(self.home.directory / "admin-password", password + "\n")

    def _start_listmonk(self, environment: Mapping[str, str]) -> None:
        process = self.home.process("listmonk")
        if process:
            process.end()  # it runs but does not answer
        started = start([_program(), "--config", ""], log=self.log, environment=environment, cwd=_directory())
        self.home.note("listmonk", started)
        url = f"http://{environment['LISTMONK_app__address']}"
        began = time.monotonic()
        while not self._is_ours(url, time.monotonic() - began):
            if not started.alive() or time.monotonic() - began > START_TIMEOUT_S:
                raise SandboxFailed(f"listmonk did not start: {end_of(self.log)}")
            time.sleep(0.05)

    def _is_ours(self, url: str, seconds: float) -> bool:
        """Whether our listmonk answers there. Somebody else may have taken the port since it was found free; theirs does not know our token.

        If a person has taken that token away, the process that still lives after OWN_AFTER_S has the port: without it, it would have ended.
        """
        known = self.home.read("listmonk.json")
        if _answers(f"{url}/api/profile", Authorization=f"token {known['username']}:{known['api_token']}"):
            return True
        return seconds > OWN_AFTER_S and self.home.process("listmonk") is not None and _answers(f"{url}/health")

    def _listmonk_environment(self) -> dict[str, str]:
        variables = self.cluster.listmonk_environment(self.database)
        return environment_for_listmonk(**variables, LISTMONK_app__address=f"{HOST}:{self._port()}")

    def _port(self) -> int:
        """The one of the last start, so that what knows it goes on working; else the usual one; else a free one."""
        fixed = os.environ.get("SANDBOX_PORT", "")
        if fixed:
            if not fixed.isdigit():
                raise SandboxFailed(f"SANDBOX_PORT is {fixed!r}; it must be a port number such as {USUAL_PORT}")
            return int(fixed)
        last = (self.url or "").rpartition(":")[2]
        if last:
            return int(last)
        return USUAL_PORT if port_is_free(USUAL_PORT) else free_port()

    def _run(self, environment: Mapping[str, str], *arguments: str) -> str:
        """Run listmonk to its end; its output, which is not to be shown: it can hold the token."""
        done = subprocess.run(
            [_program(), "--config", "", *arguments], env=dict(environment), cwd=_directory(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            last = (done.stdout + done.stderr).strip().splitlines()[-1:]
            raise SandboxFailed(f"{_program()} {' '.join(arguments)} ended with status {done.returncode}: {' '.join(last)}")
        return done.stdout + done.stderr


def _program() -> str:
    return os.environ.get("SANDBOX_LISTMONK") or str(REPOSITORY / "sandbox" / "bin" / "listmonk")


def _directory() -> Path | None:
    given = os.environ.get("SANDBOX_LISTMONK_CWD")
    return Path(given) if given else None


def _answers(url: str, **headers: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5).close()
        return True
    return False
