# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users with their roles, as rows and as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .database import Cursor
from .passwords import is_password

_SELECT = """
SELECT u.id, u.created_at, u.updated_at, u.username, u.password, u.password_login, u.email, u.name, u.type, u.status, u.avatar,
       u.twofa_type, u.twofa_key, u.loggedin_at,
       role.id AS user_role_id, role.name AS user_role_name, role.permissions AS user_role_permissions,
       list_role.id AS list_role_id, list_role.name AS list_role_name,
       (SELECT json_agg(json_build_object('id', child.list_id, 'name', l.name, 'permissions', child.permissions) ORDER BY child.id)
          FROM roles AS child LEFT JOIN lists AS l ON l.id = child.list_id
         WHERE child.parent_id = list_role.id AND child.type = 'list') AS list_role_lists
  FROM users AS u
  LEFT JOIN roles AS role ON role.id = u.user_role_id AND role.type = 'user' AND role.parent_id IS NULL
  LEFT JOIN roles AS list_role ON list_role.id = u.list_role_id AND list_role.type = 'list' AND list_role.parent_id IS NULL
"""


def find_all(cur: Cursor) -> list[dict[str, Any]]:
    return list(cur.execute(_SELECT + " ORDER BY u.created_at, u.id").fetchall())


def find(cur: Cursor, column: str, value: object) -> dict[str, Any] | None:
    """One user by ``id``, ``username`` or ``email``."""
    assert column in ("id", "username", "email")
    return cur.execute(f"{_SELECT} WHERE u.{column} = %s", [str(value)]).fetchone()


def sign_in(cur: Cursor, username: str, password: str) -> dict[str, Any] | None:
    """The enabled human user of that name and password, noted as signed in now."""
    row = cur.execute(
        "SELECT id, password FROM users WHERE username = %s AND status <> 'disabled' AND password_login FOR UPDATE", [username]
    ).fetchone()
    if row is None or not is_password(password, row["password"] or ""):
        return None
    cur.execute("UPDATE users SET loggedin_at = now() WHERE id = %s", [row["id"]])
    return find(cur, "id", row["id"])


def has_password(row: Mapping[str, Any]) -> bool:
    """Anybody with a stored hash, API users with their token's included, counts as having a password."""
    return row["password_login"] or bool(row["password"])


def shown(row: Mapping[str, Any], *, password: str | None = None) -> dict[str, Any]:
    """The user as the API shows it: never a hash; API users without their made-up address and always "password_login"."""
    out: dict[str, Any] = {
        "id": row["id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "username": row["username"],
        "password": password,
        "password_login": has_password(row),
        "email": None if row["type"] == "api" else row["email"],
        "name": row["name"],
        "type": row["type"],
        "status": row["status"],
        "avatar": row["avatar"],
        "twofa_type": row["twofa_type"],
        "loggedin_at": row["loggedin_at"],
    }
    if row["list_role_id"] is not None:
        out["list_role_id"] = row["list_role_id"]
    out["user_role"] = {"id": row["user_role_id"], "name": row["user_role_name"], "permissions": row["user_role_permissions"]}
    out["list_role"] = None
    if row["list_role_id"] is not None:
        out["list_role"] = {"id": row["list_role_id"], "name": row["list_role_name"], "lists": row["list_role_lists"]}
    return out
