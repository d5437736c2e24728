# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is calling and what they may do: API tokens, sessions, permissions, with listmonk's own words for every refusal.

A view says what it needs; the check runs before the view, in listmonk's order (credentials, permission, then the ``:id``)::

    @blueprint.get("/api/subscribers/<id>")
    @needs("subscribers:get_all", "subscribers:get")     # any one of them; none given = any user
    def one_subscriber(id: str) -> Response:
        number = path_id(id)
        user = current_user()
        if not user.may("subscribers:get_all"): …

List-scoped checks (``kind`` is "get" or "manage"):
``user.check_lists(kind, ids)`` raises the bare 403; ``user.permitted_lists(kinds)`` -> None (all) or ids;
``user.filter_lists(kinds, ids)``; ``user.lists_to_query(ids)``.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Response, current_app, g, request

from . import sessions, users
from .answers import Problem, sent_to
from .state import State
from .tokens import token_hash

SUPER_ADMIN_ROLE = 1
Kind = Literal["get", "manage"]
View = Callable[..., Response]


@dataclass(frozen=True)
class User:
    """The caller. ``row`` is the user as the database has it (users.py)."""

    id: int
    username: str
    role_id: int
    permissions: frozenset[str]
    list_permissions: Mapping[int, frozenset[str]]
    row: Mapping[str, Any] = field(repr=False)
    session: str | None = field(default=None, repr=False)

    @property
    def lists_readable(self) -> list[int]:
        return [id for id, names in self.list_permissions.items() if "list:get" in names]

    @property
    def lists_manageable(self) -> list[int]:
        return [id for id, names in self.list_permissions.items() if "list:manage" in names]

    def may(self, permission: str) -> bool:
        """The finer checks inside a view look at the names on the role, for the super admin too (facts §8.9)."""
        return permission in self.permissions

    def check_lists(self, kind: Kind, ids: Iterable[int]) -> None:
        if self.may(f"lists:{kind}_all"):
            return
        for id in ids:
            if id > 0 and f"list:{kind}" not in self.list_permissions.get(id, frozenset()):
                raise Problem(403, "permission denied")

    def permitted_lists(self, kinds: Sequence[Kind]) -> list[int] | None:
        """None when every list is permitted, else the ids of those that are."""
        if any(self.may(f"lists:{kind}_all") for kind in kinds):
            return None
        if "get" in kinds and self.lists_readable:
            return self.lists_readable
        return self.lists_manageable if "manage" in kinds else []

    def filter_lists(self, kinds: Sequence[Kind], ids: Iterable[int]) -> list[int]:
        """Those of the ids that are permitted. With "get" among the kinds, list:manage does not count (listmonk's quirk)."""
        if any(self.may(f"lists:{kind}_all") for kind in kinds):
            return list(ids)
        needed = "list:get" if "get" in kinds else "list:manage"
        return [id for id in ids if needed in self.list_permissions.get(id, frozenset())]

    def lists_to_query(self, ids: Sequence[int]) -> list[int]:
        """The lists that a search of subscribers is limited to: [] is no limit, [-1] finds nothing."""
        permitted = self.filter_lists(("get", "manage"), ids)
        if not permitted and not self.may("subscribers:get_all"):
            return self.lists_readable or [-1]
        return permitted


class ApiUsers:
    """The enabled API users, read at boot and after every change of users or roles made through this process.

    listmonk keeps such a cache per process: what another process or psql changes is not seen until then.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._by_name: dict[str, User] = {}
        self.reload()

    def reload(self) -> None:
        with self._state.db() as cur:
            everybody = users.find_all(cur)
        self._by_name = {row["username"]: of_row(row) for row in everybody if row["type"] == "api" and row["status"] == "enabled"}
        self._state.needs_setup = not any(row["type"] == "user" for row in everybody)

    def find(self, username: str, token: str) -> User | None:
        user = self._by_name.get(username)
        if user is None or not hmac.compare_digest(str(user.row["password"] or ""), token_hash(token)):
            return None
        return user


def of_row(row: Mapping[str, Any], session: str | None = None) -> User:
    return User(
        id=row["id"],
        username=row["username"],
        role_id=row["user_role_id"],
        permissions=frozenset(row["user_role_permissions"] or ()),
        list_permissions={entry["id"]: frozenset(entry["permissions"]) for entry in row["list_role_lists"] or ()},
        row=row,
        session=session,
    )


def state_of_app() -> State:
    state: State = current_app.extensions["listmonk"]
    return state


def current_user() -> User:
    user: User = g.user
    return user


def needs(*permissions: str) -> Callable[[View], View]:
    """Let only callers in that have one of the permissions (any user when none is named). The super admin has them all."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Response:
            user = identify()
            if permissions and user.role_id != SUPER_ADMIN_ROLE and user.permissions.isdisjoint(permissions):
                raise Problem(403, f"permission denied: {permissions[-1]}")
            g.user = user
            return view(*args, **kwargs)

        return checked

    return decorate


def signed_in(view: View) -> View:
    """For pages: visitors without credentials are sent to the sign-in page."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Response:
        try:
            g.user = identify()
        except Problem:
            return sent_to(f"/admin/login?{urlencode({'next': request.full_path.rstrip('?')})}", 307)
        return view(*args, **kwargs)

    return checked


def identify() -> User:
    """The caller by token or session. Raises the 403 that listmonk answers (never a 401)."""
    header = request.headers.get("Authorization", "").strip()
    if "session=" in request.headers.get("Cookie", ""):  # any cookie whose text contains it, also foo=session=1
        header = ""
    state = state_of_app()
    if header:
        username, token = _credentials(header)
        user = state.api_users.find(username, token) if state.api_users else None
        if user is None:
            raise Problem(403, "invalid API credentials")
        return user
    found = sessions.find(state, request.cookies.get(sessions.COOKIE, ""))
    if found is None:
        raise Problem(403, "invalid session")
    return found


def _credentials(header: str) -> tuple[str, str]:
    if header.startswith("token"):
        text = header.removeprefix("token").strip(" ")
    elif header.startswith("Basic"):
        try:
            text = base64.b64decode(header.removeprefix("Basic").strip(" "), validate=True).decode("utf-8", "replace")
        except binascii.Error:
            raise Problem(403, "code=400, message=invalid Base64 value in Basic Authorization header") from None
    else:
        raise Problem(403, "code=400, message=unknown Authorization scheme")
    username, colon, token = text.partition(":")
    if not colon:
        raise Problem(403, "code=400, message=api_key:token missing")
    if not username or not token:
        raise Problem(403, "code=400, message=empty `api_key` or `token`")
    return username, token
