# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep what must not be seen out of texts and structures."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MASK = "********"


def scrub(value: Any, secrets: Collection[str]) -> Any:
    """The same value with every secret in every text of it replaced; longer secrets first, since one may contain another."""
    wanted = sorted((secret for secret in secrets if secret), key=len, reverse=True)
    if not wanted:
        return value
    pattern = re.compile("|".join(map(re.escape, wanted)))
    return _scrubbed(value, pattern)


def _scrubbed(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(MASK, value)
    if isinstance(value, Mapping):
        return {_scrubbed(key, pattern): _scrubbed(inner, pattern) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_scrubbed(inner, pattern) for inner in value]
    return value
