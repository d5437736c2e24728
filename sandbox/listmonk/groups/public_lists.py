# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/public/lists: the active public lists, for anybody, in an array without an envelope. Recordings auth_none, public_*."""

from __future__ import annotations

from flask import Blueprint, Response

from ..answers import raw_json
from ..audience.refusals import passed_on
from ..state import State


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("public_lists", __name__)

    @blueprint.get("/api/public/lists")
    def public_lists() -> Response:
        """Answered even when the subscription page is disabled."""
        with passed_on("Error fetching lists"), state.db() as cur:
            rows = cur.execute("SELECT uuid, name FROM lists WHERE type = 'public' AND status = 'active' ORDER BY id").fetchall()
        return raw_json(rows)

    return blueprint
