# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web application: every group of the API that groups/ holds, and an honest 501 for those it does not."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import psycopg
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from . import groups, pages, unbuilt
from .access import ApiUsers
from .answers import Problem, html, message
from .state import State


def create(state: State) -> Flask:
    app = Flask("sandbox.listmonk", static_folder=None)
    app.url_map.strict_slashes = True
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["listmonk"] = state
    state.api_users = ApiUsers(state)
    for module in pkgutil.iter_modules(groups.__path__):
        group: Any = importlib.import_module(f"{groups.__name__}.{module.name}")
        if hasattr(group, "routes"):
            app.register_blueprint(group.routes(state))
    unbuilt.register(app, state)
    app.before_request(_head_is_not_get)
    app.register_error_handler(Problem, lambda problem: message(problem.message, problem.status))
    app.register_error_handler(HTTPException, lambda error: _framework_error(state, error))
    app.register_error_handler(Exception, lambda error: _unexpected(state, error))
    return app


def not_found(state: State) -> Response:
    """listmonk answers 404 to unknown paths and to wrong methods alike: JSON below /api, a page elsewhere."""
    if request.path.startswith("/api/"):
        return message("404 unknown endpoint", 404)
    if request.path.startswith("/admin/"):
        return message("404 page not found", 404)
    return html(pages.notice(state, "404 - Not found"), 404)


def _head_is_not_get() -> Response | None:
    """listmonk's router has no HEAD for its GET routes."""
    if request.method != "HEAD":
        return None
    response = Response(status=404)
    del response.headers["Content-Type"]
    return response


def _framework_error(state: State, error: HTTPException) -> Response:
    if error.code in (404, 405, 308):
        return not_found(state)
    return message(error.description or "Internal Server Error", error.code or 500)


def _unexpected(state: State, error: Exception) -> Response:
    """What listmonk's views do not word themselves is a 500 without details; the details are in the log."""
    reason = str(error).splitlines()[0] if str(error) else ""
    state.log(f"error handling {request.method} {request.path}: {type(error).__name__}: {reason}")
    if not isinstance(error, psycopg.OperationalError):
        state.log(_where(error))
    return message("Internal Server Error", 500)


def _where(error: Exception) -> str:
    """The innermost line of ours, for the developer who reads the log."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"raised at {place}"
