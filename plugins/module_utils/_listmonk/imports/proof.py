# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof: people of every batch are read back and must be as they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .attributes import same_object
from .decisions import Sending, Status, Subscription
from .finding import Finder
from .held import Exported, Place
from .parcels import Expectation, Parcel
from .sending import ImportFailed


def prove(finder: Finder, parcel: Parcel, list_ids: tuple[int, ...], skipped: frozenset[str]) -> None:
    """Raise ``ImportFailed`` unless the sample of ``parcel`` is found on the server. ``skipped``: whom the server refused."""
    expected = finder.thinned([expectation for expectation in parcel.expectations() if expectation.email not in skipped])
    missing = _not_blocked(finder, expected) if parcel.sending is Sending.BLOCK else _not_subscribed(finder, parcel, list_ids, expected)
    if missing:
        raise ImportFailed(
            f"listmonk reported success, but {len(missing)} of {len(expected)} people that were read back are not as they were sent, "
            f"the first of them {missing[0]}. Run again, and only what is missing is sent."
        )


def _not_blocked(finder: Finder, expected: Sequence[Expectation]) -> list[str]:
    found = _by_address(finder.find(Place(), (expectation.email for expectation in expected)))
    return [one.email for one in expected if one.email not in found or found[one.email].status != Status.BLOCKLISTED]


def _not_subscribed(finder: Finder, parcel: Parcel, list_ids: tuple[int, ...], expected: Sequence[Expectation]) -> list[str]:
    missing: list[str] = []
    for index in parcel.lists:
        for subscription in Subscription:
            here = [one for one in expected if one.subscriptions[index] is subscription]
            if not here:
                continue
            found = _by_address(finder.find(Place(list_ids[index], subscription), (one.email for one in here)))
            wrong = [one for one in here if one.email not in found or not _as_written(one, found[one.email])]
            if wrong and subscription is not Subscription.UNSUBSCRIBED:
                # Whoever used the unsubscribe link since then is not missing.
                left = Place(list_ids[index], Subscription.UNSUBSCRIBED)
                gone = _by_address(finder.find(left, (one.email for one in wrong if one.email not in found)))
                wrong = [one for one in wrong if one.email not in gone]
            missing.extend(one.email for one in wrong)
    return list(dict.fromkeys(missing))


def _as_written(expectation: Expectation, person: Exported) -> bool:
    if expectation.name and expectation.name != person.name:
        return False
    return expectation.attributes is None or same_object(expectation.attributes, person.attributes)


def _by_address(people: Iterable[Exported]) -> dict[str, Exported]:
    return {person.email: person for person in people}
