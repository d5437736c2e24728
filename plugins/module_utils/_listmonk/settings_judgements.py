# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What listmonk can work with, beyond the type of a value; its settings API checks hardly any of it.

Each judgement answers what the value would have to be, or ``None`` if it is that. Those marked "does not start" were measured on
6.2.0: the write is accepted with 200 and the process then exits on every start until the row is repaired in the database.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from . import cron_expression, go_duration

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")

HOST_FORM = "a host name such as smtp.example.com, or an IP address"


def not_blank(text: str) -> str | None:
    return None if text.strip() else "a text that is not blank"


def one_of(*choices: str) -> Callable[[str], str | None]:
    return lambda text: None if text in choices else f"one of {', '.join(choices)}"


def at_least(lowest: int) -> Callable[[int], str | None]:
    return lambda number: None if number >= lowest else f"a whole number of at least {lowest}"


def between(lowest: int, highest: int) -> Callable[[int], str | None]:
    return lambda number: None if lowest <= number <= highest else f"a whole number from {lowest} to {highest}"


def duration(*, above: str = "", at_least: str = "", blank: bool = False) -> Callable[[str], str | None]:
    """A duration that Go can parse; one that it cannot, in an enabled SMTP server or messenger: listmonk does not start."""

    def judge(text: str) -> str | None:
        if blank and not text:
            return None
        try:
            length = go_duration.seconds(text)
        except ValueError:
            return go_duration.FORM
        if above and length <= go_duration.seconds(above):
            return f"a duration above {above}"
        if at_least and length < go_duration.seconds(at_least):
            return f"a duration of at least {at_least}"
        return None

    return judge


def cron(text: str) -> str | None:
    try:
        cron_expression.refuse_bad_cron(text)
    except ValueError as error:
        return f"{cron_expression.FORM} ({error})"
    return None


def web_address(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        usable = False
    return None if usable else "a web address that begins with http:// or https://"


def web_address_or_blank(text: str) -> str | None:
    return web_address(text) if text else None


def trusted_url(text: str) -> str | None:
    return None if text == "*" or not web_address(text) else "a web address that begins with http:// or https://, or *"


def web_address_or_path(text: str) -> str | None:
    """From 6.1 listmonk itself serves media under a path."""
    return None if not text or text.startswith("/") or not web_address(text) else "a web address, or a path that begins with /"


def sender(text: str) -> str | None:
    return None if re.search(r"[^\s@<>]+@[^\s@<>]+", text) else "an address such as news@example.com or News <news@example.com>"


def mail_address(text: str) -> str | None:
    return None if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", text) else "an e-mail address such as ops@example.com"


def path_of_its_own(text: str) -> str | None:
    return None if re.fullmatch(r"/[^/\s]\S*", text) else "a path of its own that begins with /, such as /uploads"


def host(text: str) -> str | None:
    """A name or an address and nothing else: people write a scheme, a port, an e-mail address or blanks here."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        reason = _why_no_host(text)
        return f"{HOST_FORM} ({reason})" if reason else None
    return None


def _why_no_host(text: str) -> str:
    name, _colon, port = text.partition(":")
    if text.startswith("[") and text.endswith("]"):
        return "without brackets"
    if "://" in text:
        return f"without {text.split('://')[0]}:// in front"
    if "@" in text:
        return "an e-mail address is not a host name"
    if re.search(r"\s", text):
        return "without blanks"
    if name and port.isdigit():
        return f"the {port} belongs into port"
    if not text.isascii():
        return f"listmonk looks names up as they are: write {_in_ascii(text)}"
    labels = text.removesuffix(".").split(".")
    return "" if len(text) <= 253 and all(map(_LABEL.fullmatch, labels)) else "letters, digits, dashes and dots"


def _in_ascii(text: str) -> str:
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return "it in its ASCII form, with xn--"


def complete_oidc(oidc: Mapping[str, Any]) -> str | None:
    if oidc.get("auto_create_users") and not oidc.get("default_user_role_id"):
        return "auto_create_users needs default_user_role_id, the id of a user role"
    missing = [name for name in ("provider_url", "client_id") if not str(oidc.get(name) or "").strip()]
    if oidc.get("enabled") and missing:
        return f"it is enabled without {' and '.join(missing)}"
    return None
