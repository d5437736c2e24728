# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/config: what this process runs with; and /api/lang. Recording config_fresh."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response

from .. import VERSION
from ..access import needs
from ..answers import Problem, data
from ..permissions import GROUPS
from ..sentences import LANGUAGES, pack
from ..state import State


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("config", __name__)

    @blueprint.get("/api/config")
    @needs()
    def config() -> Response:
        return data(_config(state))

    @blueprint.get("/api/lang/<lang>")
    @needs()
    def language(lang: str) -> Response:
        if len(lang.encode()) > 6 or re.search(r"[^a-zA-Z_0-9\\-]", lang):
            raise Problem(400, "Invalid language code.")
        return data(pack())

    return blueprint


def messengers(settings: dict[str, Any]) -> list[str]:
    """The messengers that this process has: "email" for all enabled SMTP servers, one more for each named one if there are
    several, and the enabled HTTP messengers."""
    servers = [server for server in settings.get("smtp") or [] if server.get("enabled")]
    named = [server["name"] for server in servers if server.get("name")] if len(servers) != 1 else []
    posts = [messenger["name"] for messenger in settings.get("messengers") or [] if messenger.get("enabled")]
    return ["email", *named, *posts]


def _config(state: State) -> dict[str, Any]:
    settings = state.settings
    return {
        "root_url": str(settings["app.root_url"]).removesuffix("/"),
        "from_email": settings["app.from_email"],
        "public_subscription": _public_subscription(settings),
        "privacy": {
            "disable_tracking": settings["privacy.disable_tracking"],
            "individual_tracking": settings["privacy.individual_tracking"],
        },
        "media_provider": settings["upload.provider"],
        "messengers": messengers(settings),
        "langs": [{"code": code, "name": name} for code, name in LANGUAGES.items()],
        "lang": settings["app.lang"],
        "permissions": [{"group": group, "permissions": names} for group, names in GROUPS],
        "update": None,
        "needs_restart": state.needs_restart,
        "has_legacy_user": False,
        "version": VERSION,
    }


def _public_subscription(settings: dict[str, Any]) -> dict[str, Any]:
    captcha = settings.get("security.captcha") or {}
    altcha, hcaptcha = captcha.get("altcha") or {}, captcha.get("hcaptcha") or {}
    provider = "altcha" if altcha.get("enabled") else "hcaptcha" if hcaptcha.get("enabled") else None
    redirects = [url for url in settings.get("security.trusted_urls") or [] if url != "*"]
    return {
        "enabled": settings["app.enable_public_subscription_page"],
        "captcha_enabled": provider is not None,
        "captcha_provider": provider,
        "captcha_key": hcaptcha.get("key") if provider == "hcaptcha" else None,
        "altcha_complexity": altcha.get("complexity", 0) if provider == "altcha" else 0,
        "redirect_urls": redirects or None,
    }
