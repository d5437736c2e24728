# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets on their way out: as many bullets as they have characters."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from .shape import BLOCK_LISTS, blocks, places

BULLET = "•"


def masked(settings: dict[str, Any]) -> dict[str, Any]:
    out = deepcopy(settings)
    for key in BLOCK_LISTS:
        for block in blocks(out, key):
            block["password"] = BULLET * len(block["password"])
    for holder, name, _ in places(out):
        holder[name] = BULLET * len(holder[name])
    return out
