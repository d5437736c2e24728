# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that are accepted when they are written and that no process starts with."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.listmonk.boot import Unbootable, check


def nothing(_line: str) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "last_line"),
    [
        ({"app.lang": ""}, "app.lang"),
        ({"upload.provider": "floppy"}, "unknown provider"),
        ({"smtp": {"idle_timeout": "1d"}}, "'idle_timeout' time: unknown unit"),
        ({"smtp": {"wait_timeout": ""}}, "'wait_timeout' time: invalid duration"),
        ({"smtp": {"msg_retry_delay": ""}}, "'msg_retry_delay' time: invalid duration"),
        ({"smtp": {"max_conns": 0}}, "MaxConns should be >= 1"),
        ({"smtp": {"auth_protocol": "nosuch"}}, "unknown SMTP auth type 'nosuch'"),
        ({"bounce.enabled": True, "bounce.mailboxes": {"enabled": True, "type": "imap"}}, "unknown bounce mailbox type"),
    ],
)
def test_the_boot_ends_with_a_line_that_names_the_reason(stored: dict[str, Any], change: dict[str, Any], last_line: str) -> None:
    settings = dict(stored)
    for key, value in change.items():
        settings[key] = [{**stored[key][0], **value}] if isinstance(value, dict) else value
    with pytest.raises(Unbootable, match=last_line):
        check(settings, nothing)


@pytest.mark.parametrize(
    "change", [{"app.lang": "xx"}, {"app.batch_size": 0}, {"app.message_sliding_window_duration": "soon"}, {"app.concurrency": 0}]
)
def test_what_looks_as_wrong_but_starts_is_let_through(stored: dict[str, Any], change: dict[str, Any]) -> None:
    check({**stored, **change}, nothing)


def test_a_disabled_server_may_hold_anything(stored: dict[str, Any]) -> None:
    stored["smtp"][1].update(idle_timeout="1d", auth_protocol="nosuch", max_conns=0)
    check(stored, nothing)
