# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server answers every recorded conversation as the real listmonk did."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from sandbox.mail import MailCatcher
from tests.contract import out_of_reach
from tests.contract.conversation import Target
from tests.contract.recording import RECORDINGS, load, names
from tests.contract.replay import replay
from tests.fresh_listmonk import start_fresh

pytestmark = pytest.mark.server

IS_SANDBOX = not os.environ.get("SANDBOX_FRESH")  # a real listmonk has nothing out of reach


@pytest.fixture(scope="module")
def mails() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        yield catcher


@pytest.mark.parametrize("name", names())
def test_every_answer_is_the_recorded_one(name: str, slot: str, mails: MailCatcher) -> None:
    recording = load(RECORDINGS / f"{name}.json")
    server = start_fresh(slot, recording.start)
    differing = replay(recording, Target(server.base_url, server.api_user, server.api_token, mails.host, mails.port))
    excepted = out_of_reach.steps_of(name) if IS_SANDBOX else set()
    wrong = [f"{step}: {difference}" for step, found in differing.items() if step not in excepted for difference in found]
    assert not wrong, f"{recording.about}:\n" + "\n".join(wrong)
    agreeing = excepted - differing.keys()
    assert not agreeing, f"no longer out of reach, take it from out_of_reach.yml: {sorted(agreeing)}"
