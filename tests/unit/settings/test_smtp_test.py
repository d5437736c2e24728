# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test mail proves on servers that answer with success although they had no connection."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import Rejected
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.reconcile import reconcile
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.smtp import SMTP_STORE
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.session import Session
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.wish import Wish

from .test_smtp_servers import OPEN, Listmonk


class Postman(Listmonk):
    """It answers tests as 5.0.0 does: it looks at the address only once it is connected."""

    def __init__(self, version: str, *, connects: bool) -> None:
        super().__init__(version)
        self.connects = connects
        self.tests: list[dict[str, Any]] = []

    def post(self, path: str, json: dict[str, Any], *, expect: Any) -> list[str]:
        self.tests.append(json)
        if self.connects and "@" not in json["email"]:
            raise Rejected("mail: no angle-addr", status=500, sentence="mail: no angle-addr", method="POST", path=path)
        return []


def tries(listmonk: Postman) -> None:
    wish = Wish(store=SMTP_STORE, values={"name": "ses", **OPEN}, options={"test_recipient": "me@example.com"})
    reconcile(Session(listmonk), [wish])  # type: ignore[arg-type]


def test_before_5_1_success_without_a_connection_is_noticed_and_nothing_is_written() -> None:
    listmonk = Postman("5.0.0", connects=False)
    with pytest.raises(MailingError, match=r"no connection to relay\.example\.com:587\. Nothing was written"):
        tries(listmonk)
    assert listmonk.puts == []


@pytest.mark.parametrize(("version", "recipients"), [("5.0.0", ["me@example.com", "no address"]), ("5.1.0", ["me@example.com"])])
def test_one_mail_goes_out_and_only_before_5_1_the_connection_is_proven(version: str, recipients: list[str]) -> None:
    listmonk = Postman(version, connects=True)
    tries(listmonk)
    assert [test["email"] for test in listmonk.tests] == recipients
    assert len(listmonk.puts) == 1
