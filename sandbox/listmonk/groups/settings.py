# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/settings: the whole document and single keys. Recordings settings_*."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..access import needs
from ..answers import Problem, data
from ..audience.refusals import passed_on
from ..body import ANY, bind, bind_value
from ..json_text import parse
from ..preferences import store
from ..preferences.masks import masked
from ..preferences.rules import Refused, normalised
from ..preferences.shape import SETTINGS, without_blanks
from ..state import State

NOT_STORED = "Error updating Settings"


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("settings", __name__)

    @blueprint.get("/api/settings")
    @needs("settings:get")
    def read() -> Response:
        with state.db() as cur:
            return data(without_blanks(masked(store.read(cur))))

    @blueprint.put("/api/settings")
    @needs("settings:manage")
    def replace() -> Response:
        wish = bind(SETTINGS)
        try:
            with passed_on(NOT_STORED), state.db() as cur:
                store.write(cur, normalised(wish, store.read(cur)))
        except Refused as refused:
            raise Problem(400, str(refused)) from refused
        return restarting(state)

    @blueprint.put("/api/settings/<key>")
    @needs("settings:manage")
    def replace_one(key: str) -> Response:
        document = _raw_value()
        with passed_on(NOT_STORED), state.db() as cur:
            store.write_one(cur, key, document)
        return restarting(state)

    return blueprint


def _raw_value() -> str:
    """The JSON text of the body; blank when the body is blank, which the database then refuses."""
    document = request.get_data()
    if not document:
        return ""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if media_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Problem(400, "binding element must be a struct")
    if media_type != "application/json":
        raise Problem(415, "Unsupported Media Type")
    bind_value(ANY, document)
    node = parse(document)
    assert node is not None
    return document[node.start : node.end].decode("utf-8", "replace")


def restarting(state: State) -> Response:
    """Every write restarts the process, also one that changed nothing; while campaigns run it only asks for a restart."""
    if state.campaigns_running():
        state.needs_restart = True
        return data({"needs_restart": True})
    state.restart()
    return data(True)
