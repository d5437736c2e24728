# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two wishes for the same object contradict each other, or one of them is a slip."""

from __future__ import annotations

from collections.abc import Sequence

from .._core.errors import Refusal
from .wish import Wish


def refuse_twice(wishes: Sequence[Wish]) -> None:
    """Raise ``Refusal`` if two wishes are about one object."""
    seen: dict[tuple[str, ...], Wish] = {}
    for wish in wishes:
        resource = wish.store.resource
        key = (resource.kind, *(str(resource.field(name).normalised(wish.values.get(name))) for name in resource.identity))
        if wish.name and key in seen:
            raise Refusal(
                f"{wish.where}: {resource.kind} {wish.name!r} is wanted a second time; {seen[key].where} already says what it should be. "
                "Keep one of them."
            )
        seen[key] = wish
