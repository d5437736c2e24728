# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wishes that name objects of which another wish of the same run disposes."""

from __future__ import annotations

from .._core.errors import Refusal
from .session import Session
from .wish import Wish


def refuse_leaving(session: Session, wish: Wish) -> None:
    """Raise ``Refusal`` if the wish names something that an earlier wish of the run removes."""
    for field in wish.store.resource:
        if not field.reference:
            continue
        for name in named_by(wish, field.name):
            if name in session.leaving.get(field.reference, ()):
                raise Refusal(
                    f"{wish.store.resource.kind} {wish.name!r} is for the {field.reference} {name!r}, which the same run is to remove. "
                    "Keep one of the two wishes."
                )


def named_by(wish: Wish, name: str) -> list[str]:
    """The names that a field of the wish holds."""
    value = wish.values.get(name) or []
    return [value] if isinstance(value, str) else [str(each) for each in value]
