# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a few people by their addresses, as fast as the API user's permissions allow.

With ``subscribers:sql_query`` the server looks them up in an index, whatever its size. Without it there is only its search, a
regular expression that it holds against the name and address of everybody: measured on 6.2.0 with 740,000 people, one address
costs as much as a tenth of a whole export, a hundred cost several exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote

from ..client import Client
from .held import Exported, Place, count, export, rows

T = TypeVar("T")

LONGEST_CONDITION = 4000
"""Characters of a condition as it stands in the request line; proxies accept request lines of 8 kB."""

ADDRESSES_BY_QUERY = 500
COMPARISONS_BY_SEARCH = 2_000_000
"""How many times an address may be held against a person, all in all; it takes the server some seconds."""

FEWEST_TO_PROVE = 3


class Finder:
    """Knows which way is open, and what it costs."""

    def __init__(self, client: Client, *, may_query: bool) -> None:
        self._client = client
        self._may_query = may_query
        self._people: int | None = None

    def can_find(self, addresses: Sequence[str]) -> bool:
        """Tell whether asking for ``addresses`` is cheaper than exporting everybody."""
        return len(addresses) <= self._affordable()

    def thinned(self, sample: Sequence[T]) -> Sequence[T]:
        """Return as many of ``sample`` as are affordable, evenly spread, the first and the last among them."""
        affordable = max(FEWEST_TO_PROVE, self._affordable())
        if len(sample) <= affordable:
            return sample
        step = (len(sample) - 1) / (affordable - 1)
        return [sample[round(index * step)] for index in range(affordable)]

    def find(self, place: Place, addresses: Iterable[str]) -> Iterator[Exported]:
        """Yield those of ``addresses`` that are at ``place``."""
        conditions = conditions_of(addresses, as_query) if self._may_query else conditions_of(addresses, as_search)
        for name, condition in conditions:
            yield from rows(self._client, {**place.parameters, name: condition})

    def everybody(self, place: Place) -> Iterator[Exported]:
        """Yield all people at ``place``."""
        return export(self._client, place, may_query=self._may_query)

    def _affordable(self) -> int:
        if self._may_query:
            return ADDRESSES_BY_QUERY
        if self._people is None:
            self._people = count(self._client, Place())
        return COMPARISONS_BY_SEARCH // max(1, self._people)


Form = tuple[str, str, str, str, Callable[[str], str]]


def as_literal(address: str) -> str:
    return "'" + address.replace("'", "''") + "'"


def as_pattern(address: str) -> str:
    """The regular expression that matches the address alone; letters beyond ASCII stand for themselves."""
    return "".join(f"\\{one}" if one.isascii() and not (one.isalnum() or one in "_@-") else one for one in address)


as_query: Form = ("query", "LOWER(subscribers.email) IN (", ",", ")", as_literal)
as_search: Form = ("search", "^(", "|", ")$", as_pattern)


def conditions_of(addresses: Iterable[str], form: Form) -> Iterator[tuple[str, str]]:
    """Yield parameters and their values that together find exactly ``addresses``, each short enough for a request line."""
    parameter, opening, between, closing, written = form
    parts: list[str] = []
    length = 0
    for address in addresses:
        part = written(address)
        size = len(quote(part)) + 3
        if parts and length + size > LONGEST_CONDITION - 100:
            yield parameter, opening + between.join(parts) + closing
            parts, length = [], 0
        parts.append(part)
        length += size
    if parts:
        yield parameter, opening + between.join(parts) + closing
