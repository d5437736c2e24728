# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container's own health check: a command that is run again and again beside the process."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .cannot_start import CannotStart
from .container import Container, at_address
from .pace import CHECK_S, patience


@dataclass(frozen=True)
class ContainerHealthCheck:
    command: tuple[str, ...]
    timeout: float
    retries: int
    start_period: float

    def statuses(self, plan: Container, ended: threading.Event) -> Iterator[str]:
        """HEALTHY or UNHEALTHY after each check that decides it, until the task has ended."""
        started = time.monotonic()
        failures = 0
        while not ended.is_set():
            if self._passes(plan):
                failures = 0
                yield "HEALTHY"
            elif time.monotonic() - started > self.start_period:
                failures += 1
                if failures >= self.retries:
                    yield "UNHEALTHY"
            ended.wait(CHECK_S)

    def _passes(self, plan: Container) -> bool:
        try:
            done = subprocess.run(
                self.command,
                cwd=plan.directory,
                env=dict(plan.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self.timeout,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


def container_health_check(definition: Mapping[str, Any], address: str) -> ContainerHealthCheck | None:
    given = definition.get("healthCheck")
    if not given or given["command"][0] == "NONE":
        return None
    ports = [int(mapping["containerPort"]) for mapping in definition.get("portMappings") or []]
    kind, *words = (at_address(word, ports, address) for word in given["command"])
    if kind not in ("CMD", "CMD-SHELL"):
        raise CannotStart(f"a health check's command begins with CMD or CMD-SHELL, not with {kind!r}")
    return ContainerHealthCheck(
        command=("/bin/sh", "-c", " ".join(words)) if kind == "CMD-SHELL" else tuple(words),
        timeout=float(given.get("timeout", 5)),
        retries=int(given.get("retries", 3)),
        start_period=patience(float(given.get("startPeriod", 0))),
    )
