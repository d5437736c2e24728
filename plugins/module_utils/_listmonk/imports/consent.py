# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a member's source says about wanting mail: yes, no, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from .email_address import BLANKS

YES_WORDS = ("true", "1", "yes")
NO_WORDS = ("false", "0", "no")


class Consent(IntEnum):
    """Stored with each row; the numbers are those of the private SQLite file."""

    NO = 0
    YES = 1
    SILENT = 2


class UnclearConsent(ValueError):
    """``str(error)`` is the reason; such a row is rejected, because guessing "yes" mails somebody who said no."""


class ConsentRule:
    """Reads the consent cell and the deletion cell of a row.

    An empty cell says nothing: it neither subscribes nor unsubscribes anybody. A filled deletion cell is a no, unless it
    holds one of the words for no (columns of truth values are as common as columns of dates).
    """

    def __init__(self, yes: Iterable[str] = YES_WORDS, no: Iterable[str] = NO_WORDS) -> None:
        self._meaning = {word.strip(BLANKS).casefold(): Consent.YES for word in yes}
        self._meaning |= {word.strip(BLANKS).casefold(): Consent.NO for word in no}
        self._meaning.setdefault("", Consent.SILENT)
        self._yes, self._no = tuple(yes), tuple(no)

    def read(self, consent: str | None, deleted: str | None) -> Consent:
        """``None`` means that there is no such column; without a consent column everybody said yes."""
        if deleted is not None and self._meaning.get(deleted.strip(BLANKS).casefold(), Consent.YES) is Consent.YES:
            return Consent.NO
        if consent is None:
            return Consent.YES
        try:
            return self._meaning[consent.strip(BLANKS).casefold()]
        except KeyError:
            raise UnclearConsent(f"the consent cell says neither yes ({', '.join(self._yes)}) nor no ({', '.join(self._no)})") from None
