# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison: what the server holds beside what the file says, and the parcels that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .attributes import held_object, same_object, to_text
from .consent import Consent
from .decisions import Decision, Fate, Rules, Sending, Status, Subscription, decide
from .finding import Finder
from .held import Exported, Place
from .ledger import Held, Ledger, Match
from .options import ImportOptions
from .parcels import Expectation, Parcel
from .verdicts import Verdicts

_BATCH = 4000
_ASK_AT_MOST = 500
_NOWHERE = -1

Progress = Callable[[str], None]


def read_back(
    finder: Finder,
    options: ImportOptions,
    ids: tuple[int | None, ...],
    ledger: Ledger,
    verdicts: Verdicts,
    progress: Progress,
) -> None:
    """Note in ``ledger`` all that the server holds of the people in the file; lists without an id have nobody yet."""
    addresses = ledger.addresses(unheld=False, at_most=_ASK_AT_MOST)
    few = len(addresses) < _ASK_AT_MOST and finder.can_find(addresses)
    for index, list_id in enumerate(ids):
        if list_id is None:
            continue
        for subscription in Subscription:
            if not few:
                progress(f"asking listmonk who is {subscription.name.lower()} on {options.lists[index]}")
            place = Place(list_id, subscription)
            people = finder.find(place, addresses) if few else finder.everybody(place)
            _note(ledger, verdicts, people, index, int(subscription), progress, keep_userinfo=options.overwrite_userinfo)
    ledger.index_held()
    unknown = ledger.addresses(unheld=True, at_most=_ASK_AT_MOST)
    if unknown:
        few = len(unknown) < _ASK_AT_MOST and finder.can_find(unknown)
        if not few:
            progress("asking listmonk whom it knows besides")
        people = finder.find(Place(), unknown) if few else finder.everybody(Place())
        _note(ledger, verdicts, people, _NOWHERE, None, progress, keep_userinfo=options.overwrite_userinfo)


def _note(
    ledger: Ledger,
    verdicts: Verdicts,
    people: Iterable[Exported],
    index: int,
    subscription: int | None,
    progress: Progress,
    *,
    keep_userinfo: bool,
) -> None:
    read = 0
    batch: list[Held] = []
    respelled: list[tuple[str, str]] = []
    for email, name, attributes, status in people:
        address = email.lower()
        if address != email:
            respelled.append((address, email))
        batch.append((index, subscription, status, name if keep_userinfo else None, attributes if keep_userinfo else None, address))
        if len(batch) == _BATCH:
            ledger.add_held(batch, unheld_only=index == _NOWHERE)
            batch.clear()
            read += _BATCH
            progress(f"{read:,} people read back")
    ledger.add_held(batch, unheld_only=index == _NOWHERE)
    for address, held in respelled:
        # Addresses are unique without regard to case, but an import finds them by their exact letters: its whole batch would fail.
        line = ledger.withdraw(address)
        if line is not None:
            verdicts.withdraw(line, address, f"listmonk holds this person as {held}; correct the spelling there first")


def decide_all(options: ImportOptions, ledger: Ledger, list_count: int, *, dry: bool) -> tuple[dict[Fate, int], list[Parcel]]:
    """Return how many people meet which fate, and the parcels in the order in which they must be sent."""
    rules = _rules(options, list_count)
    nowhere: tuple[int | None, ...] = (None,) * list_count
    parcels: dict[tuple[Sending, tuple[int, ...]], Parcel] = {}
    outcomes: dict[tuple[int, int | None, tuple[int | None, ...], bool], _Outcome] = {}
    try:
        for person, held in _people(ledger.matches()):
            _id, email, _line, name, attributes, wish, _index, _subscription, status, held_name, held_attributes = person
            subscriptions = nowhere if held is None else _by_list(held, list_count)
            differs = False
            if options.overwrite_userinfo and held is not None:
                name, attributes, differs = _userinfo(options, name, attributes, held_name or "", held_attributes or "")
            key = (wish, status, subscriptions, differs)
            outcome = outcomes.get(key)
            if outcome is None:
                outcome = outcomes[key] = _outcome(rules, options, key, parcels, dry=dry)
            outcome.people += 1
            if outcome.parcel is not None:
                attributes = attributes or "{}"
                written = (name, attributes) if outcome.writes_userinfo else (None, None)
                outcome.parcel.add(name, attributes, Expectation(email, outcome.afterwards, *written))
    except BaseException:
        for parcel in parcels.values():
            parcel.close()
        raise
    fates = dict.fromkeys(Fate, 0)
    for outcome in outcomes.values():
        fates[outcome.fate] += outcome.people
    order = list(Sending)
    return fates, sorted(parcels.values(), key=lambda parcel: (order.index(parcel.sending), parcel.lists))


@dataclass
class _Outcome:
    """What everybody gets of whom file and server say the same; a million people meet few of them."""

    fate: Fate
    afterwards: tuple[Subscription | None, ...]
    parcel: Parcel | None
    writes_userinfo: bool
    people: int = 0


def _outcome(
    rules: Rules,
    options: ImportOptions,
    key: tuple[int, int | None, tuple[int | None, ...], bool],
    parcels: dict[tuple[Sending, tuple[int, ...]], Parcel],
    *,
    dry: bool,
) -> _Outcome:
    wish, status, subscriptions, differs = key
    decision = decide(rules, Consent(wish), None if status is None else Status(status), _named(subscriptions), differs)
    parcel = None
    if decision.sending is not None:
        parcel = parcels.setdefault((decision.sending, decision.lists), Parcel(decision.sending, decision.lists, dry=dry))
    writes = decision.sending is not Sending.END and (status is None or options.overwrite_userinfo)
    return _Outcome(decision.fate, _afterwards(rules, decision, subscriptions), parcel, writes)


def _rules(options: ImportOptions, list_count: int) -> Rules:
    return Rules(
        lists=list_count,
        target=Subscription[options.subscription_status.upper()],
        overwrite_status=options.overwrite_subscription_status,
        resubscribe=options.resubscribe_people_who_left,
        blocklist=options.mode == "blocklist",
        send_all=options.send_all,
    )


def _people(matches: Iterator[Match]) -> Iterator[tuple[Match, list[Match] | None]]:
    """Yield each person with the rows the server holds of them, None where it holds none."""
    rows: list[Match] = []
    for match in matches:
        if rows and rows[0][0] == match[0]:
            rows.append(match)
            continue
        if rows:
            yield rows[0], rows if rows[0][8] is not None else None
        rows = [match]
    if rows:
        yield rows[0], rows if rows[0][8] is not None else None


def _by_list(held: list[Match], list_count: int) -> tuple[int | None, ...]:
    """Whoever changed a subscription between two exports is in both of them; the ended one counts."""
    found: list[int | None] = [None] * list_count
    for row in held:
        index, subscription = row[6], row[7]
        if index is not None and index != _NOWHERE and subscription is not None:
            known = found[index]
            found[index] = subscription if known is None else max(known, subscription)
    return tuple(found)


def _named(subscriptions: tuple[int | None, ...]) -> tuple[Subscription | None, ...]:
    return tuple(None if held is None else Subscription(held) for held in subscriptions)


def _userinfo(options: ImportOptions, name: str, attributes: str | None, held_name: str, held_attributes: str) -> tuple[str, str, bool]:
    """Return name and attributes as they shall be, and whether that differs from what is held.

    An import that overwrites replaces both wholesale, so what the file says nothing about is sent as the server holds it.
    """
    held_attributes = held_attributes if held_attributes not in ("", "null") else "{}"
    differs = bool(name) and name != held_name
    name = name or held_name
    if attributes is None or attributes == held_attributes:
        return name, held_attributes, differs
    if not options.replace_attributes and held_attributes != "{}":
        attributes = to_text({**held_object(held_attributes), **held_object(attributes)})
    if same_object(attributes, held_attributes):
        return name, held_attributes, differs
    return name, attributes, True


def _afterwards(rules: Rules, decision: Decision, subscriptions: tuple[int | None, ...]) -> tuple[Subscription | None, ...]:
    """Which subscription to each list the person must have when the parcel has arrived."""
    after = list(_named(subscriptions))
    for index in decision.lists:
        if decision.sending is Sending.END:
            after[index] = Subscription.UNSUBSCRIBED
        elif decision.sending is Sending.CHANGE or after[index] is None:
            after[index] = rules.target
    return tuple(after)
