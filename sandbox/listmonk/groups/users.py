# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/users: human users and API users. Facts §1.11; the sentences and quirks are those of the recordings users_*."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from .. import sessions, users
from ..access import needs
from ..answers import Problem, data, path_id
from ..audience.addresses import BadAddress, sanitised
from ..audience.refusals import passed_on
from ..body import BOOL, INT, NULL_STRING, STRING, Bound, Struct, bind, optional
from ..database import Cursor
from ..install import random_string
from ..passwords import password_hash
from ..sentences import say
from ..state import State
from ..tokens import token_hash

USER = Struct(
    "auth.User",
    username=STRING,
    password=NULL_STRING,
    password_login=BOOL,
    email=NULL_STRING,
    name=STRING,
    type=STRING,
    status=STRING,
    user_role_id=INT,
    list_role_id=optional(INT),
)
LONGEST = 2000
TOKEN_LENGTH = 48
_USERNAME = re.compile(r"[a-zA-Z0-9_\-.@]+")
_FETCHING, _CREATING, _UPDATING, _DELETING = (f"Error {doing} User" for doing in ("fetching", "creating", "updating", "deleting"))


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("users", __name__)

    @blueprint.get("/api/users")
    @needs("users:get")
    def all_users() -> Response:
        with passed_on(f"{_FETCHING}s"), state.db() as cur:
            return data([_with_list_role(users.shown(row)) for row in users.find_all(cur)])

    @blueprint.get("/api/users/<id>")
    @needs("users:get")
    def one_user(id: str) -> Response:
        number = path_id(id)
        with passed_on(f"{_FETCHING}s"), state.db() as cur:
            return data(users.shown(existing(cur, number)))

    @blueprint.post("/api/users")
    @needs("users:manage")
    def create_user() -> Response:
        wanted = _trimmed(bind(USER))
        _refuse_bad_names(wanted)
        if wanted["type"] != "api":
            wanted["email"] = _address(wanted["email"])
            if wanted["password_login"]:
                refuse_bad_password(wanted["password"])
        with passed_on(_CREATING), state.db() as cur:
            created, token = _create(cur, wanted)
        _cache_again(state)
        return data(users.shown(created, password=token))

    @blueprint.put("/api/users/<id>")
    @needs("users:manage")
    def update_user(id: str) -> Response:
        wanted = _trimmed(bind(USER))
        _refuse_bad_names(wanted)
        number = path_id(id)
        if wanted["type"] != "api":
            wanted["email"] = _address(wanted["email"])
            if wanted["password_login"]:
                _refuse_missing_password(state, number, wanted["password"])
        with passed_on(_UPDATING), state.db() as cur:
            updated = _update(cur, number, wanted)
        if wanted["password"]:
            sessions.end_others(state, number)
        _cache_again(state)
        return data(users.shown(updated))

    @blueprint.delete("/api/users/<id>")
    @needs("users:manage")
    def delete_user(id: str) -> Response:
        _delete(state, [path_id(id)])
        return data(True)

    @blueprint.delete("/api/users")
    @needs("users:manage")
    def delete_users() -> Response:
        texts = [text for text in request.args.getlist("id") if text]
        if not all(re.fullmatch(r"[+-]?\d+", text) for text in texts):
            raise Problem(400, say("globals.messages.invalidID"))
        _delete(state, [int(text) for text in texts])
        return data(True)

    return blueprint


def _with_list_role(shown: dict[str, Any]) -> dict[str, Any]:
    """The search for all users shows an empty list role as one that opens list 0; the search for one user does not."""
    role = shown["list_role"]
    if role and role["lists"] is None:
        shown["list_role"] = {**role, "lists": [{"id": 0, "name": "", "permissions": []}]}
    return shown


def existing(cur: Cursor, number: int) -> dict[str, Any]:
    row = users.find(cur, "id", number)
    if row is None:
        raise Problem(404, say("globals.messages.notFound", name=say("globals.terms.user")))
    return row


def refuse_bad_password(password: str | None) -> None:
    if not 8 <= len((password or "").encode()) <= LONGEST:
        raise invalid("password")


def invalid(field: str) -> Problem:
    return Problem(400, say("globals.messages.invalidFields", name=field))


def _trimmed(wanted: Bound) -> Bound:
    wanted["username"] = wanted["username"].strip()
    wanted["name"] = wanted["name"].strip() or wanted["username"]
    return wanted


def _refuse_bad_names(wanted: Mapping[str, Any]) -> None:
    if not 3 <= len(wanted["username"].encode()) <= LONGEST or not _USERNAME.fullmatch(wanted["username"]):
        raise invalid("username")


def _address(text: str | None) -> str:
    try:
        return sanitised(text or "")
    except BadAddress:
        raise invalid("email") from None


def _refuse_missing_password(state: State, number: int, password: str | None) -> None:
    """A password that is sent must be long enough; none may be left out only by users who have one."""
    if password:
        refuse_bad_password(password)
        return
    with passed_on(f"{_FETCHING}s"), state.db() as cur:
        row = existing(cur, number)
    if not row["password"]:
        raise invalid("password")


def _create(cur: Cursor, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Unknown roles become NULL: a violation for the user role, silence for the list role."""
    token, stored, email, login = None, None, wanted["email"], wanted["password_login"]
    if wanted["type"] == "api":
        token = random_string(TOKEN_LENGTH)
        stored, email, login = token_hash(token), f"{wanted['username']}@api", False
    elif login and wanted["password"]:
        stored = password_hash(wanted["password"])
    row = cur.execute(
        """
        INSERT INTO users (username, password_login, password, email, name, type, user_role_id, list_role_id, status)
        VALUES (%(username)s, %(login)s, %(stored)s, %(email)s, %(name)s, %(type)s,
                (SELECT id FROM roles WHERE id = %(user_role)s AND type = 'user'),
                (SELECT id FROM roles WHERE id = %(list_role)s AND type = 'list'), %(status)s)
        RETURNING id
        """,
        {
            "username": wanted["username"],
            "login": login,
            "stored": stored,
            "email": email,
            "name": wanted["name"],
            "type": wanted["type"],
            "user_role": str(wanted["user_role_id"]),
            "list_role": None if wanted["list_role_id"] is None else str(wanted["list_role_id"]),
            "status": wanted["status"],
        },
    ).fetchone()
    assert row is not None
    return existing(cur, row["id"]), token


def _update(cur: Cursor, number: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Blank texts and role 0 keep what is stored; no list role takes it away; no password_login wipes a human's password.

    The last enabled super admin may be updated only by a body that keeps it so, as may everybody else while there is just one.
    """
    cur.execute("SELECT pg_advisory_xact_lock(hashtext('listmonk users'))")
    others = cur.execute(
        "SELECT FROM users WHERE id <> %s AND status = 'enabled' AND type = 'user' AND user_role_id = 1 LIMIT 1", [str(number)]
    ).fetchone()
    row = users.find(cur, "id", number)
    if row is None or (others is None and (wanted["user_role_id"] != 1 or wanted["status"] != "enabled")):
        raise Problem(400, say("users.needSuper"))
    stored = row["password"]
    if row["type"] != "api" or wanted["type"] not in ("", "api"):
        if not wanted["password_login"]:
            stored = None
        elif wanted["password"]:
            stored = password_hash(wanted["password"])
    cur.execute(
        """
        UPDATE users
           SET username = coalesce(nullif(%(username)s, ''), username),
               password_login = %(login)s,
               password = %(stored)s,
               email = coalesce(nullif(%(email)s, ''), email),
               name = coalesce(nullif(%(name)s, ''), name),
               type = coalesce(nullif(%(type)s, '')::user_type, type),
               user_role_id = CASE WHEN %(user_role)s = 0 THEN user_role_id
                                   ELSE (SELECT id FROM roles WHERE id = %(user_role)s AND type = 'user') END,
               list_role_id = CASE WHEN %(list_role)s = 0 THEN list_role_id
                                   ELSE (SELECT id FROM roles WHERE id = %(list_role)s AND type = 'list') END,
               status = coalesce(nullif(%(status)s, '')::user_status, status),
               updated_at = now()
         WHERE id = %(id)s
        """,
        {
            "id": number,
            "username": wanted["username"],
            "login": wanted["password_login"],
            "stored": stored,
            "email": wanted["email"] or "",
            "name": wanted["name"],
            "type": wanted["type"],
            "user_role": wanted["user_role_id"],
            "list_role": -1 if wanted["list_role_id"] is None else wanted["list_role_id"],
            "status": wanted["status"],
        },
    )
    return existing(cur, number)


def _delete(state: State, numbers: list[int]) -> None:
    """Nobody is deleted unless an enabled super admin is left. Several ids at once match nobody: no id equals all of them."""
    with passed_on(_DELETING), state.db() as cur:
        deleted = cur.execute(
            """
            DELETE FROM users
             WHERE id = ALL (%(ids)s::int[]) AND cardinality(%(ids)s::int[]) > 0
               AND EXISTS (SELECT FROM users AS other WHERE other.id <> ALL (%(ids)s::int[])
                                     AND other.user_role_id = 1 AND other.type = 'user' AND other.status = 'enabled')
            """,
            {"ids": [str(number) for number in numbers]},
        ).rowcount
    if not deleted:
        raise Problem(400, say("users.needSuper"))
    _cache_again(state)


def _cache_again(state: State) -> None:
    if state.api_users:
        state.api_users.reload()
