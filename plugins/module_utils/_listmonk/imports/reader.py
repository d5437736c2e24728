# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a delimited text, each with the line on which an editor shows its beginning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ..._core.errors import Refusal
from .email_address import BLANKS
from .source import Source

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

LONGEST_CELL = 1 << 20
"""Characters. A quote that is never closed would otherwise swallow the rest of the file into memory."""

Record = tuple[int, list[str]]


class Table:
    """The header and the records of one file; a table is read once, from its first record to its last."""

    def __init__(self, source: Source, *, delimiter: str | None, wanted: frozenset[str]) -> None:
        self.where = source.where
        csv.field_size_limit(LONGEST_CELL)
        self._lines_before, first = _first_line(source)
        if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == len("sep=;"):  # spreadsheets write and hide this line
            delimiter = delimiter or first[4]
            skipped, first = _first_line(source)
            self._lines_before += 1 + skipped
        self.delimiter = delimiter or _recognised(first, wanted)
        lines = _chained(first, source.text)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        self.header = tuple(cell.strip(BLANKS + "\ufeff") for cell in self._header_record())

    def records(self) -> Iterator[Record]:
        """Yield ``(line, cells)``; blank lines are no records. Broken quoting is refused, because nothing after it can be trusted."""
        reader, before = self._reader, self._lines_before
        line = before + reader.line_num + 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = before + reader.line_num + 1
        except csv.Error as error:
            raise self._broken(line, error) from error

    def column(self, name: str, purpose: str) -> int:
        """Return the position of the column headed ``name``, or raise ``Refusal`` with the headers that are there."""
        places = [place for place, header in enumerate(self.header) if header == name]
        if len(places) == 1:
            return places[0]
        if places:
            raise Refusal(f"{self.where} has {len(places)} columns headed {name!r}, so {purpose} cannot be told.")
        raise Refusal(f"{self.where} has no column headed {name!r} for {purpose}. {self._what_is_there()}")

    def _what_is_there(self) -> str:
        there = ", ".join(repr(header) for header in self.header)
        answer = f"It has {len(self.header)} column{'s' if len(self.header) > 1 else ''}, separated by {spoken(self.delimiter)}: {there}."
        others = [spoken(other) for other in DELIMITERS if other != self.delimiter and any(other in header for header in self.header)]
        if others:
            answer += f" The first line holds a {' and a '.join(others)}: is that the delimiter?"
        return answer

    def _header_record(self) -> list[str]:
        try:
            return next(self._reader)
        except StopIteration:
            raise Refusal(f"{self.where}: the file is empty.") from None
        except csv.Error as error:
            raise self._broken(self._lines_before + 1, error) from error

    def _broken(self, line: int, error: csv.Error) -> Refusal:
        if "field larger" in str(error):
            finding = f"a cell is longer than {LONGEST_CELL} characters; a quote is probably never closed"
        elif "end of data" in str(error):
            finding = "a quote is opened and never closed"
        else:
            finding = "a closing quote is followed by something else than the delimiter; a quote inside a quoted cell must be doubled"
        return Refusal(f"{self.where} is broken from line {line} on: {finding}. Nothing was sent.")


def spoken(delimiter: str) -> str:
    return DELIMITERS.get(delimiter, repr(delimiter))


def _first_line(source: Source) -> tuple[int, str]:
    """Return how many blank lines precede the first line with something in it, and that line; an empty file is refused."""
    blank = 0
    for line in source.text:
        if line.strip("\r\n"):
            return blank, line
        blank += 1
    raise Refusal(
        f"{source.where}: the file is empty. An export that suddenly delivers nothing is broken; "
        "a file that is meant to hold nobody has at least a header line."
    )


def _chained(first: str, rest: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from rest


def _recognised(first: str, wanted: frozenset[str]) -> str:
    """Return the delimiter under which the header holds most of the wanted columns, then most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            header = [cell.strip(BLANKS + "\ufeff") for cell in next(csv.reader([first], delimiter=delimiter))]
        except csv.Error:
            return 0, 0
        return len(wanted.intersection(header)), len(header)

    return max(DELIMITERS, key=score)
