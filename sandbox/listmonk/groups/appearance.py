# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The style sheets and scripts of the settings appearance.*, as this process read them at boot."""

from __future__ import annotations

from flask import Blueprint, Response

from ..access import signed_in
from ..state import State

CONTENT_TYPES = {"css": "text/css; charset=utf-8", "js": "application/javascript; charset=utf-8"}


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("appearance", __name__)

    @blueprint.get("/public/custom.<kind>")
    def public(kind: str) -> Response:
        return _custom(state, "public", kind)

    @blueprint.get("/admin/custom.<kind>")
    @signed_in
    def admin(kind: str) -> Response:
        return _custom(state, "admin", kind)

    return blueprint


def _custom(state: State, where: str, kind: str) -> Response:
    from ..app import not_found

    if kind not in CONTENT_TYPES:
        return not_found(state)
    return Response(str(state.settings.get(f"appearance.{where}.custom_{kind}") or ""), content_type=CONTENT_TYPES[kind])
