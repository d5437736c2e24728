# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the settings at boot, and the values that listmonk accepts when they are written but does not start with.

Facts §1.12 and §11.1, measured on a real 6.2.0: a blank ``app.lang``, an unknown ``upload.provider``, a duration that Go does not
parse, fewer than one connection, an unknown ``auth_protocol``, a mailbox that is not POP. Blocks that are not enabled are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .configuration import Configuration
from .database import Pool
from .log import Log
from .state import State

_DURATION = re.compile(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+")
_INTEGERS = ("app.batch_size", "app.concurrency", "app.max_send_errors", "app.message_rate", "app.message_sliding_window_rate")
Say = Callable[[str], None]


class Unbootable(Exception):
    """Settings that listmonk does not start with; the text is the last line of its log."""


def boot(configuration: Configuration, log: Log) -> State:
    """What is written after this takes effect with the next boot."""
    state = State(configuration=configuration, pool=Pool(configuration.database), log=log)
    with state.db() as cur:
        state.settings = {row["key"]: row["value"] for row in cur.execute("SELECT key, value FROM settings").fetchall()}
    check(state.settings, log)
    return state


def check(settings: Mapping[str, Any], say: Say) -> None:
    """Go through the settings in the order of listmonk's start; raises Unbootable at the first that stops it."""
    for key in _INTEGERS:
        _integer(settings.get(key), key.removeprefix("app."), "error loading app config")
    if not settings.get("app.lang"):
        raise Unbootable("panic: invalid value: app.lang=")
    provider = settings.get("upload.provider")
    if provider not in ("filesystem", "s3"):
        raise Unbootable("unknown provider. select filesystem or s3")
    say(f"media upload provider: {provider}")
    _check_smtp(settings, say)
    for messenger in _enabled(settings.get("messengers")):
        _duration(messenger, "timeout", "error reading Postback config")
        say(f"loaded Postback messenger: {messenger.get('name')}")
    if settings.get("bounce.enabled"):
        _check_mailboxes(settings)


def _check_smtp(settings: Mapping[str, Any], say: Say) -> None:
    servers = _enabled(settings.get("smtp"))
    for server in servers:
        for key in ("idle_timeout", "wait_timeout", "msg_retry_delay"):
            _duration(server, key, "error reading SMTP config")
        for key in ("port", "max_conns", "max_msg_retries"):
            _integer(server.get(key), key, "error reading SMTP config")
        say(f"initialized email (SMTP) messenger: {server.get('username', '')}@{server.get('host', '')}")
    for server in servers:
        if server.get("auth_protocol", "") not in ("cram", "plain", "login", "", "none"):
            raise Unbootable(f"error initializing e-mail messenger: unknown SMTP auth type '{server['auth_protocol']}'")
        if int(server.get("max_conns") or 0) < 1:
            raise Unbootable("error initializing e-mail messenger: MaxConns should be >= 1")


def _check_mailboxes(settings: Mapping[str, Any]) -> None:
    for mailbox in _enabled(settings.get("bounce.mailboxes"))[:1]:
        _duration(mailbox, "scan_interval", "error reading bounce mailbox config")
        if mailbox.get("type") != "pop":
            raise Unbootable("error initializing bounce manager: unknown bounce mailbox type")


def _enabled(blocks: Any) -> list[dict[str, Any]]:
    items: Iterable[Any] = blocks if isinstance(blocks, list) else ()
    return [block for block in items if isinstance(block, dict) and block.get("enabled")]


def _duration(block: Mapping[str, Any], key: str, sentence: str) -> None:
    """A missing key is fine, a blank one is not."""
    value = block.get(key, "0s")
    if isinstance(value, (int, float)) or value is None or value == "0" or _DURATION.fullmatch(str(value)):
        return
    reason = "unknown unit" if re.match(r"[-+]?[\d.]+[^\d.]", str(value)) else "missing unit in duration"
    if not re.match(r"[-+]?\.?\d", str(value)):
        reason = "invalid duration"
    raise Unbootable(f"{sentence}: decoding failed due to the following error(s):\n\n'{key}' time: {reason}")


def _integer(value: Any, key: str, sentence: str) -> None:
    if isinstance(value, str) and not re.fullmatch(r"[-+]?\d+", value) and value != "":
        raise Unbootable(
            f"{sentence}: decoding failed due to the following error(s):\n\n'{key}' cannot parse value as 'int': invalid syntax"
        )
