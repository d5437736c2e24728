# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why an object cannot be told from others, or cannot be called as it should be."""

from __future__ import annotations

from collections.abc import Sequence

from .._core.errors import Refusal
from .._core.resource import Resource
from .wish import Values


def ambiguous(resource: Resource, name: str, matches: Sequence[Values]) -> Refusal:
    more = resource.identity[1:]
    described = ", ".join(f"id {row['id']}" + "".join(f" ({key} {row.get(key)})" for key in more) for row in matches)
    return Refusal(
        f"{len(matches)} {resource.plural} are called {name!r}: {described}. Names are not "
        "unique in listmonk; say which one is meant with the option id, or rename or remove the others.",
        ids=[row["id"] for row in matches],
    )


def called_otherwise(resource: Resource, name: str, handles: Values, found: Values) -> Refusal:
    return Refusal(
        f"{resource.kind} {_in_words(handles)} is called {found.get(resource.identity[0])!r}, not {name!r}: it is not "
        "removed. Correct one of the two."
    )


def unknown_handle(resource: Resource, name: str, handles: Values) -> Refusal:
    return Refusal(
        f"there is no {resource.kind} with {_in_words(handles)}, and the server chooses ids itself. To create {name!r} "
        f"leave {' and '.join(handles)} out."
    )


def refuse_taken_name(resource: Resource, rows: Sequence[Values], values: Values, current: Values) -> None:
    """Raise ``Refusal`` if another object has the name that the current one should get."""
    called = resource.identity[0]
    target = {key: values.get(key) if values.get(key) is not None else current.get(key) for key in resource.identity}
    for row in rows:
        if row["id"] != current["id"] and all(row.get(key) == value for key, value in target.items()):
            raise Refusal(
                f"{resource.kind} {current[called]!r} (id {current['id']}) cannot be renamed to {target[called]!r}: "
                f"id {row['id']} has that name already."
            )


def _in_words(handles: Values) -> str:
    return " and ".join(f"{key} {value}" for key, value in handles.items())
