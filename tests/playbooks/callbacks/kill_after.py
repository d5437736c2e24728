# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback that ends the run as a power cut would, right after the task that KILL_AFTER names has ended (not in check mode)."""

from __future__ import annotations

import os
import signal
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: kill_after
type: aggregate
short_description: End the run after a task
description: For tests; see KILL_AFTER.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core is not typed
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "kill_after"

    def v2_runner_on_ok(self, result: Any) -> None:
        task = result.task
        if not task.check_mode and task.get_name().rpartition(" : ")[2] == os.environ.get("KILL_AFTER"):
            os.kill(os.getpid(), signal.SIGKILL)
