# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parcels: the people who travel together in one upload, as a CSV file that listmonk cannot misread."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass, field
from typing import IO, BinaryIO, NamedTuple, cast

from .decisions import Sending, Subscription

BATCH = 10_000
"""Rows that listmonk commits together (6.2.0): what is lost is lost in such batches, so each of them is looked into."""

_SAMPLE = 100


class Expectation(NamedTuple):
    """How a person must be found afterwards: the subscription to each list, and name and attributes if they are written."""

    email: str
    subscriptions: tuple[Subscription | None, ...]
    name: str | None
    attributes: str | None


@dataclass
class Parcel:
    """One upload. Rows are written to an unnamed temporary file as they are decided; in check mode they are only counted."""

    sending: Sending
    lists: tuple[int, ...]
    dry: bool
    rows: int = 0
    sample: list[Expectation] = field(default_factory=list)
    _last: Expectation | None = None
    _file: IO[bytes] | None = None
    _text: io.TextIOWrapper | None = None

    def add(self, name: str, attributes: str, expectation: Expectation) -> None:
        """Append a person. Every cell that may hold anything is quoted; an accepted address holds neither comma nor quote."""
        if not self.dry:
            if self._text is None:
                self._file = tempfile.TemporaryFile(prefix="listmonk-import-")  # noqa: SIM115 - closed by close()
                self._text = io.TextIOWrapper(cast(BinaryIO, self._file), encoding="utf-8", newline="")
                self._text.write("email,name,attributes\n")
            quoted_name = name.replace('"', '""')
            quoted_attributes = attributes.replace('"', '""')
            self._text.write(f'{expectation.email},"{quoted_name}","{quoted_attributes}"\n')
        if self.rows < _SAMPLE or self.rows % BATCH in (0, BATCH - 1):
            self.sample.append(expectation)
            self._last = None
        else:
            self._last = expectation
        self.rows += 1

    def seal(self) -> tuple[BinaryIO, int]:
        """Return the file, at its beginning, and its size."""
        if self._text is None or self._file is None:
            raise ValueError("a parcel without rows, or of a rehearsal, is not sent")
        self._text.flush()
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(0)
        return cast(BinaryIO, self._file), size

    def expectations(self) -> list[Expectation]:
        """A sample that reaches into every batch: the first hundred people, the first and last of each batch, the very last."""
        return [*self.sample, *([self._last] if self._last else [])]

    def addresses_at(self, numbers: list[int]) -> dict[int, str]:
        """The addresses of the given rows, counted from 1 as listmonk's log counts them."""
        if self._text is None:
            return {}
        self._text.seek(0)
        wanted = set(numbers)
        return {number: row[0] for number, row in enumerate(csv.reader(self._text)) if number in wanted}

    def close(self) -> None:
        if self._text is not None:
            self._text.close()
