# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/campaigns: reading only. Everything else about campaigns answers 501 (unbuilt.py)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ..access import current_user, needs
from ..answers import Problem, data, path_id
from ..audience import campaigns
from ..audience.paging import Page, order_by, truth
from ..audience.refusals import passed_on
from ..state import State


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("campaigns", __name__)

    @blueprint.get("/api/campaigns")
    @needs("campaigns:get_all", "campaigns:get")
    def search() -> Response:
        query, page = request.args, Page.of(request.args)
        wanted = campaigns.Filter(query.get("query", "").strip(), query.getlist("status"), query.getlist("tag"), _permitted_lists())
        with passed_on("Error fetching Campaign"), state.db() as cur:
            found, total = campaigns.search(cur, wanted, order_by(query, campaigns.ORDER_COLUMNS, "created_at"), page)
        if not found:  # listmonk's empty page has no numbers at all (6.2.0)
            return data({"results": [], "search": "", "query": "", "total": 0, "per_page": 0, "page": 0})
        if truth(query.get("no_body", "")):
            found = [{**_bodiless(campaign), "body_source": None} for campaign in found]
        return data(page.envelope(found, total, query=wanted.search))

    @blueprint.get("/api/campaigns/<id>")
    @needs("campaigns:get_all", "campaigns:get")
    def one(id: str) -> Response:
        number, permitted = path_id(id), _permitted_lists()
        with passed_on("Error fetching Campaign"), state.db() as cur:
            if permitted is not None and not campaigns.is_on(cur, number, permitted):
                raise Problem(403, "Permission denied: campaigns:get")
            found = campaigns.find(cur, number)
        if found is None:
            raise Problem(400, "Campaign not found")
        return data(_bodiless(found) if truth(request.args.get("no_body", "")) else found)

    return blueprint


def _permitted_lists() -> list[int] | None:
    """None for users who may see all campaigns, or all lists."""
    user = current_user()
    return None if user.may("campaigns:get_all") else user.permitted_lists(("get", "manage"))


def _bodiless(campaign: dict[str, Any]) -> dict[str, Any]:
    return {**campaign, "body": ""}
