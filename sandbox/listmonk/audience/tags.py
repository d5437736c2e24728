# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How listmonk stores the tags of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .addresses import SPACES

_INNER_BLANKS = re.compile(r"[\t\n\f\r ]+")  # Go's \s: no vertical tab, nothing beyond ASCII


def normalised(tags: Iterable[str]) -> list[str]:
    """Trimmed, blanks inside turned into one dash, nothing empty; case, order and duplicates stay."""
    return [dashed for tag in tags if (dashed := _INNER_BLANKS.sub("-", tag.strip(SPACES)))]
