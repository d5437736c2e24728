# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /api/settings/smtp/test: one mail through a server that is not stored. Recording settings_smtp_test."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from flask import Blueprint, Response, request

from ..access import needs
from ..answers import Problem, data
from ..body import request_json
from ..go_template.dates import parsed_duration
from ..smtp_client import SmtpError, UnknownAuthProtocol, check_auth_protocol, deliver
from ..state import State

UNREADABLE = "Internal server error"
_DURATIONS = ("idle_timeout", "wait_timeout", "msg_retry_delay")
_NUMBERS = ("port", "max_conns", "max_msg_retries")
WAIT_S = 2.0  # the test does not use the block's own wait_timeout


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("smtp_test", __name__)

    @blueprint.post("/api/settings/smtp/test")
    @needs("settings:manage")
    def smtp_test() -> Response:
        server = _server(state)
        recipient = str(server.get("email") or "")
        if not recipient:
            raise Problem(400, "Missing field(s): email")
        try:
            check_auth_protocol(server)
            deliver(server, _mail(state.settings, server, recipient), recipient=recipient, wait_s=WAIT_S)
        except UnknownAuthProtocol as error:
            raise Problem(400, f"Error creating SMTP: {error}") from error
        except SmtpError as error:
            raise Problem(500, str(error)) from error
        return data(state.log.lines())

    return blueprint


def _server(state: State) -> dict[str, Any]:
    """The block from the body. The content type does not matter here, and numbers may be written as strings."""
    try:
        document = request_json()
    except Problem as problem:
        state.log(f"error unmarshalling SMTP test request: {problem.message}")
        raise Problem(400, UNREADABLE) from problem
    if document is None and request.get_data():  # null: a block without anything
        document = {}
    if not isinstance(document, dict):
        state.log("error unmarshalling SMTP test request: no JSON object")
        raise Problem(400, UNREADABLE)
    for key in _DURATIONS:
        if isinstance(document.get(key), str) and parsed_duration(document[key]) is None:
            raise _unreadable(state, key, document[key])
    for key in _NUMBERS:
        document[key] = _number(state, key, document.get(key) or 0)
    return document


def _number(state: State, key: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _unreadable(state, key, value) from None


def _unreadable(state: State, key: str, value: object) -> Problem:
    state.log(f"error scanning SMTP test request: {key}: {value!r}")
    return Problem(400, UNREADABLE)


def _mail(settings: Mapping[str, Any], server: Mapping[str, Any], recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = settings["app.from_email"]
    mail["To"] = recipient
    mail["Subject"] = "Test connection"
    for header in _headers(server.get("email_headers")):
        for name, value in header.items():
            del mail[name]
            mail[name] = str(value)
    mail.set_content("<!doctype html>\n<html><body><h2>Test connection</h2></body></html>\n", subtype="html")
    return mail


def _headers(value: Any) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else [header for header in value or () if isinstance(header, dict)]
