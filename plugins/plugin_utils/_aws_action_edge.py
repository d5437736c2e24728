# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on AWS that run as action plugins: their connection, and the run lock that they keep alive while they work."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._aws.connection import Aws, connection_of
from ..module_utils._aws.record import Record
from ..module_utils._aws.run_lock import RunLock
from ._action_edge import ActionEdge, Call

LOCK_VARIABLE = "CLARIVUM_MAILING_RUN_LOCK"
"""Environment variable of a play: ``<SSM parameter>@<run>``, as aws_run_lock returns it under ``environment``."""
TOUCH_EVERY = 60.0
"""Seconds between two signs of life while a task waits."""


class AwsActionEdge(ActionEdge):
    """An ActionEdge whose tasks speak to AWS. Each line of progress is also a sign of life of the run, if the play holds a run lock."""

    def _call(self, options: dict[str, Any], secrets: set[str], temporary: list[str]) -> Call:
        call = super()._call(options, secrets, temporary)
        self._aws = Aws(connection_of(options), check_mode=call.check_mode)
        sign_of_life = self._sign_of_life(os.environ)
        if sign_of_life is None or call.check_mode:
            return call
        sign_of_life()
        return dataclasses.replace(call, progress=alive(call.progress, sign_of_life))

    @property
    def aws(self) -> Aws:
        """The account and region of the task's options."""
        return self._aws

    def _sign_of_life(self, environment: Mapping[str, str]) -> Callable[[], None] | None:
        name, _at, run = environment.get(LOCK_VARIABLE, "").partition("@")
        if not name or not run:
            return None
        lock = RunLock(Record(self._aws, name), pid=os.getppid(), title=name)
        step = str(self._task.get_name()) if hasattr(self._task, "get_name") else self._title()

        def sign_of_life() -> None:
            lock.touch(run, step)

        return sign_of_life


def alive(
    progress: Callable[[str], None], sign_of_life: Callable[[], None], now: Callable[[], float] = time.monotonic
) -> Callable[[str], None]:
    """``progress`` that gives a sign of life with a line, at most one in TOUCH_EVERY seconds."""
    last = now()

    def told(line: str) -> None:
        nonlocal last
        progress(line)
        if now() - last >= TOUCH_EVERY:
            last = now()
            sign_of_life()

    return told
