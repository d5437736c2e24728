# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane as one thing: attached to moto, emptied between tests, closed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import acm, load_balancers, rds, scaling, services, tasks, watchdog
from .certificates import Authority
from .instances import Instances
from .load_balancers import LoadBalancers
from .place import Place
from .replacements import Replacements
from .services import Services
from .target_health import TargetHealth
from .tasks import Tasks


class DataPlane:
    def __init__(self, home: Path, endpoint_url: str, account: str, region: str, *, https_port: int = 0, http_port: int = 0) -> None:
        self.place = Place(home.absolute(), endpoint_url, account, region)
        self._replacements = Replacements()
        self._watchdog: subprocess.Popen[bytes] | None = None
        self.place.home.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(self.place.home)
        self.tasks = Tasks(self.place)
        self.instances = Instances(self.place, self.authority)
        self.health = TargetHealth(lambda: self.services.wake())
        self.services = Services(self.tasks, self.health)
        self.balancers = LoadBalancers(self.place, self.health, self.authority, {"HTTPS": https_port, "HTTP": http_port})

    def attach(self) -> None:
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__, str(self.place.home)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        tasks.attach(self.tasks, self._replacements)
        services.attach(self.services, self._replacements)
        scaling.attach(self.services, self._replacements)
        rds.attach(self.instances, self._replacements)
        load_balancers.attach(self.balancers, self._replacements)
        acm.attach(self.authority, self._replacements)
        self.health.watch()
        self.services.watch()

    def load_balancers(self) -> list[dict[str, Any]]:
        return self.balancers.shown()

    def reset(self) -> None:
        """End everything that runs. moto's records are reset by moto."""
        self.balancers.end_all()
        self.services.end_all()
        self.tasks.end_all()
        self.health.end_all()
        self.instances.end_all()
        for directory in (self.place.tasks, self.place.volumes, self.place.databases, self.place.snapshots):
            shutil.rmtree(directory, ignore_errors=True)

    def close(self) -> None:
        self.services.close()
        self.health.close()
        self.reset()
        self._replacements.undo()
        if self._watchdog is not None and self._watchdog.stdin is not None:
            self._watchdog.stdin.close()
            self._watchdog.wait(10)
            self._watchdog = None
