# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object as somebody wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .._core.spec import values_of

if TYPE_CHECKING:
    from .store import Store

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a task, or an entry of a configuration, asks for."""

    store: Store
    state: Literal["present", "absent"] = "present"
    values: Values = field(default_factory=dict)
    """Fields by name; only those that were given."""
    options: Values = field(default_factory=dict)
    """What else was said: ``id``, ``update_password``, …"""
    where: str = ""
    """Place in the configuration, such as ``lists[3]``; empty for a task of its own."""

    @property
    def name(self) -> str:
        return "".join(str(self.values.get(key, "")) for key in self.store.resource.identity[:1])


def wish_of(store: Store, options: Mapping[str, Any], where: str = "") -> Wish:
    """What the options of a task, or of an entry of a configuration, ask for."""
    names = {field.option for field in store.resource.writable}
    return Wish(
        store=store,
        state=options.get("state") or "present",
        values=values_of(store.resource, dict(options)),
        options={key: value for key, value in options.items() if key not in names},
        where=where,
    )
