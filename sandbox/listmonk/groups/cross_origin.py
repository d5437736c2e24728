# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CORS headers for the origins of security.trusted_urls, as the process read them at boot. Recording settings_cors."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from ..state import State

_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
_HEADERS = "Origin,Content-Type,Accept"


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("cross_origin", __name__)
    trusted = origins(state.settings.get("security.trusted_urls") or ())
    if not trusted:
        return blueprint

    @blueprint.before_app_request
    def preflight() -> Response | None:
        if request.method != "OPTIONS":
            return None
        return _preflight_answer(trusted)

    @blueprint.after_app_request
    def add_headers(response: Response) -> Response:
        response.vary.add("Origin")
        allowed = _allowed(trusted)
        if allowed:
            response.headers["Access-Control-Allow-Origin"] = allowed
        return response

    return blueprint


def origins(urls: Iterable[str]) -> frozenset[str]:
    """Scheme and host of each URL; ``*`` stays."""
    found = set()
    for url in urls:
        parts = urlsplit(url)
        if url == "*":
            found.add(url)
        elif parts.scheme in ("http", "https") and parts.netloc:
            found.add(f"{parts.scheme}://{parts.netloc}")
    return frozenset(found)


def _allowed(trusted: frozenset[str]) -> str | None:
    origin = request.headers.get("Origin", "")
    if not origin:
        return None
    return "*" if "*" in trusted else origin if origin in trusted else None


def _preflight_answer(trusted: frozenset[str]) -> Response:
    response = Response(status=204)
    del response.headers["Content-Type"]
    if _allowed(trusted):
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
    return response
