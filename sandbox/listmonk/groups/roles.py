# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/roles: user roles with permissions, list roles with what they open. Facts §1.11 and §11.1; recordings roles_*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from ..access import SUPER_ADMIN_ROLE, needs
from ..answers import Problem, data, path_id
from ..audience.refusals import passed_on
from ..body import INT, NULL_STRING, PQ_STRINGS, Bound, Struct, bind, list_of
from ..database import Cursor
from ..permissions import ALL_PERMISSIONS, LIST_PERMISSIONS
from ..sentences import say
from ..state import State
from .users import LONGEST, invalid

USER_ROLE = Struct("auth.Role", name=NULL_STRING, permissions=PQ_STRINGS)
LIST_ROLE = Struct("auth.ListRole", name=NULL_STRING, lists=list_of(Struct("auth.ListPermission", id=INT, permissions=PQ_STRINGS)))
_CREATING, _UPDATING_USER_ROLE, _UPDATING_LIST_ROLE = "Error creating Role", "Error updating User role", "Error updating List roles"


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("roles", __name__)

    @blueprint.get("/api/roles/users")
    @needs("roles:get")
    def user_roles() -> Response:
        with passed_on("Error fetching role"), state.db() as cur:
            found = cur.execute("SELECT * FROM roles WHERE type = 'user' AND parent_id IS NULL ORDER BY created_at, id").fetchall()
        return data([_user_role(row) for row in found])

    @blueprint.get("/api/roles/lists")
    @needs("roles:get")
    def list_roles() -> Response:
        with passed_on("Error fetching role"), state.db() as cur:
            return data([_list_role(row, row["lists"]) for row in _find_list_roles(cur)])

    @blueprint.post("/api/roles/users")
    @needs("roles:manage")
    def create_user_role() -> Response:
        wanted = bind(USER_ROLE)
        _refuse_bad_user_role(wanted)
        with passed_on(_CREATING), state.db() as cur:
            row = _create(cur, wanted["name"], "user", wanted["permissions"])
        return data(_user_role(row))

    @blueprint.post("/api/roles/lists")
    @needs("roles:manage")
    def create_list_role() -> Response:
        wanted = bind(LIST_ROLE)
        _refuse_bad_list_role(wanted)
        with passed_on(_CREATING), state.db() as cur:
            row = _create(cur, wanted["name"], "list", [])
        _replace_lists(state, row["id"], wanted["lists"] or [], _CREATING)
        return data(_list_role(row, None))

    @blueprint.put("/api/roles/users/<id>")
    @needs("roles:manage")
    def update_user_role(id: str) -> Response:
        number = _changeable(id)
        wanted = bind(USER_ROLE)
        _refuse_bad_user_role(wanted)
        row = _update(state, number, wanted["name"], wanted["permissions"], _UPDATING_USER_ROLE)
        _cache_again(state)
        return data(_user_role(row))

    @blueprint.put("/api/roles/lists/<id>")
    @needs("roles:manage")
    def update_list_role(id: str) -> Response:
        number = _changeable(id)
        wanted = bind(LIST_ROLE)
        _refuse_bad_list_role(wanted)
        row = _update(state, number, wanted["name"], [], _UPDATING_LIST_ROLE)
        _replace_lists(state, number, wanted["lists"] or [], "Error creating List roles")
        _cache_again(state)
        return data(_list_role(row, None))

    @blueprint.delete("/api/roles/<id>")
    @needs("roles:manage")
    def delete_role(id: str) -> Response:
        number = _changeable(id)
        with passed_on("Error deleting Role"), state.db() as cur:
            cur.execute("DELETE FROM roles WHERE id = %s", [str(number)])
        _cache_again(state)
        return data(True)

    return blueprint


def _changeable(text: str) -> int:
    number = path_id(text)
    if number == SUPER_ADMIN_ROLE:
        raise Problem(400, say("globals.messages.invalidID"))
    return number


def _refuse_bad_name(name: str | None) -> None:
    if not 1 <= len((name or "").encode()) <= LONGEST:
        raise invalid("name")


def _refuse_bad_user_role(wanted: Bound) -> None:
    _refuse_bad_name(wanted["name"])
    for permission in wanted["permissions"] or ():
        if permission not in ALL_PERMISSIONS:
            raise invalid(f"permission: {permission}")


def _refuse_bad_list_role(wanted: Bound) -> None:
    _refuse_bad_name(wanted["name"])
    for entry in wanted["lists"] or ():
        for permission in entry["permissions"] or ():
            if permission not in LIST_PERMISSIONS:
                raise invalid(f"list permission: {permission}")


def _create(cur: Cursor, name: str, kind: str, permissions: list[str] | None) -> dict[str, Any]:
    row = cur.execute("INSERT INTO roles (name, type, permissions) VALUES (%s, %s, %s) RETURNING *", [name, kind, permissions]).fetchone()
    assert row is not None
    return row


def _update(state: State, number: int, name: str, permissions: list[str] | None, sentence: str) -> dict[str, Any]:
    """listmonk does not look at the role's type: a list role can be renamed and given permissions as a user role."""
    with passed_on(sentence), state.db() as cur:
        row = cur.execute(
            "UPDATE roles SET name = %s, permissions = %s WHERE id = %s AND parent_id IS NULL RETURNING *",
            [name.strip(), permissions, str(number)],
        ).fetchone()
    if row is None:
        raise Problem(500, f"{sentence}: sql: no rows in result set")
    return row


def _replace_lists(state: State, role: int, entries: list[Bound], sentence: str) -> None:
    """A statement of its own: when it fails, the role is there (or renamed) all the same.

    listmonk words the failure twice over. Entries without permissions are left out.
    """
    opened = [(entry["id"], entry["permissions"][:2]) for entry in entries if entry["permissions"]]
    kept = [str(list_id) for list_id, _permissions in opened]
    with passed_on(f"{sentence}: code=500, message={_CREATING}"), state.db() as cur:
        cur.execute("DELETE FROM roles WHERE parent_id = %s AND list_id <> ALL (%s::int[])", [role, kept])
        cur.execute(
            """
            INSERT INTO roles (parent_id, list_id, permissions, type)
            SELECT %(role)s, entry.list_id, string_to_array(entry.permissions, ' '), 'list'
              FROM unnest(%(lists)s::int[], %(permissions)s::text[]) AS entry (list_id, permissions)
                ON CONFLICT (parent_id, list_id) DO UPDATE SET permissions = excluded.permissions
            """,
            {"role": role, "lists": kept, "permissions": [" ".join(permissions) for _list_id, permissions in opened]},
        )


def _find_list_roles(cur: Cursor) -> list[dict[str, Any]]:
    return cur.execute(
        """
        SELECT role.*,
               (SELECT coalesce(json_agg(json_build_object('id', child.list_id, 'name', l.name, 'permissions', child.permissions)
                                         ORDER BY child.id), '[]')
                  FROM roles AS child LEFT JOIN lists AS l ON l.id = child.list_id
                 WHERE child.parent_id = role.id) AS lists
          FROM roles AS role
         WHERE role.type = 'list' AND role.parent_id IS NULL
         ORDER BY role.created_at, role.id
        """
    ).fetchall()


def _user_role(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("id", "created_at", "updated_at", "type", "name", "permissions")
    return {**{key: row[key] for key in shown}, "lists": None}


def _list_role(row: Mapping[str, Any], lists: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The answers of POST and PUT do not hold the lists."""
    return {**{key: row[key] for key in ("id", "created_at", "updated_at", "name")}, "lists": lists}


def _cache_again(state: State) -> None:
    if state.api_users:
        state.api_users.reload()
