# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail about an ended import to the addresses of the setting app.notify_emails."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from ..state import State
from . import mail_sender
from .import_status import Status


def send(state: State, status: Status, outcome: str) -> None:
    if not state.settings.get("app.notify_emails"):
        return
    try:
        mail_sender.send(state.settings, message(state.settings, status, outcome))
    except mail_sender.NotSent as error:
        state.log(f"error sending admin notification ({status.name}): {error}")


def message(settings: Mapping[str, Any], status: Status, outcome: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = settings["app.from_email"]
    mail["To"] = ", ".join(settings["app.notify_emails"])
    mail["Subject"] = f"{outcome.capitalize()}: {status.name} import"
    mail.set_content(f"File: {status.name}\nStatus: {outcome}\nRecords: {status.imported} / {status.total}\n")
    return mail
