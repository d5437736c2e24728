# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What listmonk makes of an SMTP server, and what it or the mail would founder on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._core.errors import Refusal
from . import settings_judgements as must

Block = Mapping[str, Any]

AUTHENTICATED = ("cram", "login", "plain")
AUTH_PROTOCOLS = ("none", *AUTHENTICATED)
TLS_TYPES = ("none", "STARTTLS", "TLS")
SAMPLE_HOST = "smtp.yoursite.com"

_PREFIX = "email-"
_TLS_PORT = 465
_STARTTLS_PORTS = (25, 587, 2525)

_JUDGEMENTS: Mapping[str, Callable[[Any], str | None]] = {
    "host": must.host,
    "port": must.between(1, 65535),
    "max_conns": must.at_least(1),  # less: listmonk does not start
    "max_msg_retries": must.at_least(0),
    "msg_retry_delay": must.duration(at_least="0s"),
    "idle_timeout": must.duration(above="0s"),
    "wait_timeout": must.duration(above="0s"),
}


def server_name(name: str) -> str:
    """As listmonk keeps it: ``Mailgun EU`` is ``email-mailgun-eu``; a name without a letter or digit becomes nothing."""
    kept = "".join(_kept(letter) for letter in name.strip())
    if not kept:
        return ""
    return kept if kept.startswith(_PREFIX) else _PREFIX + kept


def _kept(letter: str) -> str:
    lowered = letter.lower()[:1]  # Go lowers letter by letter
    return lowered if lowered.isascii() and (lowered.isalnum() or lowered == "-") else "-"


def refuse_unusable_name(name: str) -> None:
    if not server_name(name).removeprefix(_PREFIX).strip("-"):
        raise Refusal(
            f"an SMTP server cannot be called {name!r}: of a name listmonk keeps small letters, digits and dashes, and of this one nothing is left. "
            "Choose one such as ses or mailgun-eu."
        )


def refuse_unusable(title: str, given: Mapping[str, Any]) -> None:
    """Raise ``Refusal`` for a value that listmonk would accept and not start with, or that can never deliver."""
    for option, judge in _JUDGEMENTS.items():
        wrong = judge(given[option]) if given.get(option) is not None else None
        if wrong:
            raise Refusal(f"{title}: {option} must be {wrong}, not {given[option]!r}.")
    for position, header in enumerate(given.get("email_headers") or []):
        _refuse_unusable_header(f"{title}: email_headers[{position}]", header)


def _refuse_unusable_header(where: str, header: Any) -> None:
    if not isinstance(header, Mapping) or not header:
        raise Refusal(f"{where} must be a header and its value, such as {{X-Mailer: listmonk}}.")
    for name, value in header.items():
        if not isinstance(value, str):
            raise Refusal(f"{where}: the value of {name} must be a text, not {value!r}: put it into quotes.")


def refuse_incomplete(title: str, block: Block) -> None:
    protocol = block.get("auth_protocol")
    if protocol in AUTHENTICATED and not str(block.get("username") or "").strip():
        raise Refusal(f"{title}: auth_protocol {protocol} needs smtp_username. Give one, or set auth_protocol to none.")


def doubts(title: str, block: Block, *, has_password: bool) -> list[str]:
    """What can be stored and will probably not work."""
    found: list[str] = []
    port, tls = block.get("port"), block.get("tls_type")
    if tls == "TLS" and port in _STARTTLS_PORTS:
        found.append(
            f"{title}: port {port} and tls_type TLS do not go together. Servers expect STARTTLS on {port}; implicit TLS is usual on port {_TLS_PORT}. "
            'With a mismatch mail fails with "first record does not look like a TLS handshake".'
        )
    if tls != "TLS" and port == _TLS_PORT:
        found.append(
            f"{title}: port {port} and tls_type {tls} do not go together. Servers expect implicit TLS (tls_type TLS) on {_TLS_PORT}; STARTTLS is usual "
            "on port 587. With a mismatch the connection hangs."
        )
    if block.get("auth_protocol") in AUTHENTICATED and not has_password:
        found.append(f"{title}: auth_protocol is {block.get('auth_protocol')} and there is no password.")
    return found


def refuse_impossible_servers(held: Sequence[Block], wanted: Sequence[Block], messengers: Sequence[Block]) -> None:
    """What only all servers together show: none enabled, or two of one name."""
    if not any(block.get("enabled") for block in wanted):
        enabled = [_called(block) for block in held if block.get("enabled")]
        raise Refusal(
            f"no SMTP server would be enabled any more (enabled now: {', '.join(enabled) or 'none'}), and listmonk insists on one. Enable another one "
            "first, or in the same run."
        )
    taken = [str(block.get("name")) for block in wanted if block.get("name")] + [str(block.get("name")) for block in messengers]
    twice = sorted({name for name in taken if taken.count(name) > 1})
    if twice:
        raise Refusal(f"two SMTP servers or messengers are called {', '.join(twice)} in listmonk's spelling; it refuses that. Rename one.")


def _called(block: Block) -> str:
    return str(block.get("name") or f"the unnamed one at {block.get('host')}")
