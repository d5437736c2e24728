# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.listmonk.preferences.cron import CronError, check_cron


@pytest.mark.parametrize(
    "expression", ["0 3 * * *", "*/15 0-6 1,15 jan-mar MON-FRI", "@daily", "@every 1h30m", "TZ=Europe/Berlin 0 3 * * *"]
)
def test_what_the_scheduler_understands_is_accepted(expression: str) -> None:
    check_cron(expression)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "empty spec string"),
        ("nope", "expected exactly 5 fields, found 1: [nope]"),
        ("0 0 3 * * *", "expected exactly 5 fields, found 6: [0 0 3 * * *]"),
        ("60 3 * * *", "value 60 out of valid range [0, 59]"),
        ("x 3 * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("-1 3 * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'),
        ("@every 10ms", "delay must be at least one second but was 10ms"),
        ("TZ=No/Where 0 0 * * *", "provided bad location No/Where: unknown time zone No/Where"),
        ("5-1 3 * * *", "beginning of range (5) beyond end of range (1)"),
        ("*/0 3 * * *", "step should be > 0, got 0"),
        ("@sometimes", "unrecognized descriptor: @sometimes"),
        ("@every 1d", 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'),
    ],
)
def test_anything_else_is_refused_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(CronError) as refused:
        check_cron(expression)
    assert reason in str(refused.value)
