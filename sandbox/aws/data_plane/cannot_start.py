# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a task cannot be started. ECS accepts the task, and says so in its stoppedReason."""

from __future__ import annotations


class CannotStart(Exception):
    """The text is the stoppedReason, in ECS's words where it has some."""
