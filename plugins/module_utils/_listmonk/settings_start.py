# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps listmonk from starting: every write restarts it, so that a value which somebody else left behind strikes then.

Each line was measured on 6.2.0: the settings API accepts the value with 200 and the process then exits on every start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import go_duration
from .settings_vocabulary import SMTP
from .smtp_rules import AUTH_PROTOCOLS

_SMTP_DURATIONS = ("idle_timeout", "wait_timeout", "msg_retry_delay")


def obstacles(document: Mapping[str, Any]) -> Iterator[str]:
    """Why listmonk would not start with a document, one clause each."""
    if not document.get("app.lang"):
        yield "app.lang is blank"
    if document.get("upload.provider") not in ("filesystem", "s3"):
        yield f"upload.provider is {document.get('upload.provider')!r}, not filesystem or s3"
    for block in _enabled(document, SMTP):
        yield from (f"the SMTP server {_called(block)} has {reason}" for reason in _smtp_obstacles(block))
    for block in _enabled(document, "messengers"):
        if not _is_duration(block.get("timeout")):
            yield f"the messenger {_called(block)} has the timeout {block.get('timeout')!r}"
    if document.get("bounce.enabled"):
        for block in _enabled(document, "bounce.mailboxes")[:1]:
            if block.get("type") != "pop":
                yield f"the bounce mailbox {block.get('host')} has the type {block.get('type')!r}, not pop"


def _smtp_obstacles(block: Mapping[str, Any]) -> Iterator[str]:
    for key in _SMTP_DURATIONS:
        if key in block and not _is_duration(block[key]):
            yield f"the {key} {block[key]!r}, which is not {go_duration.FORM}"
    if int(block.get("max_conns") or 0) < 1:
        yield f"max_conns {block.get('max_conns')}, less than 1"
    if block.get("auth_protocol") not in ("", *AUTH_PROTOCOLS):
        yield f"the unknown auth_protocol {block.get('auth_protocol')!r}"


def _enabled(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [block for block in document.get(key) or [] if block.get("enabled")]


def _called(block: Mapping[str, Any]) -> str:
    return str(block.get("name") or f"at {block.get('host')}")


def _is_duration(value: Any) -> bool:
    try:
        go_duration.seconds(str(value))
    except ValueError:
        return False
    return True
