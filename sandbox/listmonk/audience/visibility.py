# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users who may see some lists only get to see of subscribers (6.2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..access import User
from ..answers import Problem
from ..state import State
from . import subscribers
from .refusals import passed_on


def check_subscribers(state: State, user: User, ids: Sequence[int]) -> None:
    """Refuse subscribers that are on none of the user's lists; missing ones pass."""
    permitted = user.permitted_lists(("get", "manage"))
    if permitted is None:
        return
    with passed_on("Error fetching Subscriber"), state.db() as cur:
        seen = subscribers.on_any_list(cur, ids, permitted)
    for id, visible in seen.items():
        if not visible:
            raise Problem(403, f"Permission denied: subscriber: {id}")


def manageable(user: User, lists: Sequence[int] | None) -> list[int]:
    """Those of the lists that the user may manage; 403 when lists are named and none of them is."""
    wanted = list(lists or ())
    left = user.filter_lists(("manage",), wanted)
    if wanted and not left:
        raise Problem(403, "Permission denied: lists")
    return left


def check_sql(user: User, condition: str) -> None:
    if condition and not user.may("subscribers:sql_query"):
        raise Problem(403, "Permission denied: subscribers:sql_query")


def masked(user: User, subscriber: dict[str, Any]) -> dict[str, Any]:
    """The subscriber with the names of foreign lists hidden."""
    if user.may("lists:get_all") or user.may("lists:manage_all"):
        return subscriber
    known = {*user.lists_readable, *user.lists_manageable}
    return {**subscriber, "lists": [entry if entry["id"] in known else _hidden(entry) for entry in subscriber["lists"]]}


def _hidden(entry: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in entry.items() if key != "description"}
    return {**shown, "name": "*Unknown", "restricted": True}
