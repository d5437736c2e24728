# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/profile: who am I; and signing out."""

from __future__ import annotations

from flask import Blueprint, Response, request

from .. import sessions, users
from ..access import current_user, needs
from ..answers import Problem, data
from ..audience.addresses import BadAddress, sanitised
from ..audience.refusals import passed_on
from ..body import bind
from ..passwords import password_hash
from ..sentences import say
from ..server import hang_up
from ..state import State
from .users import USER, invalid, refuse_bad_password


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("profile", __name__)

    @blueprint.get("/api/profile")
    @needs()
    def profile() -> Response:
        return data(users.shown(current_user().row))

    @blueprint.put("/api/profile")
    @needs()
    def update_profile() -> Response:
        """API users count as having a password, so they must send an address too, which then is not stored."""
        user = current_user()
        wanted = bind(USER)
        login = users.has_password(user.row)
        address = (wanted["email"] or "").strip()
        if login:
            _refuse_bad_address(address)
            if wanted["password"]:
                refuse_bad_password(wanted["password"])
        with passed_on("Error updating User"), state.db() as cur:
            stored = user.row["password"] if login else None
            if login and wanted["password"]:
                stored = password_hash(wanted["password"])
            changed = cur.execute(
                "UPDATE users SET name = %s, email = CASE WHEN password_login THEN %s ELSE email END, password = %s WHERE id = %s",
                [wanted["name"].strip(), address if login else wanted["email"], stored, user.id],
            ).rowcount
            row = users.find(cur, "id", user.id)
        if not changed or row is None:
            raise Problem(400, say("globals.messages.notFound", name=say("globals.terms.user")))
        if wanted["password"]:
            sessions.end_others(state, user.id, keep=user.session or "")
        return data(users.shown(row))

    @blueprint.post("/api/logout")
    @needs()
    def logout() -> Response:
        session = current_user().session
        if session is None:
            hang_up(request.environ)  # with a token listmonk panics here, and the connection ends without an answer
        else:
            sessions.end(state, session)
        response = data(True)
        response.headers["Set-Cookie"] = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax"
        return response

    return blueprint


def _refuse_bad_address(address: str) -> None:
    try:
        sanitised(address)
    except BadAddress:
        raise invalid("email") from None
