# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox with an AWS: an empty account and a mail catcher, for ``deploy`` to build an estate in.

Its files are in <state directory>/<name>: ``aws.json`` (endpoint_url, region, account, https_url, ca_path, zone_id, host_name; for
inventories/sandbox), ``mail.json`` (host, port), ``processes.json``, ``aws.log``, ``mail.log``, ``mails/*.eml``, ``aws/`` (what the
account's tasks and databases keep).

The account's only content is a public hosted zone, as an operator's account has one before the first deploy. Its load balancer's HTTPS
listener gets the port of ``https_url``: SANDBOX_PORT, else the one of the last start, else 9443, else a free one. The account is in
memory: what ends its process empties it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import postgres_binaries
from .aws.data_plane import seed
from .failure import SandboxFailed
from .home import Home
from .locks import locked
from .mail_catcher import start_mail_catcher
from .postgres import state_directory
from .processes import HOST, REPOSITORY, Process, end_of, free_port, port_is_free, start

USUAL_PORT = 9443
ZONE = "sandbox.example"
HOST_NAME = f"lists.{ZONE}"
START_TIMEOUT_S = 120.0
END_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class AwsSandbox:
    name: str

    @property
    def home(self) -> Home:
        return Home(state_directory() / self.name)

    @property
    def log(self) -> Path:
        return self.home.directory / "aws.log"

    @property
    def endpoint_url(self) -> str | None:
        return self.home.read("aws.json").get("endpoint_url")

    @property
    def region(self) -> str | None:
        return self.home.read("aws.json").get("region")

    @property
    def https_url(self) -> str | None:
        return self.home.read("aws.json").get("https_url")

    @property
    def ca_path(self) -> str | None:
        return self.home.read("aws.json").get("ca_path")

    def is_up(self) -> bool:
        running = self.home.process("mail") is not None and self.home.process("aws") is not None
        return running and self.endpoint_url is not None and _answers(self.endpoint_url)

    def up(self) -> bool:
        """Start what does not run; False when everything ran already."""
        with locked(state_directory() / f"{self.name}.lock"):
            if self.is_up():
                return False
            if self.home.knows("listmonk"):
                raise SandboxFailed(f"the sandbox {self.name} is one without AWS; end it first with 'python -m sandbox down'")
            self.home.directory.mkdir(parents=True, exist_ok=True)
            start_mail_catcher(self.home)
            seed.prepare(postgres_binaries.find())  # without PostgreSQL it is said now, and not by the first deploy's database
            if self.home.process("aws") is None:
                self._start()
            return True

    def down(self) -> bool:
        """End what runs and remove what it wrote; False when there was nothing."""
        with locked(state_directory() / f"{self.name}.lock"):
            there = self.home.directory.exists()
            for what in ("aws", "mail"):
                process = self.home.process(what)
                if process:
                    process.end(timeout=END_TIMEOUT_S)
            shutil.rmtree(self.home.directory, ignore_errors=True)
            return there

    def client(self, service: str) -> Any:
        """To look at the account; any credentials do."""
        import boto3  # takes a while, and only some commands need it

        make: Any = boto3.client
        return make(service, endpoint_url=self.endpoint_url, region_name=self.region, aws_access_key_id="x", aws_secret_access_key="x")

    def _start(self) -> None:
        https, http = self._ports()
        self.log.unlink(missing_ok=True)
        shutil.rmtree(self._state, ignore_errors=True)
        command = [sys.executable, "-m", "sandbox.aws", "--home", str(self._state)]
        command += ["--https-port", str(https), "--http-port", str(http)]
        process = start(command, log=self.log, environment={**os.environ, "PYTHONPATH": str(REPOSITORY)})
        self.home.note("aws", process)
        facts = self._wait(process)
        self.home.write(
            "aws.json",
            {
                "endpoint_url": facts["endpoint_url"],
                "region": facts["region"],
                "account": facts["account"],
                "https_url": f"https://{HOST}:{https}",
                "ca_path": str(self._state / "ca.pem"),
                "host_name": HOST_NAME,
            },
        )
        zone = self.client("route53").create_hosted_zone(Name=ZONE, CallerReference=f"sandbox {time.time_ns()}")
        self.home.write("aws.json", {**self.home.read("aws.json"), "zone_id": zone["HostedZone"]["Id"].rpartition("/")[2]})

    @property
    def _state(self) -> Path:
        return self.home.directory / "aws"

    def _wait(self, process: Process) -> dict[str, Any]:
        """The first line that it prints."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            for line in self.log.read_text("utf-8", "replace").splitlines():
                if line.startswith('{"endpoint_url"'):
                    found: dict[str, Any] = json.loads(line)
                    return found
            if not process.alive() or time.monotonic() > deadline:
                process.end(timeout=0)
                raise SandboxFailed(f"the sandbox's AWS did not start: {end_of(self.log)}")
            time.sleep(0.05)

    def _ports(self) -> tuple[int, int]:
        """Of HTTPS and of HTTP."""
        fixed = os.environ.get("SANDBOX_PORT", "")
        if fixed and not fixed.isdigit():
            raise SandboxFailed(f"SANDBOX_PORT is {fixed!r}; it must be a port number such as {USUAL_PORT}")
        last = (self.https_url or "").rpartition(":")[2]
        https = int(fixed or last or USUAL_PORT)
        if not port_is_free(https):
            if fixed:
                raise SandboxFailed(f"SANDBOX_PORT is {fixed}, and something else listens there")
            https = free_port()
        return https, free_port()


def _answers(url: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        urllib.request.urlopen(f"{url}/sandbox/load-balancers", timeout=10).close()
        return True
    return False
