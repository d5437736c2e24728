# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one listmonk process holds: its database, the settings it read when it started, its log, its caches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .configuration import Configuration
from .database import Cursor, Pool
from .log import Log

if TYPE_CHECKING:
    from .access import ApiUsers

RESTART_AFTER_S = 0.5  # listmonk answers first and restarts half a second later


@dataclass
class State:
    """One per process; every group of the API is given it.

    ``settings`` is the snapshot read at boot (keys with dots, e.g. ``settings["app.root_url"]``): what was written since is in
    table ``settings`` and takes effect with the restart. ``importer``, ``mailer`` and ``campaigns_running`` belong to the
    groups that set them; nothing sends campaigns here yet, so that none ever runs.
    """

    configuration: Configuration
    pool: Pool
    log: Log
    settings: dict[str, Any] = field(default_factory=dict)
    api_users: ApiUsers | None = None
    needs_setup: bool = False
    needs_restart: bool = False
    importer: Any = None
    mailer: Any = None
    campaigns_running: Callable[[], bool] = lambda: False
    reload: threading.Event = field(default_factory=threading.Event)

    def db(self) -> AbstractContextManager[Cursor]:
        """``with state.db() as cur:`` a cursor with dict rows in a transaction that is committed at the end of the block."""
        return self.pool.cursor()

    def restart(self) -> None:
        """Restart the process (same pid) half a second from now, as listmonk does after a settings write."""
        timer = threading.Timer(RESTART_AFTER_S, self.reload.set)
        timer.daemon = True
        timer.start()
