# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That a request got no answer: its sentence, and what it allows; causes.py finds the sentence.

One fact decides about repeating: was a byte of the request on its way? ``sent`` is False only where that cannot be.
"""

from __future__ import annotations

from typing import NamedTuple

from .address import Address
from .errors import Uncertain, Unreachable
from .trust import Trust

_RUN_AGAIN = "The change may or may not have happened. Run the task again: it reads the state first and does only what is missing."


class Failure(Exception):
    """No (whole) answer. ``sent``: the server may have got the request. ``passing``: trying again may help."""

    def __init__(self, sentence: str, *, sent: bool, passing: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.sent = sent
        self.passing = passing


class Target(NamedTuple):
    """What the sentences need to know: where the request went and on what terms."""

    address: Address
    trust: Trust
    timeout: float

    def no_answer(self, method: str, path: str, why: str) -> Failure:
        return Failure(f"{self.address.base} gave no whole answer to {method} {path}: {why}.", sent=True, passing=True)


def as_error(failure: Failure, *, writes: bool, tries: int) -> Unreachable | Uncertain:
    """The error to raise when no further try is made."""
    tried = f" Tried {tries} times." if tries > 1 else ""
    if writes and failure.sent:
        return Uncertain(f"{failure.sentence}{tried} {_RUN_AGAIN}")
    return Unreachable(f"{failure.sentence}{tried}")
