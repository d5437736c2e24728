# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox's listmonk does not answer as recorded is listed, with reasons, and the list only becomes shorter.

That every entry is still needed is proven where the recording is replayed (test_recordings.py).
"""

from __future__ import annotations

from tests.contract import out_of_reach
from tests.contract.recording import RECORDINGS, load, names

MOST_STEPS = 19  # lower it with every group that is built; never raise it


def test_the_list_does_not_grow() -> None:
    steps = [step for reasons in out_of_reach.load().values() for found in reasons.values() for step in found]
    assert len(steps) <= MOST_STEPS


def test_every_entry_names_a_step_of_a_recording() -> None:
    for name in out_of_reach.load():
        assert name in names()
        known = {f"{number} {step.name}" for number, step in enumerate(load(RECORDINGS / f"{name}.json").steps)}
        assert out_of_reach.steps_of(name) <= known


def test_every_entry_says_what_is_missing() -> None:
    for reasons in out_of_reach.load().values():
        assert all("not built" in reason for reason in reasons)
