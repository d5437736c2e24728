# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/dashboard: the numbers of the start page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ..access import needs
from ..answers import data
from ..audience.refusals import passed_on
from ..audience.statistics import DASHBOARD_CHARTS, DASHBOARD_COUNTS, refresh
from ..state import State


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("dashboard", __name__)

    @blueprint.get("/api/dashboard/counts")
    @needs()
    def counts() -> Response:
        return data(_read(state, DASHBOARD_COUNTS, "dashboard stats"))

    @blueprint.get("/api/dashboard/charts")
    @needs()
    def charts() -> Response:
        return data(_read(state, DASHBOARD_CHARTS, "dashboard charts"))

    return blueprint


def _read(state: State, view: str, name: str) -> Any:
    with passed_on(f"Error fetching {name}"), state.db() as cur:
        refresh(cur, view, cached=bool(state.settings.get("app.cache_slow_queries")))
        row = cur.execute(f"SELECT data FROM {view}").fetchone()
    return row["data"] if row else None
