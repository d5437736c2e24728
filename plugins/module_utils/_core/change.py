# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan would change of an object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .fields import Field


@dataclass(frozen=True, kw_only=True)
class Change:
    """One attribute that does not hold what it should."""

    field: Field
    before: Any
    after: Any
