# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handing a mail to an SMTP server as listmonk does, with the errors of Go's network and SMTP libraries.

``server`` is a block of the setting ``smtp``. Passwords are sent as UTF-8, unchanged (smtplib's own ``login`` takes ASCII only).
"""

from __future__ import annotations

import base64
import hmac
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP as LINE_ENDS
from email.utils import getaddresses
from typing import Any

from .go_template.strings import quote

SILENCE_S = 120.0
"""How long a connected server may be silent. listmonk waits for ever."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LAST_PORT = 65535
_AUTH_PROTOCOLS = ("cram", "plain", "login", "", "none")


class SmtpError(Exception):
    """str() is Go's sentence."""


class Refusal(SmtpError):
    """The server said no: ``550 "5.1.1 mailbox unavailable"``. Another attempt would not help."""

    def __init__(self, code: int, text: bytes) -> None:
        super().__init__(f"{code:03d} {quote(text.decode('utf-8', 'replace'))}")


class UnknownAuthProtocol(SmtpError):
    pass


def check_auth_protocol(server: Mapping[str, Any]) -> None:
    protocol = server.get("auth_protocol") or ""
    if protocol not in _AUTH_PROTOCOLS:
        raise UnknownAuthProtocol(f"unknown SMTP auth type '{protocol}'")


def deliver(server: Mapping[str, Any], mail: EmailMessage, *, recipient: str | None = None, wait_s: float = 5.0) -> None:
    """To everybody in the headers, or to the one recipient given. Raises SmtpError. The addresses are looked at when the connection stands, as in listmonk."""
    check_auth_protocol(server)
    connection = _connect(server, wait_s)
    try:
        _prepare(connection, server)
        recipients = [_address(text) for text in ([recipient] if recipient is not None else _addressees(mail))]
        sender = _address(str(mail["From"]))
        _expect(connection.mail(sender), 250)
        for recipient in recipients:
            _expect(connection.rcpt(recipient), 250, 251)
        _expect(connection.data(mail.as_bytes(policy=LINE_ENDS)), 250)
        connection.quit()
    except (smtplib.SMTPException, OSError) as error:
        raise SmtpError(_in_go_words(error)) from error
    finally:
        connection.close()


def _connect(server: Mapping[str, Any], wait_s: float) -> smtplib.SMTP:
    host, port = str(server.get("host") or ""), int(server.get("port") or 0)
    where = f"{host}:{port}"
    if ":" in host:  # listmonk writes host:port without brackets
        raise SmtpError(f"dial tcp: address {where}: too many colons in address")
    if not 0 <= port <= _LAST_PORT:
        raise SmtpError(f"dial tcp: address {port}: invalid port")
    connection = smtplib.SMTP(local_hostname=server.get("hello_hostname") or "localhost", timeout=wait_s)
    try:
        raw = socket.create_connection((host or "localhost", port), timeout=wait_s)
        raw.settimeout(SILENCE_S)
        connection.sock = _tls(server).wrap_socket(raw, server_hostname=host) if server.get("tls_type") == "TLS" else raw
        connection._host = host  # type: ignore[attr-defined]  # what starttls() verifies the certificate against
        _expect(connection.getreply(), 220)
    except socket.gaierror as error:
        raise SmtpError(f"dial tcp: lookup {host}: no such host") from error
    except TimeoutError as error:
        raise SmtpError(f"dial tcp {where}: i/o timeout") from error
    except ConnectionRefusedError as error:
        raise SmtpError(f"dial tcp {where}: connect: connection refused") from error
    except (OSError, smtplib.SMTPException) as error:
        raise SmtpError(_in_go_words(error)) from error
    return connection


def _tls(server: Mapping[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.get("tls_skip_verify"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _prepare(connection: smtplib.SMTP, server: Mapping[str, Any]) -> None:
    connection.ehlo_or_helo_if_needed()
    if server.get("tls_type") == "STARTTLS":
        if not connection.has_extn("starttls"):
            raise SmtpError("SMTP STARTTLS extension not found")
        connection.starttls(context=_tls(server))
        connection.ehlo()
    if (server.get("auth_protocol") or "none") != "none":
        if not connection.has_extn("auth"):
            raise SmtpError("SMTP AUTH extension not found")
        _sign_in(connection, server)


def _sign_in(connection: smtplib.SMTP, server: Mapping[str, Any]) -> None:
    username, password = str(server.get("username") or ""), str(server.get("password") or "")
    match server["auth_protocol"]:
        case "plain":
            encrypted = isinstance(connection.sock, ssl.SSLSocket)
            if not encrypted and str(server.get("host")) not in _LOOPBACK:
                raise SmtpError("unencrypted connection")
            _expect(connection.docmd("AUTH", f"PLAIN {_encoded(f'{chr(0)}{username}{chr(0)}{password}')}"), 235)
        case "login":
            reply = connection.docmd("AUTH", "LOGIN")
            for answer in (username, password):
                _challenge(reply)
                reply = connection.docmd(_encoded(answer))
            _expect(reply, 235)
        case "cram":
            challenge = base64.b64decode(_challenge(connection.docmd("AUTH", "CRAM-MD5")))
            digest = hmac.new(password.encode(), challenge, "md5").hexdigest()
            _expect(connection.docmd(_encoded(f"{username} {digest}")), 235)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _challenge(reply: tuple[int, bytes]) -> bytes:
    _expect(reply, 334)
    return reply[1]


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise Refusal(*reply)


def _addressees(mail: EmailMessage) -> Sequence[str]:
    return [address for _, address in getaddresses([str(value) for name in ("To", "Cc", "Bcc") for value in mail.get_all(name, [])])]


def _address(text: str) -> str:
    """``John <john@example.com>`` -> ``john@example.com``"""
    name, bracket, inner = text.rpartition("<")
    bare = (inner.removesuffix(">") if bracket else text).strip()
    local, at, _ = bare.partition("@")
    if not at:
        raise SmtpError("mail: missing @ in addr-spec" if bracket else "mail: missing '@' or angle-addr")
    if not local and not name:
        raise SmtpError("mail: missing word in phrase: mail: invalid string")
    if not bracket and "," in bare:
        raise SmtpError(f"mail: expected single address, got {quote(bare[bare.index(',') :])}")
    return bare


def _in_go_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if "Hostname mismatch" in error.verify_message or "IP address mismatch" in error.verify_message:
            return f"tls: failed to verify certificate: x509: {error.verify_message}"
        return "tls: failed to verify certificate: x509: certificate signed by unknown authority"
    if isinstance(error, ssl.SSLError):
        return "tls: first record does not look like a TLS handshake"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "EOF"
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return str(Refusal(error.smtp_code, raw if isinstance(raw, bytes) else raw.encode()))
    if isinstance(error, TimeoutError):
        return "i/o timeout"
    return str(error)
