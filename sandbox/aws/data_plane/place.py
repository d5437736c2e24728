# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the data plane of one sandbox is: its files, the endpoint its tasks call, its account and region."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "SANDBOX_AWS_HOME"  # in the environment of every process that runs for a sandbox: the watchdog knows them by it


@dataclass(frozen=True)
class Place:
    home: Path
    endpoint_url: str
    account: str
    region: str

    @property
    def tasks(self) -> Path:
        """One directory a running task: what its container's working directory is."""
        return self.home / "tasks"

    @property
    def volumes(self) -> Path:
        return self.home / "volumes"

    @property
    def databases(self) -> Path:
        return self.home / "databases"

    @property
    def snapshots(self) -> Path:
        return self.home / "snapshots"
