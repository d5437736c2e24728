# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of one sandbox: what it told others, and which of its processes run.

``processes.json`` holds their numbers; what others read (``listmonk.json``, ``mail.json``, ``aws.json``) is beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import Process


@dataclass(frozen=True)
class Home:
    directory: Path

    def read(self, name: str) -> dict[str, Any]:
        """Empty when there is no such file."""
        try:
            found: dict[str, Any] = json.loads((self.directory / name).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def write(self, name: str, value: Mapping[str, Any], *, secret: bool = False) -> None:
        """Renamed into place: whoever reads it finds a whole one."""
        text = json.dumps(value, indent=2) + "\n"
        new = self.directory / f"{name}.new"
        write_secret(new, text) if secret else new.write_text(text, "utf-8")
        new.rename(self.directory / name)

    def note(self, what: str, process: Process) -> None:
        known = self.read("processes.json")
        self.write("processes.json", {**known, what: {"pid": process.pid, "started": process.started}})

    def process(self, what: str) -> Process | None:
        """The running one of that name."""
        found = self.read("processes.json").get(what)
        process = Process(found["pid"], found["started"]) if found else None
        return process if process and process.alive() else None

    def knows(self, what: str) -> bool:
        """Was a process of that name started here, whether it still runs or not?"""
        return what in self.read("processes.json")


def write_secret(path: Path, text: str) -> None:
    """Readable by its owner only, from its first moment on."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
