# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which every module reaches a listmonk, as plain data.

``env`` lists the environment variables that stand in for an option, the first one being the one to recommend.
"""

from __future__ import annotations

from typing import Any

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "url": {"type": "str", "required": True, "env": ["LISTMONK_URL"]},
    "username": {"type": "str", "required": True, "env": ["LISTMONK_USERNAME", "LISTMONK_API_USER", "LISTMONK_USER"]},
    "api_token": {"type": "str", "required": True, "no_log": True, "env": ["LISTMONK_API_TOKEN", "LISTMONK_TOKEN"]},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30.0},
}
