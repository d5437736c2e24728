# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS runs, run for real on this machine, inside moto's process: tasks, services, databases, load balancers, certificates.

>>> plane = attach(home=Path("…"), endpoint_url="http://127.0.0.1:5000", account="123456789012", region="eu-central-1")
>>> plane.close()

moto keeps the records and answers the API; the data plane starts processes for what the records say and writes into them what became
of it. All that it starts listens on loopback addresses and ends with the process (watchdog.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plane import DataPlane


def attach(*, home: Path, endpoint_url: str, account: str, region: str, https_port: int = 0, http_port: int = 0) -> DataPlane:
    """``https_port`` and ``http_port`` fix the loopback port of the first listener of each kind; 0 takes a free one."""
    from .plane import DataPlane  # and with it moto, which takes seconds

    plane = DataPlane(home, endpoint_url, account, region, https_port=https_port, http_port=http_port)
    plane.attach()
    return plane
