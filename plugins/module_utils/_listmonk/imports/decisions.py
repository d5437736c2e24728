# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about one person: a pure decision over what the file says and what the server holds.

The audience's protections live here. A blocklisted person is never touched when subscribing; a subscription that was ended
is never revived unless ``resubscribe_people_who_left`` says so; a no ends a subscription that exists and never makes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from .consent import Consent


class Subscription(IntEnum):
    """The numbers are those of the private SQLite file."""

    UNCONFIRMED = 0
    CONFIRMED = 1
    UNSUBSCRIBED = 2


class Status(IntEnum):
    ENABLED = 0
    DISABLED = 1
    BLOCKLISTED = 2


class Fate(Enum):
    """What becomes of an address; each is counted under exactly one of them."""

    CREATED = "created"
    UPDATED = "updated"
    UNSUBSCRIBED = "unsubscribed"
    UNCHANGED = "unchanged"
    PROTECTED = "protected"
    UNTOUCHED = "untouched"


class Sending(Enum):
    """In which kind of upload a person travels. They are sent in this order: whoever leaves, first."""

    END = "end subscriptions"
    BLOCK = "block"
    CHANGE = "change subscriptions"
    ADD = "add"


@dataclass(frozen=True)
class Rules:
    """The options that decide. ``target`` is the subscription that people who want mail get."""

    lists: int
    target: Subscription = Subscription.UNCONFIRMED
    overwrite_status: bool = False
    resubscribe: bool = False
    blocklist: bool = False
    send_all: bool = False


@dataclass(frozen=True)
class Decision:
    """``lists`` are the indexes of the lists that the upload must name; empty when nothing is sent."""

    fate: Fate
    sending: Sending | None = None
    lists: tuple[int, ...] = ()


def decide(
    rules: Rules, wish: Consent, status: Status | None, subscriptions: tuple[Subscription | None, ...], userinfo_differs: bool
) -> Decision:
    """``status`` None: nobody of that address is known. ``subscriptions`` has one entry for each list, None where there is none."""
    if rules.blocklist:
        return _block(rules, status)
    if wish is Consent.SILENT:
        return Decision(Fate.UNTOUCHED)
    if wish is Consent.NO:
        return _end(status, subscriptions)
    everywhere = tuple(range(rules.lists))
    if status is None:
        return Decision(Fate.CREATED, Sending.ADD, everywhere)
    if status is Status.BLOCKLISTED:
        return Decision(Fate.PROTECTED)
    return _subscribe(rules, status, subscriptions, userinfo_differs)


def _block(rules: Rules, status: Status | None) -> Decision:
    if status is Status.BLOCKLISTED:
        return Decision(Fate.UNCHANGED, Sending.BLOCK if rules.send_all else None)
    return Decision(Fate.CREATED if status is None else Fate.UPDATED, Sending.BLOCK)


def _end(status: Status | None, subscriptions: tuple[Subscription | None, ...]) -> Decision:
    active = tuple(index for index, held in enumerate(subscriptions) if held in (Subscription.UNCONFIRMED, Subscription.CONFIRMED))
    if status is Status.BLOCKLISTED or not active:
        return Decision(Fate.UNTOUCHED)
    return Decision(Fate.UNSUBSCRIBED, Sending.END, active)


def _subscribe(rules: Rules, status: Status, subscriptions: tuple[Subscription | None, ...], userinfo_differs: bool) -> Decision:
    """For a person the server knows and has not blocked."""
    # Disabled people get campaigns all the same (6.2.0, measured), so whoever was disabled is put on no further list.
    may_gain = status is Status.ENABLED or rules.target is Subscription.UNSUBSCRIBED
    adds: list[int] = []
    changes: list[int] = []
    kept = False
    for index, held in enumerate(subscriptions):
        if held is rules.target:
            continue
        if held is None:
            adds.append(index)
        elif rules.overwrite_status and (held is not Subscription.UNSUBSCRIBED or rules.resubscribe):
            changes.append(index)
        elif held is Subscription.UNSUBSCRIBED:
            kept = True
    if not may_gain and (adds or changes):
        adds, changes, kept = [], [], True
    if changes:
        return Decision(Fate.UPDATED, Sending.CHANGE, tuple(sorted(changes + adds)))
    present = tuple(index for index, held in enumerate(subscriptions) if held is not None)
    named = tuple(range(rules.lists)) if may_gain else present
    if adds or (userinfo_differs and named):
        return Decision(Fate.UPDATED, Sending.ADD, named)
    if kept:
        return Decision(Fate.PROTECTED)
    return Decision(Fate.UNCHANGED, Sending.ADD if rules.send_all and named else None, named if rules.send_all else ())
