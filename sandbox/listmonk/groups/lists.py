# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/lists"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ..access import current_user, needs
from ..answers import Problem, data, path_id
from ..audience import lists
from ..audience.paging import NotAnInteger, Page, ids, order_by, truth
from ..audience.refusals import passed_on
from ..body import PQ_STRINGS, STRING, Bound, Struct, bind
from ..state import State

LIST = Struct("models.List", name=STRING, type=STRING, optin=STRING, status=STRING, tags=PQ_STRINGS, description=STRING)
LONGEST_NAME = 2000  # bytes


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("lists", __name__)

    @blueprint.get("/api/lists")
    @needs()
    def search() -> Response:
        permitted = current_user().permitted_lists(("get",))
        query = request.args
        if truth(query.get("minimal", "")):
            with passed_on("Error fetching Lists"), state.db() as cur:
                found = lists.all_without_counts(cur, query.get("status", ""), permitted)
            # An empty array instead of an empty page: listmonk's own shape (6.2.0).
            return data(Page(1, len(found)).envelope(found, len(found)) if found else [])
        wanted = lists.Filter(
            search=query.get("query", "").strip(),
            type=query.get("type", ""),
            optin=query.get("optin", ""),
            status=query.get("status", ""),
            tags=query.getlist("tag"),
            permitted=permitted,
        )
        page = Page.of(query)
        order = order_by(query, lists.ORDER_COLUMNS, "created_at")
        with passed_on("Error fetching Lists"), state.db() as cur:
            found, total = lists.search(cur, wanted, order, page, cached=_cached(state))
        return data(page.envelope(found, total, query=wanted.search))

    @blueprint.get("/api/lists/<id>")
    @needs()
    def one(id: str) -> Response:
        number = path_id(id)
        current_user().check_lists("get", [number])
        return data(_existing(state, number))

    @blueprint.post("/api/lists")
    @needs("lists:manage_all")
    def create() -> Response:
        wish = _valid(bind(LIST))
        with passed_on("Error creating List"), state.db() as cur:
            number = lists.create(cur, wish)
        return data(_existing(state, number))

    @blueprint.put("/api/lists/<id>")
    @needs()
    def update(id: str) -> Response:
        number = path_id(id)
        current_user().check_lists("manage", [number])
        wish = _valid(bind(LIST))
        with passed_on("Error updating List"), state.db() as cur:
            found = lists.update(cur, number, wish)
        if not found:
            raise Problem(400, "List not found")
        return data(_existing(state, number))

    @blueprint.delete("/api/lists/<id>")
    @needs()
    def delete(id: str) -> Response:
        number = path_id(id)
        current_user().check_lists("manage", [number])
        with passed_on("Error deleting Lists"), state.db() as cur:
            lists.delete(cur, [number])
        return data(True)

    @blueprint.delete("/api/lists")
    @needs()
    def delete_many() -> Response:
        user = current_user()
        try:
            numbers = ids(request.args.getlist("id"))
        except NotAnInteger as error:
            raise Problem(400, f"One or more IDs are invalid: {error}") from None
        words = "" if numbers else request.args.get("query", "").strip()
        if not numbers and not words and request.args.get("all") != "true":
            raise Problem(400, "One or more IDs are invalid: id or query required")
        user.check_lists("manage", numbers)
        with passed_on("Error deleting Lists"), state.db() as cur:
            if numbers:
                lists.delete(cur, numbers)
            else:
                lists.delete_found(cur, words, user.permitted_lists(("manage",)))
        return data(True)

    return blueprint


def _valid(wish: Bound) -> Bound:
    if not 1 <= len(wish["name"].encode()) <= LONGEST_NAME:
        raise Problem(400, "Invalid name")
    return wish


def _existing(state: State, id: int) -> dict[str, Any]:
    with passed_on("Error fetching Lists"), state.db() as cur:
        found = lists.find(cur, id)
    if found is None:
        raise Problem(400, "List not found")
    return found


def _cached(state: State) -> bool:
    return bool(state.settings.get("app.cache_slow_queries"))
