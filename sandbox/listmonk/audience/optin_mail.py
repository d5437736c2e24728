# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail that asks a subscriber to confirm double opt-in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from ..state import State
from . import mail_sender, subscriptions

SUBJECT = "Confirm subscription"
NO_CAMPAIGN = "00000000-0000-0000-0000-000000000000"


def send(state: State, subscriber: Mapping[str, Any], among: Sequence[int]) -> bool:
    """Whether nothing went wrong: also when the subscriber has nothing to confirm (in `among`; none means any list)."""
    with state.db() as cur:
        lists = subscriptions.awaiting_confirmation(cur, subscriber["id"], among)
    if not lists:
        return True
    try:
        mail_sender.send(state.settings, message(state.settings, subscriber, lists))
    except mail_sender.NotSent as error:
        state.log(f"error sending opt-in e-mail for subscriber {subscriber['id']} ({subscriber['uuid']}): {error}")
        return False
    return True


def message(settings: Mapping[str, Any], subscriber: Mapping[str, Any], lists: Sequence[Mapping[str, Any]]) -> EmailMessage:
    root = settings["app.root_url"]
    confirm = f"{root}/subscription/optin/{subscriber['uuid']}?{urlencode([('l', entry['uuid']) for entry in lists])}"
    unsubscribe = f"{root}/subscription/{NO_CAMPAIGN}/{subscriber['uuid']}"
    mail = EmailMessage()
    mail["From"] = settings["app.from_email"]
    mail["To"] = subscriber["email"]
    mail["Subject"] = SUBJECT
    mail["X-Listmonk-Subscriber"] = str(subscriber["uuid"])
    if settings.get("privacy.unsubscribe_header"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    names = "".join(f"- {'Private list' if entry['type'] == 'private' else entry['name']}\n" for entry in lists)
    mail.set_content(
        f"Hello {subscriber['name']},\n\nplease confirm that you want mail from:\n\n{names}\n"
        f"Confirm: {confirm}\n\nIf you did not ask for this, do nothing, or unsubscribe: {unsubscribe}\n"
    )
    return mail
