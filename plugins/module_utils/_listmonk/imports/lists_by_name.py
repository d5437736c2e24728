# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists by name: which ids an import is for."""

from __future__ import annotations

from collections.abc import Mapping

from ..._core.errors import Refusal
from ..client import Client
from ..resources.lists import read_lists
from ..session import Session

_NAMED = 20


def list_ids(client: Client, names: tuple[str, ...], known: Mapping[str, int | None]) -> tuple[int | None, ...]:
    """Return the id of each list, None for one that ``known`` says is still to be made; raise ``Refusal`` for an unknown name.

    Names are matched exactly, among all of them: the server's search stumbles over punctuation.
    """
    asked = [name for name in names if name not in known]
    there = _ids_by_name(client) if asked else {}
    for name in asked:
        ids = there.get(name, [])
        if len(ids) > 1:
            raise Refusal(f"{len(ids)} lists are named {name!r} (ids {', '.join(map(str, ids))}); rename all but one of them.")
        if not ids:
            names_there = ", ".join(repr(one) for one in sorted(there)[:_NAMED]) or "none at all"
            more = f" and {len(there) - _NAMED} more" if len(there) > _NAMED else ""
            raise Refusal(f"There is no list named {name!r}. listmonk has {names_there}{more}.")
    return tuple(known[name] if name in known else there[name][0] for name in names)


def _ids_by_name(client: Client) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in read_lists(Session(client)):
        found.setdefault(row["name"], []).append(row["id"])
    return found
