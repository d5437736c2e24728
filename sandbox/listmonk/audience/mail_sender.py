# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending mail through one of the enabled SMTP servers of the settings."""

from __future__ import annotations

import random
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

TIMEOUT_S = 5.0


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
    attempts = 1 + max(int(server.get("max_msg_retries") or 0), 0)
    for attempt in range(attempts):
        try:
            _deliver(server, mail)
            return
        except (OSError, smtplib.SMTPException) as error:
            if attempt + 1 == attempts:
                raise NotSent(f"{server['host']}:{server['port']}: {error}") from error


def _deliver(server: Mapping[str, Any], mail: EmailMessage) -> None:
    context = ssl.create_default_context()
    if server.get("tls_skip_verify"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    host, port, name = server["host"], int(server["port"]), server.get("hello_hostname") or None
    connection: smtplib.SMTP
    if server.get("tls_type") == "TLS":
        connection = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT_S)
    with connection:
        connection.ehlo()
        if server.get("tls_type") == "STARTTLS":
            connection.starttls(context=context)
            connection.ehlo()
        _sign_in(connection, server)
        connection.send_message(mail)


def _sign_in(connection: smtplib.SMTP, server: Mapping[str, Any]) -> None:
    connection.user, connection.password = server.get("username") or "", server.get("password") or ""
    protocol = server.get("auth_protocol")
    if protocol == "plain":
        connection.auth("PLAIN", connection.auth_plain)
    elif protocol == "login":
        connection.auth("LOGIN", connection.auth_login)
    elif protocol == "cram":
        connection.auth("CRAM-MD5", connection.auth_cram_md5)
