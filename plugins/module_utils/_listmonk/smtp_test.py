# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let listmonk send a mail through a server, as a task describes it, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._core.errors import MailingError, Refusal
from .._core.plan import Plan
from .._core.redact import scrub
from . import settings_judgements as must
from .errors import Rejected, Uncertain
from .smtp_rules import AUTHENTICATED
from .wish import Wish

if TYPE_CHECKING:
    from .client import Client

PATH = "/api/settings/smtp/test"
TRUTHFUL_SINCE = (5, 1)
"""Before, a test that could not even connect was answered with success (measured with 5.0.0, whose SMTP pool dropped that error)."""
NO_ADDRESS = "no address"


def send_test(client: Client, plan: Plan, block: Mapping[str, Any], wish: Wish) -> list[str]:
    """Send it, or in check mode say that it was not; raises ``MailingError`` with the mail server's words when it fails."""
    recipient = str(wish.options["test_recipient"])
    if plan.after is None:
        raise Refusal(f"{plan.title}: test_recipient needs a server; with state absent there is none to test.")
    if must.mail_address(recipient):
        raise Refusal(f"{plan.title}: test_recipient must be {must.mail_address(recipient)}, not {recipient!r}.")
    password = wish.values.get("password") or ""
    if not password and block.get("auth_protocol") in AUTHENTICATED:
        raise Refusal(
            f"{plan.title}: a test needs the password in the task. listmonk does not look up the stored one for a test, and gives it out to nobody, "
            "so that a test without it proves nothing. Give password, or leave test_recipient out."
        )
    if client.check_mode:
        return [f"{plan.title}: no test mail was sent to {recipient}, since this is check mode."]
    body: dict[str, Any] = {key: value for key, value in block.items() if key not in ("uuid", "password_set")}
    body = {**body, "password": password, "email": recipient}
    _send(client, plan, body, password)
    if client.version < TRUTHFUL_SINCE:
        _prove_that_it_connects(client, plan, body)
    return []


def _send(client: Client, plan: Plan, body: dict[str, Any], password: str) -> None:
    where = f"{body['host']}:{body['port']}"
    try:
        client.post(PATH, body, expect=list)
    except Rejected as error:
        if error.status not in (400, 500):
            raise
        said = scrub(error.sentence, [password])
        raise MailingError(
            f"{plan.title}: the test mail to {body['email']} could not be sent through {where}: {said}. Nothing was written.",
            tested=False,
            status=error.status,
        ) from error
    except Uncertain as error:
        raise MailingError(
            f"{plan.title}: the test mail through {where} got no answer within {client.connection.timeout:g} s. A server that accepts the connection and then "
            "stays silent does that, for one with the wrong tls_type. Nothing was written.",
            tested=False,
        ) from error


def _prove_that_it_connects(client: Client, plan: Plan, body: dict[str, Any]) -> None:
    """An address that cannot be one is looked at only once there is a connection, and then refused: success means that there was none."""
    try:
        client.post(PATH, {**body, "email": NO_ADDRESS}, expect=list)
    except Rejected as error:
        if error.status == 500:
            return
        raise
    raise MailingError(
        f"{plan.title}: the test mail to {body['email']} was not sent: listmonk had no connection to {body['host']}:{body['port']}. Nothing was written. "
        "Check host, port and tls_type; listmonk says why only since 5.1.",
        tested=False,
    )
