# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PUT /api/settings refuses, cleans up and keeps, in listmonk's order. Pure: no database, no clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from ..go_template.dates import parsed_duration
from .cron import CronError, check_cron
from .shape import blocks, places

GROUP_MESSENGER = "email"
"""All SMTP servers together; no block may be called so."""

_NOT_IN_NAMES = re.compile(r"[^a-z0-9\-]")
_NOT_IN_URLS = re.compile(r"[\x00-\x1f\x7f]|%(?![0-9a-fA-F]{2})|^[^/]*//[^/?#]*[ <>\"]")
Settings = dict[str, Any]


class Refused(Exception):
    """str() is the sentence of the 400."""


def fresh_uuid() -> str:
    return str(uuid.uuid4())


def normalised(wish: Settings, stored: Settings, new_uuid: Callable[[], str] = fresh_uuid) -> Settings:
    """The document that is stored. A blank secret keeps the stored one; every other key is replaced. Raises Refused."""
    settings = deepcopy(wish)
    names = {GROUP_MESSENGER}
    _smtp_servers(settings, stored, names, new_uuid)
    settings["app.root_url"] = settings["app.root_url"].rstrip("/")
    _mailboxes(settings, stored, new_uuid)
    _messengers(settings, stored, names, new_uuid)
    for (holder, key, _), (kept, _, _) in zip(places(settings), places(stored), strict=True):
        holder[key] = holder[key] or kept[key]
    _check_oidc(settings["security.oidc"])
    if settings["upload.extensions"] is not None:
        settings["upload.extensions"] = [name.strip().removeprefix(".").lower() for name in settings["upload.extensions"]]
    for key in ("privacy.domain_blocklist", "privacy.domain_allowlist"):
        settings[key] = [name for domain in settings[key] or () if (name := domain.strip().lower())]
    settings["security.trusted_urls"] = [_trusted(url) for text in settings["security.trusted_urls"] or () if (url := text.strip())]
    if settings["app.cache_slow_queries"]:
        try:
            check_cron(settings["app.cache_slow_queries_interval"])
        except CronError as error:
            raise Refused(f"Invalid data: slow query cron: {error}") from error
    return settings


def _smtp_servers(settings: Settings, stored: Settings, names: set[str], new_uuid: Callable[[], str]) -> None:
    for server in blocks(settings, "smtp"):
        name = _NOT_IN_NAMES.sub("-", server["name"].strip().lower())
        if name:
            name = name if name.startswith("email-") else f"email-{name}"
            _claim(name, names)
        server["name"] = name
        server["host"] = server["host"].strip()
        _identify(server, blocks(stored, "smtp"), new_uuid)
    if not any(server["enabled"] for server in blocks(settings, "smtp")):
        raise Refused("At least one SMTP block should be enabled")
    for server in blocks(settings, "smtp"):
        if server["enabled"]:  # those of the others stay as they were sent
            server["from_addresses"] = [name for address in server["from_addresses"] or () if (name := address.strip().lower())]


def _mailboxes(settings: Settings, stored: Settings, new_uuid: Callable[[], str]) -> None:
    for mailbox in blocks(settings, "bounce.mailboxes"):
        mailbox["host"] = mailbox["host"].strip()
        if (parsed_duration(mailbox["scan_interval"]) or timedelta()) < timedelta(minutes=1):
            raise Refused("Bounce scan interval should be minimum 1 minute.")
        _identify(mailbox, blocks(stored, "bounce.mailboxes"), new_uuid)


def _messengers(settings: Settings, stored: Settings, names: set[str], new_uuid: Callable[[], str]) -> None:
    for messenger in blocks(settings, "messengers"):
        _identify(messenger, blocks(stored, "messengers"), new_uuid)
        name = _NOT_IN_NAMES.sub("", messenger["name"].lower())
        if name in names:
            raise Refused(f"Duplicate messenger name: {name}")
        if not name:
            raise Refused("Invalid messenger name.")
        messenger["name"] = name
        names.add(name)


def _claim(name: str, names: set[str]) -> None:
    if name in names:
        raise Refused(f"Duplicate messenger name: {name}")
    names.add(name)


def _identify(block: Settings, stored: list[Settings], new_uuid: Callable[[], str]) -> None:
    """A blank password is taken from the stored block of the same uuid. Blank uuids match too: that is how a new block inherits
    the sample password of a fresh installation (the *last* block without a uuid counts)."""
    if not block["password"]:
        for known in stored:
            if known["uuid"] == block["uuid"]:
                block["password"] = known["password"]
    block["uuid"] = block["uuid"] or new_uuid()


def _check_oidc(oidc: Mapping[str, Any]) -> None:
    if oidc["auto_create_users"] and (oidc["default_user_role_id"] or 0) < 1:
        raise Refused("Invalid fields: settings.security.OIDCDefaultRole")


def _trusted(url: str) -> str:
    if url == "*":
        return url
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises ValueError for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or _NOT_IN_URLS.search(url):
        raise Refused(f"Invalid data: invalid trusted URL: {url}")
    return url
