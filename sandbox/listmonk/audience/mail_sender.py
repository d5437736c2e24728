# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending mail through one of the enabled SMTP servers of the settings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from ..smtp_client import Refusal, SmtpError, deliver


class NotSent(Exception):
    pass


def send(settings: Mapping[str, Any], mail: EmailMessage) -> None:
    """Through any of the servers, as listmonk does. Raises NotSent."""
    servers = [server for server in settings.get("smtp") or () if server.get("enabled")]
    if not servers:
        raise NotSent("no SMTP server is enabled")
    server = random.choice(servers)
    for name, value in ((name, value) for header in server.get("email_headers") or () for name, value in header.items()):
        mail[name] = value
    attempts = max(int(server.get("max_msg_retries") or 0), 1)
    for attempt in range(1, attempts + 1):
        try:
            deliver(server, mail)
            return
        except SmtpError as error:
            if attempt == attempts or isinstance(error, Refusal):
                raise NotSent(f"{server['host']}:{server['port']}: {error}") from error
