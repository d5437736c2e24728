# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that waits gives a sign of life now and then, and never with every line."""

from __future__ import annotations

from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import TOUCH_EVERY, alive


def test_lines_of_progress_give_a_sign_of_life_at_most_once_a_minute() -> None:
    time = 0.0
    told: list[str] = []
    signs: list[float] = []
    progress = alive(told.append, lambda: signs.append(time), now=lambda: time)
    for second in range(200):
        time = float(second)
        progress(f"{second} s")
    assert len(told) == 200
    assert signs == [TOUCH_EVERY, 2 * TOUCH_EVERY, 3 * TOUCH_EVERY]
