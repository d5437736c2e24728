# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/maintenance: throwing away what nobody needs any more."""

from __future__ import annotations

import itertools
import re
from datetime import datetime

from flask import Blueprint, Response, request

from ..access import needs
from ..answers import Problem, data
from ..audience import analytics, subscribers, subscriptions
from ..audience.refusals import passed_on
from ..state import State

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("maintenance", __name__)

    @blueprint.delete("/api/maintenance/subscribers/<kind>")
    @needs("settings:maintain")
    def delete_subscribers(kind: str) -> Response:
        actions = {"blocklisted": subscribers.delete_blocklisted, "orphan": subscribers.delete_without_lists}
        if kind not in actions:
            raise Problem(400, "Invalid data")
        with passed_on("Error deleting Subscribers"), state.db() as cur:
            return data({"count": actions[kind](cur)})

    @blueprint.delete("/api/maintenance/subscriptions/unconfirmed")
    @needs("settings:maintain")
    def delete_unconfirmed() -> Response:
        before = _instant("before_date")
        with passed_on("Error deleting Subscribers"), state.db() as cur:
            return data({"count": subscriptions.delete_unconfirmed(cur, before)})

    @blueprint.delete("/api/maintenance/analytics/<kind>")
    @needs("settings:maintain")
    def delete_analytics(kind: str) -> Response:
        before = _instant("before_date")
        kinds = tuple(analytics.TABLES) if kind == "all" else (_known(kind),)
        for each in kinds:
            with state.db() as cur:
                analytics.delete(cur, each, before)
        return data(True)

    @blueprint.get("/api/maintenance/analytics/<kind>/export")
    @needs("settings:maintain")
    def export_analytics(kind: str) -> Response:
        since = _instant("since")
        lines = analytics.rows(state.pool.connection(), _known(kind), since)
        first = next(lines, b"")  # without any, listmonk forgets the header line (recorded)
        response = Response(itertools.chain([analytics.header(kind), first], lines) if first else b"", content_type="text/csv")
        response.headers["Content-Disposition"] = f"attachment; filename=campaign_{kind}.csv"
        response.headers["Cache-Control"] = "no-cache"
        return response

    return blueprint


def _known(kind: str) -> str:
    if kind not in analytics.TABLES:
        raise Problem(400, "Invalid data")
    return kind


def _instant(parameter: str) -> datetime:
    text = request.args.get(parameter, "")
    try:
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise Problem(400, "Invalid data")
