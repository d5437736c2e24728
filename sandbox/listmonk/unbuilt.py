# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this listmonk does not answer yet: 501 with a sentence, after the permission check, never a made-up success."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask, Response

from .access import needs
from .answers import Problem
from .state import State

# (methods, path, permissions), by the name of what is missing
_CAMPAIGNS = ("campaigns:get_all", "campaigns:get")
_MANAGE_CAMPAIGNS = ("campaigns:manage_all", "campaigns:manage")
UNBUILT: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "campaigns": (
        ("GET", "/api/campaigns", _CAMPAIGNS),
        ("GET", "/api/campaigns/running/stats", _CAMPAIGNS),
        ("GET", "/api/campaigns/<id>", _CAMPAIGNS),
        ("GET", "/api/campaigns/analytics/<kind>", ("campaigns:get_analytics",)),
        ("GET", "/api/campaigns/<id>/preview", _CAMPAIGNS),
        ("POST", "/api/campaigns/<id>/preview", _CAMPAIGNS),
        ("POST", "/api/campaigns/<id>/preview/archive", _CAMPAIGNS),
        ("POST", "/api/campaigns/<id>/content", _MANAGE_CAMPAIGNS),
        ("POST", "/api/campaigns/<id>/text", ("campaigns:get",)),
        ("POST", "/api/campaigns/<id>/test", _MANAGE_CAMPAIGNS),
        ("POST", "/api/campaigns", _MANAGE_CAMPAIGNS),
        ("PUT", "/api/campaigns/<id>", _MANAGE_CAMPAIGNS),
        ("PUT", "/api/campaigns/<id>/status", ("campaigns:send",)),
        ("PUT", "/api/campaigns/<id>/archive", _MANAGE_CAMPAIGNS),
        ("DELETE", "/api/campaigns", ("campaigns:manage", "campaigns:manage_all")),
        ("DELETE", "/api/campaigns/<id>", _MANAGE_CAMPAIGNS),
    ),
    "media": (
        ("GET", "/api/media", ("media:get",)),
        ("GET", "/api/media/<id>", ("media:get",)),
        ("POST", "/api/media", ("media:manage",)),
        ("DELETE", "/api/media/<id>", ("media:manage",)),
    ),
    "bounces": (
        ("GET", "/api/bounces", ("bounces:get",)),
        ("GET", "/api/bounces/<id>", ("bounces:get",)),
        ("DELETE", "/api/bounces", ("bounces:manage",)),
        ("DELETE", "/api/bounces/<id>", ("bounces:manage",)),
        ("PUT", "/api/bounces/blocklist", ("bounces:manage",)),
        ("GET", "/api/subscribers/<id>/bounces", ("bounces:get",)),
        ("DELETE", "/api/subscribers/<id>/bounces", ("bounces:manage",)),
    ),
    "transactional mail": (("POST", "/api/tx", ("tx:send",)),),
    "the dashboard": (
        ("GET", "/api/dashboard/counts", ()),
        ("GET", "/api/dashboard/charts", ()),
    ),
    "maintenance": (
        ("DELETE", "/api/maintenance/subscribers/<kind>", ("settings:maintain",)),
        ("DELETE", "/api/maintenance/analytics/<kind>", ("settings:maintain",)),
        ("GET", "/api/maintenance/analytics/<kind>/export", ("settings:maintain",)),
        ("DELETE", "/api/maintenance/subscriptions/unconfirmed", ("settings:maintain",)),
    ),
    "the event stream": (("GET", "/api/events", ("settings:get",)),),
    "two-factor sign-in": (
        ("GET", "/api/users/<id>/twofa/totp", ()),
        ("PUT", "/api/users/<id>/twofa", ()),
        ("DELETE", "/api/users/<id>/twofa", ()),
    ),
}
# Pages and public endpoints, which need no credentials.
UNBUILT_PUBLIC: dict[str, tuple[tuple[str, str], ...]] = {
    "the public subscription pages": (
        ("POST", "/api/public/subscription"),
        ("GET", "/api/public/captcha/altcha"),
        ("GET", "/subscription/form"),
        ("POST", "/subscription/form"),
        ("GET", "/subscription/<campaign>/<subscriber>"),
        ("POST", "/subscription/<campaign>/<subscriber>"),
        ("GET", "/subscription/optin/<subscriber>"),
        ("POST", "/subscription/optin/<subscriber>"),
        ("POST", "/subscription/export/<subscriber>"),
        ("POST", "/subscription/wipe/<subscriber>"),
        ("GET", "/link/<link>/<campaign>/<subscriber>"),
        ("GET", "/campaign/<campaign>/<subscriber>"),
        ("GET", "/campaign/<campaign>/<subscriber>/px.png"),
    ),
    "the campaign archive": (
        ("GET", "/api/public/archive"),
        ("GET", "/archive"),
        ("GET", "/archive.xml"),
        ("GET", "/archive/<id>"),
        ("GET", "/archive/latest"),
    ),
}


# Registered only where listmonk registers them: when bounce.webhooks_enabled was set at boot.
WEBHOOKS: dict[str, tuple[tuple[str, str, tuple[str, ...] | None], ...]] = {
    "bounce webhooks": (
        ("POST", "/webhooks/bounce", ("webhooks:post_bounce",)),
        ("POST", "/webhooks/service/<service>", None),
    )
}


def register(app: Flask, state: State) -> None:
    """Give every route above that no group has claimed an answer of its own."""
    claimed = {(method, _shape(rule.rule)) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    for subject, method, path, permissions in _routes(with_webhooks=bool(state.settings.get("bounce.webhooks_enabled"))):
        if (method, _shape(path)) not in claimed:
            view = _sentence(subject)
            app.add_url_rule(path, f"unbuilt {method} {path}", view if permissions is None else needs(*permissions)(view), methods=[method])


def _routes(*, with_webhooks: bool) -> Iterator[tuple[str, str, str, tuple[str, ...] | None]]:
    """Subject, method, path and permissions (None: open to anybody)."""
    for subject, routes in UNBUILT.items():
        for method, path, permissions in routes:
            yield subject, method, path, permissions
    for subject, public in UNBUILT_PUBLIC.items():
        for method, path in public:
            yield subject, method, path, None
    if with_webhooks:
        for subject, hooks in WEBHOOKS.items():
            for method, path, needed in hooks:
                yield subject, method, path, needed


def _sentence(subject: str) -> Callable[..., Response]:
    def answer(**_parts: str) -> Response:
        raise Problem(501, f"The sandbox's listmonk does not have {subject} yet; a real listmonk does")

    return answer


def _shape(path: str) -> str:
    """The path with nameless variables, so that <id> and <int:id> are the same."""
    return "/".join("<>" if part.startswith("<") else part for part in path.split("/"))
