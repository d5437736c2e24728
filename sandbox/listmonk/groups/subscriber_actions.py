# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/subscribers: blocklisting and managing lists, by id and by query."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Blueprint, Response

from ..access import User, current_user, needs
from ..answers import Problem, data, path_id
from ..audience import subscriber_queries, subscribers, subscriptions
from ..audience.addresses import SPACES
from ..audience.refusals import passed_on
from ..audience.subscriber_body import SELECTION
from ..audience.subscriber_queries import Search, without_semicolon
from ..audience.visibility import check_sql, check_subscribers, manageable
from ..body import Bound, bind
from ..database import Cursor
from ..state import State

_TYPE_ERROR = re.compile(r"Unmarshal type error: expected=(.*), got=(.*), field=(.*), offset=\d+")
_SYNTAX_ERROR = re.compile(r"Syntax error: offset=\d+, error=(.*)")


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("subscriber_actions", __name__)

    @blueprint.put("/api/subscribers/<id>/blocklist")
    @needs("subscribers:manage")
    def blocklist_one(id: str) -> Response:
        return _blocklisted(state, [path_id(id)])

    @blueprint.put("/api/subscribers/blocklist")
    @needs("subscribers:manage")
    def blocklist_many() -> Response:
        chosen = _selection()
        if not chosen["ids"]:
            raise Problem(400, "One or more IDs are invalid: ids")
        return _blocklisted(state, chosen["ids"])

    @blueprint.put("/api/subscribers/lists")
    @needs("subscribers:manage")
    def manage_lists() -> Response:
        return _lists_managed(state, None)

    @blueprint.put("/api/subscribers/lists/<id>")
    @needs("subscribers:manage")
    def manage_lists_of_one(id: str) -> Response:
        """Acts on the id of the path; that of the body only has to be there (6.2.0)."""
        if not id.isascii() or not id.isdigit() or int(id) < 1:
            raise Problem(400, "Invalid ID(s)")
        return _lists_managed(state, int(id))

    @blueprint.post("/api/subscribers/query/delete")
    @needs("subscribers:manage")
    def delete_found() -> Response:
        found = _search_or_everybody(current_user(), bind(SELECTION))
        return _done(state, found, "Error deleting Subscribers", lambda cur: subscriber_queries.delete(cur, found))

    @blueprint.put("/api/subscribers/query/blocklist")
    @needs("subscribers:manage")
    def blocklist_found() -> Response:
        found = _search_or_everybody(current_user(), bind(SELECTION))
        return _done(state, found, "Error blocklisting subscribers", lambda cur: subscriber_queries.blocklist(cur, found))

    @blueprint.put("/api/subscribers/query/lists")
    @needs("subscribers:manage")
    def manage_lists_of_found() -> Response:
        user, chosen = current_user(), bind(SELECTION)
        if not chosen["target_list_ids"]:
            raise Problem(400, "No lists given.")
        found = _search(user, chosen)
        targets = user.filter_lists(("manage",), chosen["target_list_ids"])
        actions: dict[str, Callable[[Cursor], None]] = {
            "add": lambda cur: subscriber_queries.subscribe(cur, found, targets, chosen["status"]),
            "remove": lambda cur: subscriber_queries.remove(cur, found, targets),
            "unsubscribe": lambda cur: subscriber_queries.unsubscribe(cur, found, targets),
        }
        return _done(state, found, "Error updating Subscribers", _known(actions, chosen["action"]))

    return blueprint


def _selection() -> Bound:
    """These calls answer an unreadable body with a sentence about ids."""
    try:
        return bind(SELECTION)
    except Problem as problem:
        reason = f"code={problem.status}, message={problem.message}{_cause(problem.message)}"
        raise Problem(400, f"One or more IDs are invalid: {reason}") from None


def _cause(message: str) -> str:
    """The error inside the framework's error, which these calls show, too."""
    if found := _TYPE_ERROR.fullmatch(message):
        expected, got, field = found.groups()
        return f", internal=json: cannot unmarshal {got} into Go struct field subQueryReq.{field} of type {expected}"
    if found := _SYNTAX_ERROR.fullmatch(message):
        return f", internal={found[1]}"
    return f", internal={message}" if message == "unexpected EOF" else ""


def _search_or_everybody(user: User, chosen: Bound) -> Search:
    """Everybody only with all=true, which makes search and query moot."""
    if chosen["all"]:
        chosen["search"] = chosen["query"] = ""
    elif not chosen["search"].strip(SPACES) and not without_semicolon(chosen["query"]):
        raise Problem(400, "Invalid fields: query")
    return _search(user, chosen)


def _search(user: User, chosen: Bound) -> Search:
    condition = without_semicolon(chosen["query"])
    check_sql(user, condition)
    lists = user.lists_to_query(chosen["list_ids"] or [])
    return Search(chosen["search"].strip(SPACES), condition, lists, chosen["subscription_status"])


def _blocklisted(state: State, numbers: list[int]) -> Response:
    check_subscribers(state, current_user(), numbers)
    with passed_on("Error blocklisting subscribers", with_detail=False), state.db() as cur:
        subscribers.blocklist(cur, numbers)
    return data(True)


def _lists_managed(state: State, only: int | None) -> Response:
    user, chosen = current_user(), _selection()
    if not chosen["ids"]:
        raise Problem(400, "No IDs given.")
    if not chosen["target_list_ids"]:
        raise Problem(400, "No lists given.")
    numbers = chosen["ids"] if only is None else [only]
    check_subscribers(state, user, numbers)
    lists = manageable(user, chosen["target_list_ids"])
    actions: dict[str, Callable[[Cursor], None]] = {
        "add": lambda cur: subscriptions.add(cur, numbers, lists, chosen["status"]),
        "remove": lambda cur: subscriptions.remove(cur, numbers, lists),
        "unsubscribe": lambda cur: subscriptions.unsubscribe(cur, numbers, lists),
    }
    act = _known(actions, chosen["action"])
    with passed_on("Error updating Subscribers", with_detail=False), state.db() as cur:
        act(cur)
    return data(True)


def _known(actions: dict[str, Callable[[Cursor], None]], action: str) -> Callable[[Cursor], None]:
    if action not in actions:
        raise Problem(400, "Invalid action.")
    return actions[action]


def _done(state: State, search: Search, sentence: str, act: Callable[[Cursor], None]) -> Response:
    with passed_on(sentence):
        with state.db() as cur:
            subscriber_queries.rehearse(cur, search)
        with state.db() as cur:
            act(cur)
    return data(True)
