# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail catcher of a sandbox as a process of its own (mail.py), found again by the sandbox's files."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from .failure import SandboxFailed
from .home import Home
from .processes import REPOSITORY, end_of, port_is_free, start

START_TIMEOUT_S = 60.0


def mails(home: Home) -> Path:
    return home.directory / "mails"


def address(home: Home) -> str | None:
    found = home.read("mail.json")
    return f"{found['host']}:{found['port']}" if found else None


def start_mail_catcher(home: Home) -> None:
    """Unless it runs. It keeps the port that it had before, which settings may know."""
    if home.process("mail"):
        return
    log = home.directory / "mail.log"
    log.unlink(missing_ok=True)
    port = home.read("mail.json").get("port", 0)
    command = [sys.executable, "-m", "sandbox.mail", "--directory", str(mails(home))]
    command += ["--port", str(port if port and port_is_free(port) else 0)]
    process = start(command, log=log, environment={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    deadline = time.monotonic() + START_TIMEOUT_S
    while not (said := re.search(r"catching mails on (\S+):(\d+)", log.read_text("utf-8"))):
        if not process.alive() or time.monotonic() > deadline:
            raise SandboxFailed(f"the mail catcher did not start: {end_of(log)}")
        time.sleep(0.02)
    home.note("mail", process)
    home.write("mail.json", {"host": said.group(1), "port": int(said.group(2))})
