# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/subscribers: the CSV export of many, and activity, bounces and the privacy report of one."""

from __future__ import annotations

import itertools
import json

from flask import Blueprint, Response, request

from ..access import current_user, needs
from ..answers import Problem, data, encode, path_id
from ..audience import subscriber_data, subscriber_export
from ..audience.refusals import passed_on
from ..audience.subscriber_queries import Unusable
from ..audience.visibility import check_subscribers
from ..state import State
from .subscribers import integers, search_of_query

# listmonk's sentence stands in itself (recorded).
_NO_REPORT = "Error fetching Subscribers: code=500, message=Error fetching Subscribers"
_READ = ("subscribers:get_all", "subscribers:get")


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("subscriber_data", __name__)

    @blueprint.get("/api/subscribers/export")
    @needs(*_READ)
    def export() -> Response:
        only, wanted = integers("id"), search_of_query()
        blocks = subscriber_export.rows(state.pool.connection(), wanted, only)
        try:
            with passed_on("Error fetching Subscribers"):
                first = next(blocks, b"")
        except Unusable as error:
            raise Problem(400, f"Error preparing subscriber query: {error}") from None
        response = Response(content_type="text/csv")
        response.headers["Content-Disposition"] = "attachment; filename=subscribers.csv"
        response.headers["Content-Transfer-Encoding"] = "binary"
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        if first:  # without any subscriber listmonk forgets the header line, too (recorded)
            content = subscriber_export.in_large_blocks(itertools.chain([subscriber_export.HEADER, first], blocks))
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.headers["Content-Encoding"] = "gzip"
                content = subscriber_export.gzipped(content)
            response.response = content
        return response

    @blueprint.get("/api/subscribers/<id>/activity")
    @needs(*_READ)
    def activity(id: str) -> Response:
        number = _visible(state, id)
        with passed_on("Error fetching activity", with_detail=False), state.db() as cur:
            return data(subscriber_data.activity(cur, number))

    @blueprint.get("/api/subscribers/<id>/export")
    @needs(*_READ)
    def report(id: str) -> Response:
        number = _visible(state, id)
        exportable = set(state.settings.get("privacy.exportable") or ())
        with passed_on(_NO_REPORT, with_detail=False), state.db() as cur:
            found = subscriber_data.report(cur, number, exportable)
        if found is None:  # what listmonk's driver says of a missing subscriber
            scan = 'sql: Scan error on column index 0, name "email": converting NULL to string is unsupported'
            raise Problem(500, f"{_NO_REPORT}: {scan}")
        body = json.dumps(json.loads(encode(found)), indent=2, ensure_ascii=False)
        return Response(
            body,
            content_type="application/json",
            headers={"Cache-Control": "no-cache", "Content-Disposition": 'attachment; filename="data.json"'},
        )

    @blueprint.get("/api/subscribers/<id>/bounces")
    @needs("bounces:get")
    def bounces(id: str) -> Response:
        number = _visible(state, id)
        with passed_on("Error fetching Bounce"), state.db() as cur:
            return data(subscriber_data.bounces(cur, number))

    @blueprint.delete("/api/subscribers/<id>/bounces")
    @needs("bounces:manage")
    def delete_bounces(id: str) -> Response:
        number = _visible(state, id)
        with passed_on("Error deleting Bounces"), state.db() as cur:
            subscriber_data.delete_bounces(cur, number)
        return data(True)

    return blueprint


def _visible(state: State, id: str) -> int:
    number = path_id(id)
    check_subscribers(state, current_user(), [number])
    return number
