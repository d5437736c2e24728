# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that answers as listmonk does: same command line, same environment, same tables, same HTTP API.

What it answers is pinned by conversations recorded from a real listmonk (tests/contract/recordings).
"""

from __future__ import annotations

VERSION = "v6.2.0"
BUILD = f"{VERSION} (#sandbox, not a build of listmonk)"
