# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane as one thing: attached to moto, emptied between tests, closed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from . import rds, tasks, watchdog
from .instances import Instances
from .place import Place
from .replacements import Replacements
from .tasks import Tasks


class DataPlane:
    def __init__(self, home: Path, endpoint_url: str, account: str, region: str, *, https_port: int = 0, http_port: int = 0) -> None:
        self.place = Place(home.absolute(), endpoint_url, account, region)
        self._https_port = https_port
        self._http_port = http_port
        self._replacements = Replacements()
        self._watchdog: subprocess.Popen[bytes] | None = None
        self.tasks = Tasks(self.place)
        self.instances = Instances(self.place)

    def attach(self) -> None:
        self.place.home.mkdir(parents=True, exist_ok=True)
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__, str(self.place.home)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        tasks.attach(self.tasks, self._replacements)
        rds.attach(self.instances, self._replacements)

    def reset(self) -> None:
        """End everything that runs. moto's records are reset by moto."""
        self.tasks.end_all()
        self.instances.end_all()
        for directory in (self.place.tasks, self.place.volumes, self.place.databases, self.place.snapshots):
            shutil.rmtree(directory, ignore_errors=True)

    def close(self) -> None:
        self.reset()
        self._replacements.undo()
        if self._watchdog is not None and self._watchdog.stdin is not None:
            self._watchdog.stdin.close()
            self._watchdog.wait(10)
            self._watchdog = None
