# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cron expressions: the verdicts are those of a real listmonk 6.2.0."""

from __future__ import annotations

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.cron_expression import refuse_bad_cron

TAKEN = [
    "0 3 * * *", "@daily", "@every 1h", "0 0 ? * MON", "TZ=UTC 0 3 * * *", "CRON_TZ=UTC 0 3 * * *", "*/5 0-23/2 1,15 jan-mar mon", "0 0 L * *",
    " 0 3 * * *", "0  3 * * *", "*/61 * * * *", "1/5 * * * *", "0 0 30 2 *",
]  # fmt: skip
REFUSED = [
    "0 0 * * 7", "0 3 * * * *", "60 * * * *", "@reboot", "@every 1d", "0 0 0 * *", "5-1 * * * *", "*/0 * * * *", "0 0 * * 1#2", "1-70 * * * *",
    "0 0 1W * *", "@DAILY", "", "0 0 * * sunday", "0 0 * * fri-mon",
]  # fmt: skip


@pytest.mark.parametrize("expression", TAKEN)
def test_what_listmonk_takes_is_taken(expression: str) -> None:
    refuse_bad_cron(expression)


@pytest.mark.parametrize("expression", REFUSED)
def test_what_listmonk_refuses_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the reason differs)
        refuse_bad_cron(expression)
