# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is it there, what is it: /health, /api/health, /api/about, /api/logs, /api/admin/reload."""

from __future__ import annotations

import os
import platform
import resource
import socket

from flask import Blueprint, Response

from .. import BUILD, VERSION
from ..access import needs
from ..answers import data, raw_json
from ..state import State

_CLOSED_TO_ROBOTS = ("/subscription/", "/campaign/", "/link/")
_ROBOTS = "User-agent: *\nAllow: /subscription/form\n" + "".join(f"Disallow: {path}\n" for path in _CLOSED_TO_ROBOTS)


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def public_health() -> Response:
        return data(True)

    @blueprint.get("/api/health")
    @needs()
    def health() -> Response:
        return data(True)

    @blueprint.get("/api/about")
    @needs()
    def about() -> Response:
        return raw_json(_about(state))

    @blueprint.get("/api/logs")
    @needs("settings:get")
    def logs() -> Response:
        return data(state.log.lines())

    @blueprint.post("/api/admin/reload")
    @needs("settings:manage")
    def reload() -> Response:
        state.restart()
        return data(True)

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        return Response(_ROBOTS, content_type="text/plain; charset=utf-8")

    return blueprint


def _about(state: State) -> dict[str, object]:
    with state.db() as cur:
        row = cur.execute("SELECT version(), pg_database_size(current_database()) / 1000000 AS size_mb").fetchone()
    assert row is not None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "version": VERSION,
        "build": BUILD,
        "go_version": f"none (Python {platform.python_version()})",
        "go_arch": platform.machine(),
        "database": {"version": row["version"], "size_mb": row["size_mb"]},
        "system": {"num_cpu": os.cpu_count(), "memory_alloc_mb": memory, "memory_from_os_mb": memory},
        "host": {"os": platform.system().lower(), "arch": platform.machine(), "hostname": socket.gethostname()},
    }
