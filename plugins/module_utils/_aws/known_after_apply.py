# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a check cannot know, because AWS makes them up when the stack is applied. They travel through variables as text."""

from __future__ import annotations

import re
from typing import Any

_MARK = re.compile(r"known after apply \(([^()]*)\)")


def known_after_apply(what: str) -> str:
    """The text that stands for a value which is not there yet: ``known after apply (paperboat-network.VpcId)``."""
    return f"known after apply ({what})"


def is_known_after_apply(value: Any) -> bool:
    """Whether the value is, or contains, such a text; also as one of a list, or inside a longer text."""
    if isinstance(value, (list, tuple)):
        return any(is_known_after_apply(each) for each in value)
    if isinstance(value, dict):
        return any(is_known_after_apply(each) for each in value.values())
    return isinstance(value, str) and _MARK.search(value) is not None


def whose(value: str) -> str:
    """What the text in the value stands for; empty if the value is known."""
    found = _MARK.search(value)
    return found[1] if found else ""
