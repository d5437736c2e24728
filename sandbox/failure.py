# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a command of the sandbox did not do what it was asked for."""

from __future__ import annotations


class SandboxFailed(Exception):
    """The sandbox is not up, or not as it should be; the text says why."""
