# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a fresh listmonk 6.2.0, by their dotted keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "schema"
DEFAULT_SETTINGS: dict[str, Any] = json.loads((SCHEMA / "settings.json").read_text("utf-8"))
