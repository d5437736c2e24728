# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in: the pages under /admin, first-time setup, and the front page. Recordings login_*."""

from __future__ import annotations

import posixpath
import time
from html import escape
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from .. import pages, sessions, users
from ..access import SUPER_ADMIN_ROLE, signed_in
from ..answers import Problem, html, sent_to
from ..audience.addresses import BadAddress, sanitised
from ..audience.refusals import passed_on
from ..install import random_string
from ..passwords import password_hash
from ..permissions import ALL_PERMISSIONS
from ..sentences import say
from ..state import State
from .users import LONGEST, invalid, refuse_bad_password

ADMIN = "/admin"
SHORTEST_ANSWER_S = 0.1  # a sign-in takes at least this long, right or wrong


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("login", __name__)

    @blueprint.get("/")
    def front() -> Response:
        return html(pages.page(state, "listmonk", '<p><a href="/admin">Sign in</a></p>'))

    @blueprint.get(ADMIN)
    @blueprint.get(f"{ADMIN}/")
    @blueprint.get(f"{ADMIN}/<path:_page>")
    @signed_in
    def admin(_page: str = "") -> Response:
        return html(pages.bare("admin", "<p>The sandbox's listmonk has no user interface; use its API.</p>"))

    @blueprint.get(f"{ADMIN}/login")
    def login_page() -> Response:
        return _login_page(state)

    @blueprint.post(f"{ADMIN}/login")
    def login() -> Response:
        try:
            session = _set_up(state) if state.needs_setup else _sign_in(state)
        except Problem as problem:
            return _login_page(state, problem.message)
        response = sent_to(_local_path(request.values.get("next", "")))
        age = int(sessions.LIFETIME.total_seconds())
        response.headers["Set-Cookie"] = f"{sessions.COOKIE}={session}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax"
        return response

    @blueprint.get(f"{ADMIN}/forgot")
    def forgot_page() -> Response:
        return html(pages.page(state, say("users.forgotPassword"), _form("/admin/forgot", "email")))

    @blueprint.post(f"{ADMIN}/forgot")
    def forgot() -> Response:
        """Unknown addresses are answered as known ones are, so that nobody can try them."""
        with passed_on("Error fetching Users"), state.db() as cur:
            user = users.find(cur, "email", _field("email").lower())
        if user is None or not users.has_password(user):
            return html(pages.notice(state, say("users.resetPassword")))
        raise Problem(501, "The sandbox's listmonk does not mail password reset links yet; a real listmonk does")

    @blueprint.get(f"{ADMIN}/reset")
    @blueprint.post(f"{ADMIN}/reset")
    def reset() -> Response:
        """There are no reset links here, so every one that is tried is unknown."""
        return html(pages.notice(state, say("users.resetPassword"), "Invalid or expired reset link"), 400)

    @blueprint.get(f"{ADMIN}/login/twofa")
    @blueprint.post(f"{ADMIN}/login/twofa")
    def twofa() -> Response:
        """Without the token that a first sign-in gives, back to the start; nobody has a second factor here."""
        return sent_to(ADMIN)

    return blueprint


def _login_page(state: State, error: str = "") -> Response:
    fields = ("email", "username", "password", "password2") if state.needs_setup else ("username", "password")
    response = html(pages.page(state, say("users.login"), f"<p>{escape(error)}</p>\n{_form('/admin/login', *fields)}"))
    if not state.needs_setup:
        response.headers["Set-Cookie"] = f"nonce={random_string(16)}; Path=/; HttpOnly; SameSite=Lax"
    return response


def _form(action: str, *fields: str) -> str:
    inputs = "".join(f'<input name="{name}" placeholder="{name}">' for name in fields)
    return f'<form method="post" action="{action}">{inputs}<button>OK</button></form>'


def _sign_in(state: State) -> str:
    began = time.monotonic()
    try:
        username, password = _field("username"), _field("password")
        _refuse_bad_username(username)
        refuse_bad_password(password)
        return _session(state, username, password)
    finally:
        time.sleep(max(0.0, began + SHORTEST_ANSWER_S - time.monotonic()))


def _set_up(state: State) -> str:
    """The first human user, a super admin, created by whoever comes first."""
    email, username, password = _field("email"), _field("username"), _field("password")
    try:
        sanitised(email)
    except BadAddress:
        raise invalid("email") from None
    _refuse_bad_username(username)
    refuse_bad_password(password)
    if password != _field("password2"):
        raise Problem(400, say("users.passwordMismatch"))
    with passed_on("Error creating User"), state.db() as cur:
        if cur.execute("SELECT FROM roles WHERE id = %s", [SUPER_ADMIN_ROLE]).fetchone() is None:
            cur.execute("INSERT INTO roles (name, type, permissions) VALUES ('Super Admin', 'user', %s)", [list(ALL_PERMISSIONS)])
        cur.execute(
            """
            INSERT INTO users (username, password_login, password, email, name, type, user_role_id, status)
            VALUES (%s, true, %s, %s, %s, 'user', %s, 'enabled')
            """,
            [username, password_hash(password), email, username, SUPER_ADMIN_ROLE],
        )
    state.needs_setup = False
    return _session(state, username, password)


def _session(state: State, username: str, password: str) -> str:
    with passed_on("Error fetching Users"), state.db() as cur:
        user = users.sign_in(cur, username, password)
    if user is None:
        raise Problem(403, say("users.invalidLogin"))
    return sessions.start(state, user["id"])


def _refuse_bad_username(username: str) -> None:
    if not 3 <= len(username.encode()) <= LONGEST:
        raise invalid("username")


def _field(name: str) -> str:
    return request.values.get(name, "").strip()


def _local_path(target: str) -> str:
    """Only the path of where to go next: never another host."""
    target = target.strip()
    path = urlsplit(target).path if target else "/"
    if ".." in path or not path:
        return "/" if target == "" or ".." in path else "."
    return posixpath.normpath(path).replace("//", "/", 1)
