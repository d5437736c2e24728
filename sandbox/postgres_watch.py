# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a PostgreSQL server that nobody has been connected to for a while: ``python -m sandbox.postgres_watch DIRECTORY SECONDS``.

Cluster.start() starts one beside the server, so that test runs leave nothing running. A listmonk keeps a connection open, so a
sandbox that is up keeps its server.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psycopg

from .postgres import Cluster


def watch(cluster: Cluster, seconds: float) -> None:
    """Returns when the server has ended, by us or by somebody else."""
    last_used = time.monotonic()
    while cluster.pid is not None:
        if _is_used(cluster):
            last_used = time.monotonic()
        elif time.monotonic() - last_used >= seconds:
            cluster.stop()
            return
        time.sleep(min(30.0, seconds / 3))


def _is_used(cluster: Cluster) -> bool:
    try:
        return cluster.connections() > 0
    except psycopg.Error:
        return False  # ending, or too busy to answer: looked at again before anything is done


if __name__ == "__main__":
    watch(Cluster(Path(sys.argv[1])), float(sys.argv[2]))
