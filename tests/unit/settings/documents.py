# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of fresh installations, as each version shows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VERSIONS = ("5.0.0", "5.1.0", "6.0.0", "6.1.0", "6.2.0")


def fresh_document(version: str = "6.2.0") -> dict[str, Any]:
    path = Path(__file__).parent / "fresh" / f"{version}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["data"])


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
