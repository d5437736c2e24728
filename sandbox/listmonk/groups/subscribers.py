# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/subscribers: finding, reading, writing and deleting single subscribers."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Blueprint, Response, request

from ..access import current_user, needs
from ..answers import Problem, data, path_id
from ..audience import optin_mail, subscriber_queries, subscribers
from ..audience.addresses import SPACES, BadAddress, DomainRules, sanitised
from ..audience.attributes import normalised
from ..audience.names import name_of
from ..audience.paging import NotAnInteger, Page, ids, integer, order_by
from ..audience.refusals import detailed, passed_on
from ..audience.subscriber_body import NEW, PART, WHOLE
from ..audience.subscriber_queries import Search, Unusable, without_semicolon
from ..audience.visibility import check_sql, check_subscribers, manageable, masked
from ..body import bind
from ..state import State

LONGEST_NAME = 2000  # bytes; only changes are held to it, not new subscribers (recorded)


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("subscribers", __name__)
    rules = DomainRules.of(state.settings.get("privacy.domain_blocklist") or (), state.settings.get("privacy.domain_allowlist") or ())

    @blueprint.get("/api/subscribers")
    @needs("subscribers:get_all", "subscribers:get")
    def search() -> Response:
        user = current_user()
        wanted = search_of_query()
        page = Page.of(request.args)
        order = order_by(request.args, subscriber_queries.ORDER_COLUMNS, "subscribers.id")
        try:
            with passed_on("Error fetching Subscribers"), state.db() as cur:
                rows, total = subscriber_queries.page(cur, wanted, order, page.offset, page.limit)
                # null, not [], behind the last page (6.2.0)
                found = None if rows is None else [masked(user, one) for one in subscribers.with_lists(cur, rows)]
        except Unusable as error:
            raise Problem(400, f"Error preparing subscriber query: {error}") from None
        return data(page.envelope(found, total, query=wanted.condition, search=wanted.expression))

    @blueprint.get("/api/subscribers/<id>")
    @needs("subscribers:get_all", "subscribers:get")
    def one(id: str) -> Response:
        number = path_id(id)
        check_subscribers(state, current_user(), [number])
        return data(masked(current_user(), _existing(state, number)))

    @blueprint.post("/api/subscribers")
    @needs("subscribers:manage")
    def create() -> Response:
        wish = bind(NEW)
        wish["email"] = _address(wish["email"], rules)
        wish["name"] = name_of(wish["name"], wish["email"])
        wish["attribs"] = normalised(wish["attribs"])
        lists = manageable(current_user(), wish["lists"])
        try:
            with state.db() as cur:
                number = subscribers.insert(cur, wish, lists, _subscription_status(wish))
        except psycopg.Error as error:
            if error.diag.constraint_name == "subscribers_email_key":
                raise Problem(409, "E-mail already exists.") from None
            raise Problem(500, f"Error creating Subscriber: {detailed(error)}") from error
        created = _existing(state, number)
        _ask_for_confirmation(state, wish, created, lists)
        return data(created)

    @blueprint.put("/api/subscribers/<id>")
    @needs("subscribers:manage")
    def replace(id: str) -> Response:
        number = path_id(id)
        wish = bind(WHOLE)
        wish["email"] = _address(wish["email"], rules)
        _check_name(wish["name"])
        lists = manageable(current_user(), wish["lists"])
        check_subscribers(state, current_user(), [number])
        return _updated(state, number, wish, lists, replace_lists=True)

    @blueprint.patch("/api/subscribers/<id>")
    @needs("subscribers:manage")
    def change(id: str) -> Response:
        number = path_id(id)
        check_subscribers(state, current_user(), [number])
        existing = _existing(state, number)
        wish = bind(PART)
        for field in ("email", "name", "status"):
            if wish[field] is None:
                wish[field] = existing[field]
        if "attribs" not in wish.given:
            wish["attribs"] = existing["attribs"]
        elif wish["attribs"] is not None:  # top-level keys are merged; null clears them all
            wish["attribs"] = {**existing["attribs"], **wish["attribs"]}
        wish["id"] = wish["id"] or number
        wish["email"] = _address(wish["email"], rules)
        _check_name(wish["name"])
        lists = manageable(current_user(), wish["lists"])
        return _updated(state, number, wish, lists, replace_lists=wish["lists"] is not None)

    @blueprint.post("/api/subscribers/<id>/optin")
    @needs("subscribers:manage")
    def send_optin(id: str) -> Response:
        number = path_id(id)
        check_subscribers(state, current_user(), [number])
        if not optin_mail.send(state, _existing(state, number), []):
            raise Problem(500, "Error sending opt-in e-mail.")
        return data(True)

    @blueprint.delete("/api/subscribers/<id>")
    @needs("subscribers:manage")
    def delete(id: str) -> Response:
        return _deleted(state, [path_id(id)])

    @blueprint.delete("/api/subscribers")
    @needs("subscribers:manage")
    def delete_many() -> Response:
        try:
            numbers = ids(request.args.getlist("id"))
        except NotAnInteger as error:
            raise Problem(400, f"One or more IDs are invalid: {error}") from None
        if not numbers:
            raise Problem(400, "One or more IDs are invalid: ids")
        return _deleted(state, numbers)

    return blueprint


def search_of_query() -> Search:
    """The search in the query string, within the caller's lists and rights."""
    user = current_user()
    lists = user.lists_to_query(integers("list_id"))
    condition = without_semicolon(request.args.get("query", ""))
    check_sql(user, condition)
    return Search(request.args.get("search", "").strip(SPACES), condition, lists, request.args.get("subscription_status", ""))


def integers(parameter: str) -> list[int]:
    try:
        return [integer(text) for text in request.args.getlist(parameter) if text]
    except NotAnInteger:
        raise Problem(400, "Invalid ID(s)") from None


def _address(text: str, rules: DomainRules) -> str:
    try:
        return sanitised(text, rules)
    except BadAddress as error:
        raise Problem(400, str(error)) from None


def _check_name(name: str) -> None:
    if len(name.encode()) > LONGEST_NAME:
        raise Problem(400, "Invalid name.")


def _subscription_status(wish: dict[str, Any]) -> str:
    return "confirmed" if wish["preconfirm_subscriptions"] else "unconfirmed"


def _updated(state: State, id: int, wish: dict[str, Any], lists: list[int], *, replace_lists: bool) -> Response:
    user = current_user()
    wish["name"] = wish["name"].strip(SPACES)
    wish["attribs"] = normalised(wish["attribs"])
    with passed_on("Error updating Subscriber"), state.db() as cur:
        subscribers.update(
            cur,
            id,
            wish,
            lists,
            _subscription_status(wish),
            replace_lists=replace_lists,
            among=user.permitted_lists(("manage",)),
        )
    # listmonk looks for the answer by the body's own id, or by e-mail: a PUT of a missing id can answer with somebody else (6.2.0).
    shown = _existing(state, wish["id"]) if wish["id"] else _existing_email(state, wish["email"])
    _ask_for_confirmation(state, wish, shown, lists)
    return data(masked(user, shown))


def _ask_for_confirmation(state: State, wish: dict[str, Any], subscriber: dict[str, Any], lists: list[int]) -> None:
    """Every write asks again; that the mail cannot be sent does not fail the write."""
    if not wish["preconfirm_subscriptions"] and state.settings.get("app.send_optin_confirmation"):
        optin_mail.send(state, subscriber, lists)


def _deleted(state: State, numbers: list[int]) -> Response:
    check_subscribers(state, current_user(), numbers)
    with passed_on("Error deleting Subscribers"), state.db() as cur:
        subscribers.delete(cur, numbers)
    return data(True)


def _existing(state: State, id: int) -> dict[str, Any]:
    with passed_on("Error fetching Subscriber"), state.db() as cur:
        found = subscribers.find(cur, id)
    if found is None:
        raise Problem(400, f"Subscriber ({id}: ) not found")
    return found


def _existing_email(state: State, email: str) -> dict[str, Any]:
    with passed_on("Error fetching Subscriber"), state.db() as cur:
        found = subscribers.find_by_email(cur, email)
    if found is None:
        raise Problem(400, f"Subscriber (0: {email}) not found")
    return found
