# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading people back: listmonk's CSV export.

The export has no column for the subscription, so it is asked once for each list and subscription status (6.2.0). It is 10 to
25 times faster than an import; ``per_page=all`` is not usable. Two or more ``list_id`` match nothing, so each list is asked
for alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..._core.errors import MailingError
from ..client import Client
from ..errors import NotTheApi
from .decisions import Status, Subscription

EXPORT = "/api/subscribers/export"
COLUMNS = ("email", "name", "attributes", "status")

_STATUS = {status.name.lower(): int(status) for status in Status}
_LARGEST_CELL = 1 << 26

BIG_LIST = 50_000
"""Subscriptions from which on the export of a list is slower by its id than by a condition."""


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


def export(client: Client, place: Place, *, may_query: bool = False) -> Iterator[Exported]:
    """Yield everybody at ``place``; raise ``NotTheApi`` if the export breaks off.

    A database error in the middle ends listmonk's answer as if it were whole (6.2.0), and whoever is missing would look like
    somebody who never unsubscribed. So the rows are counted against what the server says it has.
    """
    announced = count(client, place)
    read = 0
    for person in rows(client, _parameters(place, announced, may_query=may_query)):
        read += 1
        yield person
    if read < announced and read < count(client, place):
        raise NotTheApi(
            f"GET {EXPORT} ended after {read:,} of {announced:,} people. listmonk's log says why; "
            "nothing is decided on half of the audience. Run again."
        )


def _parameters(place: Place, announced: int, *, may_query: bool) -> dict[str, Any]:
    """The parameters of one export; a big list is told by a condition instead of its id, if the API user may use conditions.

    The server exports in batches, and with PostgreSQL's usual plan each batch of a list walks over all subscriptions before it (6.2.0):
    its time grows with the square of the list, more than 90 s for a million. The condition is looked up person by person, 14 s.
    OFFSET keeps PostgreSQL from turning that look-up into the same join again.
    """
    if place.list_id is None or place.subscription is None or announced <= BIG_LIST or not may_query:
        return place.parameters
    subscription = f"held.list_id = {place.list_id} AND held.status = '{place.subscription.name.lower()}'"
    look_up = f"SELECT 1 FROM subscriber_lists held WHERE held.subscriber_id = subscribers.id AND {subscription} OFFSET 0"  # noqa: S608 - of a number and one of three words
    return {"query": f"EXISTS ({look_up})"}


def rows(client: Client, parameters: Mapping[str, Any]) -> Iterator[Exported]:
    """Yield the people that an export with these parameters holds."""
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


def count(client: Client, place: Place) -> int:
    """Return how many people the server says are at ``place``."""
    page = client.get("/api/subscribers", {**place.parameters, "page": 1, "per_page": 1})
    total = page.get("total")
    if not isinstance(total, int):
        raise MailingError("GET /api/subscribers did not say how many subscribers there are (total).")
    return total
