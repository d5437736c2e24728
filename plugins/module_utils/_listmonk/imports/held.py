# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading people back: listmonk's CSV export, whole or searched for a few addresses.

The export has no column for the subscription, so it is asked once for each list and subscription status (6.2.0). It is 10 to
25 times faster than an import; ``per_page=all`` is not usable. Two or more ``list_id`` match nothing, so each list is asked
for alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from ..._core.errors import MailingError
from ..client import Client
from ..errors import NotTheApi
from .decisions import Status, Subscription

EXPORT = "/api/subscribers/export"
COLUMNS = ("email", "name", "attributes", "status")

LONGEST_SEARCH = 4000
"""Characters of a search as it stands in the request line; proxies accept request lines of 8 kB."""

_STATUS = {status.name.lower(): int(status) for status in Status}
_LARGEST_CELL = 1 << 26


@dataclass(frozen=True)
class Place:
    """Where to look: everybody (no list), or those whose subscription to a list has a status."""

    list_id: int | None = None
    subscription: Subscription | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        if self.list_id is None or self.subscription is None:
            return {}
        return {"list_id": self.list_id, "subscription_status": self.subscription.name.lower()}


class Exported(NamedTuple):
    """A person as exported. ``email`` is the server's own spelling, ``attributes`` JSON text."""

    email: str
    name: str
    attributes: str
    status: int


def export(client: Client, place: Place) -> Iterator[Exported]:
    """Yield everybody at ``place``; raise ``NotTheApi`` if the export breaks off.

    A database error in the middle ends listmonk's answer as if it were whole (6.2.0), and whoever is missing would look like
    somebody who never unsubscribed. So the rows are counted against what the server says it has.
    """
    announced = _count(client, place)
    read = 0
    for person in _rows(client, place.parameters):
        read += 1
        yield person
    if read < announced and read < _count(client, place):
        raise NotTheApi(
            f"GET {EXPORT} ended after {read:,} of {announced:,} people. listmonk's log says why; "
            "nothing is decided on half of the audience. Run again."
        )


def search(client: Client, place: Place, addresses: Iterable[str]) -> Iterator[Exported]:
    """Yield those of ``addresses`` that are at ``place``, found by listmonk's search, a case-insensitive regular expression."""
    for expression in expressions(addresses):
        yield from _rows(client, {**place.parameters, "search": expression})


def expressions(addresses: Iterable[str]) -> Iterator[str]:
    """Yield searches that match exactly ``addresses``, each short enough for a request line."""
    alternatives: list[str] = []
    length = 0
    for address in addresses:
        alternative = re.sub(r"([^\w@-])", r"\\\1", address, flags=re.ASCII) if address.isascii() else _escaped(address)
        size = len(quote(alternative)) + 3
        if alternatives and length + size > LONGEST_SEARCH:
            yield f"^({'|'.join(alternatives)})$"
            alternatives, length = [], 0
        alternatives.append(alternative)
        length += size
    if alternatives:
        yield f"^({'|'.join(alternatives)})$"


def few_enough(addresses: list[str]) -> bool:
    """Tell whether one search finds them all; beyond that a whole export is cheaper for the server."""
    return len(list(expressions(addresses))) <= 1


def _escaped(address: str) -> str:
    return "".join(
        f"\\{character}" if character.isascii() and not (character.isalnum() or character in "_@-") else character for character in address
    )


def _rows(client: Client, parameters: Mapping[str, Any]) -> Iterator[Exported]:
    csv.field_size_limit(_LARGEST_CELL)
    with client.download(EXPORT, parameters) as stream:
        reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        header = next(reader, [])
        # An empty export of a list that has nobody has no header line (6.2.0).
        if not header:
            return
        try:
            email, name, attributes, status = (header.index(column) for column in COLUMNS)
        except ValueError:
            raise NotTheApi(f"GET {EXPORT} answered a CSV with the columns {', '.join(header)[:200]}, not {', '.join(COLUMNS)}.") from None
        try:
            for row in reader:
                yield Exported(row[email], row[name], row[attributes], _STATUS[row[status]])
        except (csv.Error, IndexError, KeyError, UnicodeDecodeError) as error:
            raise NotTheApi(f"GET {EXPORT} answered a row that cannot be read, near line {reader.line_num}. Run again.") from error


def _count(client: Client, place: Place) -> int:
    page = client.get("/api/subscribers", {**place.parameters, "page": 1, "per_page": 1})
    total = page.get("total")
    if not isinstance(total, int):
        raise MailingError("GET /api/subscribers did not say how many subscribers there are (total).")
    return total
