# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API users for automation: a role with few permissions, a user in it, and a token whose only copy goes where the caller keeps it.

listmonk shows a token once, when the user is created. So a token that is lost, or that never reached its place because the run broke off,
means another user of the same name; and whether all is well is asked with the token itself, which needs no admin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import MailingError, Refusal
from .admin_session import AdminSession
from .client import Client, Connection
from .errors import Rejected

KeepToken = Callable[[str], None]


@dataclass(frozen=True)
class ApiUser:
    """Who is wanted, and what the role permits."""

    username: str
    role: str
    permissions: frozenset[str]


@dataclass(frozen=True)
class Listmonk:
    """Where listmonk is, and how its certificate is judged."""

    url: str
    ca_path: str | None = None
    timeout: float = 30.0

    def client(self, username: str, token: str, *, check_mode: bool = False) -> Client:
        return Client(Connection(self.url, username, token, ca_path=self.ca_path, timeout=self.timeout), check_mode=check_mode)

    def session(self, username: str, password: str) -> AdminSession:
        return AdminSession(self.url, username, password, ca_path=self.ca_path, timeout=self.timeout)


@dataclass(frozen=True)
class Finding:
    """What is to be done: a new token, other permissions of the role, or (both false) nothing. ``why`` says so to people."""

    renew: bool
    permit: bool
    why: tuple[str, ...]
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return self.renew or self.permit


def examine(listmonk: Listmonk, wanted: ApiUser, username: str, token: str, *, check_mode: bool = False) -> Finding:
    """Compare what the stored token can do with what is wanted. Only reads."""
    if username != wanted.username or not token:
        return Finding(True, True, (f"no token of {wanted.username} is stored",))
    try:
        profile = listmonk.client(username, token, check_mode=check_mode).get("/api/profile")
    except Rejected as error:
        if error.status != 403:
            raise
        return Finding(True, True, (f"no valid token of {wanted.username} is stored",))
    role = profile.get("user_role") or {}
    permissions = frozenset(role.get("permissions") or ())
    before = {"role": role.get("name"), "permissions": sorted(permissions)}
    if role.get("name") != wanted.role:
        return Finding(True, True, (f"{wanted.username} has the role {role.get('name')!r}",), before)
    if permissions != wanted.permissions:
        return Finding(False, True, (f"the role {wanted.role} permits other things",), before)
    return Finding(False, False, (), before)


def grant(listmonk: Listmonk, wanted: ApiUser, finding: Finding, admin: tuple[str, str], keep: KeepToken) -> None:
    """Do what examine found. ``keep`` is given the new token; if it fails, the user is removed again. Raises MailingError."""
    with listmonk.session(*admin) as session:
        _refuse_unknown_permissions(session, wanted)
        role = _see_to_role(session, wanted)
        if finding.renew:
            _see_to_user(listmonk, session, wanted, role, keep)


def _refuse_unknown_permissions(session: AdminSession, wanted: ApiUser) -> None:
    groups = session.request("GET", "/api/config")["permissions"]
    known = {name for group in groups for name in group["permissions"]}
    unknown = sorted(wanted.permissions - known)
    if unknown:
        raise Refusal(f"listmonk knows no permission {', '.join(unknown)}. It knows {', '.join(sorted(known))}.")


def _see_to_role(session: AdminSession, wanted: ApiUser) -> int:
    roles = [role for role in session.request("GET", "/api/roles/users", expect=list) if role["name"] == wanted.role]
    if len(roles) > 1:
        ids = ", ".join(str(role["id"]) for role in roles)
        raise Refusal(f"There are {len(roles)} roles named {wanted.role!r} (ids {ids}). Remove or rename all but one.")
    body = {"name": wanted.role, "permissions": sorted(wanted.permissions)}
    if not roles:
        return int(session.request("POST", "/api/roles/users", body)["id"])
    number = int(roles[0]["id"])
    if number == 1:
        raise Refusal(f"{wanted.role!r} is listmonk's own super admin role, which permits everything. Give automation a role of its own.")
    if frozenset(roles[0]["permissions"] or ()) != wanted.permissions:
        session.request("PUT", f"/api/roles/users/{number}", body)
    return number


def _see_to_user(listmonk: Listmonk, session: AdminSession, wanted: ApiUser, role: int, keep: KeepToken) -> None:
    for user in session.request("GET", "/api/users", expect=list):
        if user["username"] == wanted.username:
            if user["type"] != "api":
                raise Refusal(f"{wanted.username} is the name of a person in listmonk. Give automation a name of its own.")
            session.request("DELETE", f"/api/users/{user['id']}", expect=bool)
    body = {"type": "api", "username": wanted.username, "name": wanted.username, "status": "enabled", "user_role_id": role}
    created = session.request("POST", "/api/users", body)
    token = str(created.get("password") or "")
    try:
        if not token:
            raise MailingError(f"listmonk created the API user {wanted.username} and returned no token.")
        listmonk.client(wanted.username, token).get("/api/profile")
        keep(token)
    except MailingError:
        session.request("DELETE", f"/api/users/{created['id']}", expect=bool)
        raise
