# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that our code knows about mailing lists."""

from __future__ import annotations

import re
from typing import Any

from ..._core.errors import Refusal
from ..._core.fields import Field
from ..._core.plan import Plan
from ..._core.resource import Resource
from ..rest_store import UUID_OPTIONS, RestStore
from ..session import Session
from ..wish import Values, Wish

NAME_LIMIT = 2000
TAG_LIMIT = 100
"""PUT cuts a longer tag silently, POST answers 500 (listmonk 6.2.0, measured)."""


def stored_tags(tags: list[Any]) -> list[str]:
    """Tags as the server stores them: trimmed, inner blanks as one hyphen, empty ones dropped, case and order kept."""
    trimmed = (re.sub(r"[\t\n\v\f\r ]+", "-", str(tag).strip()) for tag in tags)
    return [tag for tag in trimmed if tag]


LISTS = Resource(
    kind="list",
    identity=("name",),
    fields=(
        Field(name="id", type="int", read_only=True),
        Field(name="uuid", type="str", read_only=True),
        Field(name="name", type="str", required=True),
        Field(name="type", type="str", choices=("private", "public"), default="private"),
        Field(name="optin", type="str", choices=("single", "double"), default="single"),
        Field(name="status", type="str", choices=("active", "archived"), default="active", since=(6, 0)),
        Field(name="tags", type="list", elements="str", default=[], normalise=stored_tags),
        # PUT keeps the old text when it is given a blank one (queries of 5.0 to 6.2).
        Field(name="description", type="str", default="", clearable=False),
        Field(name="created_at", type="str", read_only=True),
        Field(name="updated_at", type="str", read_only=True),
    ),
)

_SENT = ("name", "type", "optin", "status", "tags", "description")


def read_lists(session: Session) -> list[Values]:
    """Every list in one request: the search fails on punctuation, and its pages may overlap (facts measured on 6.2.0).

    Without a single list, ``minimal`` answers an empty array instead of an envelope of results.
    """
    answer = session.client.get("/api/lists", {"minimal": "true"}, expect=(dict, list))
    rows = answer if isinstance(answer, list) else answer.get("results") or []
    known = {field.name for field in LISTS}
    return [{**{key: value for key, value in row.items() if key in known}, "tags": row.get("tags") or []} for row in rows]


def _wanted(_session: Session, wish: Wish) -> Values:
    name = str(wish.values.get("name", ""))
    if not 0 < len(name) <= NAME_LIMIT:
        raise Refusal(f"a list's name has 1 to {NAME_LIMIT} characters; this one has {len(name)}.")
    if "\0" in "".join(str(value) for value in wish.values.values()):
        raise Refusal(f"list {name!r}: a NUL character cannot be stored.")
    for tag in stored_tags(wish.values.get("tags") or []):
        if len(tag) > TAG_LIMIT:
            raise Refusal(f"list {name!r}: the tag {tag[:40]!r}… has {len(tag)} characters; listmonk stores {TAG_LIMIT} at most.")
    return wish.values


def _body(_session: Session, plan: Plan) -> Values:
    """The whole list: PUT empties tags that are missing."""
    after = plan.after or {}
    return {key: after[key] for key in _SENT if key in after}


LIST_STORE = RestStore(resource=LISTS, path="/api/lists", read=read_lists, body=_body, options=UUID_OPTIONS, wanted=_wanted)
