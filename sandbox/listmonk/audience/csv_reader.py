# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV as Go's encoding/csv reads it: RFC 4180 to the letter, the first record sets the number of fields, blank lines do not count.

Python's csv module forgives what listmonk's reader does not (a quote inside a field, text after a closing quote, a missing closing
quote), and an import stands or falls by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

BARE_QUOTE = 'bare " in non-quoted-field'
QUOTE = 'extraneous or missing " in quoted-field'
INVALID_DELIMITER = "csv: invalid field or comment delimiter"


class Malformed(Exception):
    """The rest of the file cannot be read; str(e) is Go's message."""


@dataclass(frozen=True)
class WrongFieldCount:
    """A record that is skipped."""

    line: int

    def __str__(self) -> str:
        return f"record on line {self.line}: wrong number of fields"


class Reader:
    """The records of a file opened with newline="\\n" and errors="surrogateescape".

    >>> for record in Reader(file, ","):
    ...     ...  # a list of str, or a WrongFieldCount

    Raises Malformed where the file ends to make sense.
    """

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self._file = file
        self._delimiter = delimiter
        self._number = 0  # of the line read last
        self._fields = 0
        self._one_line = re.compile("")

    def __iter__(self) -> Iterator[list[str] | WrongFieldCount]:
        if self._delimiter in '\0"\r\n':
            raise Malformed(INVALID_DELIMITER)
        delimiter = self._delimiter
        while (line := self._line()) is not None:
            if line in ("", "\n"):
                continue
            start = self._number
            if '"' not in line:
                record = line.removesuffix("\n").split(delimiter)
            elif self._fields and (found := self._one_line.fullmatch(line)):
                record = [text if quoted is None else quoted.replace('""', '"') for quoted, text in _pairs(found.groups())]
            else:
                record = self._quoted_record(line)
            if not self._fields:
                self._fields = len(record)
                self._one_line = _pattern(delimiter, self._fields)
            if len(record) == self._fields:
                yield record
            else:
                yield WrongFieldCount(start)

    def _line(self) -> str | None:
        """The next line, its CRLF turned into LF; None at the end."""
        line = self._file.readline()
        if line.endswith("\r\n"):
            line = line[:-2] + "\n"
        elif not line.endswith("\n"):
            line = line.removesuffix("\r")
        if not line:
            return None
        self._number += 1
        return line

    def _quoted_record(self, line: str) -> list[str]:
        start, record, offset = self._number, [], 0
        while True:
            if line[offset : offset + 1] == '"':
                field, line, offset = self._quoted_field(line, offset + 1, start)
            else:
                end = line.find(self._delimiter, offset)
                field = line[offset:end] if end >= 0 else line[offset:].removesuffix("\n")
                if '"' in field:
                    raise self._malformed(start, self._number, line[: offset + field.index('"')], BARE_QUOTE)
                offset = end if end >= 0 else len(line)
            record.append(field)
            if line[offset : offset + 1] != self._delimiter:
                return record
            offset += 1

    def _quoted_field(self, line: str, offset: int, start: int) -> tuple[str, str, int]:
        """The field that begins behind the quote, the line it ends on and the place behind its closing quote."""
        parts = []
        while True:
            quote = line.find('"', offset)
            if quote < 0:
                parts.append(line[offset:])
                following = self._line()
                if following is None:
                    raise self._malformed(start, self._number, line, QUOTE)
                line, offset = following, 0
            elif line[quote + 1 : quote + 2] == '"':
                parts.append(line[offset : quote + 1])
                offset = quote + 2
            elif line[quote + 1 :] in ("", "\n") or line[quote + 1] == self._delimiter:
                return "".join([*parts, line[offset:quote]]), line, quote + 1
            else:
                raise self._malformed(start, self._number, line[:quote], QUOTE)

    def _malformed(self, start: int, line: int, before: str, reason: str) -> Malformed:
        """Columns count bytes, from 1."""
        column = len(before.encode("utf-8", "surrogateescape")) + 1
        record = f"record on line {start}; " if start != line else ""
        return Malformed(f"{record}parse error on line {line}, column {column}: {reason}")


def lines_in(path: Path) -> int:
    """The number of lines as listmonk counts them for its total: blank ones and those inside quotes too."""
    count, last = 0, b""
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last not in (b"", b"\n", b"\0"))


def _pattern(delimiter: str, fields: int) -> re.Pattern[str]:
    """A record of that many fields on one line, which nearly all are."""
    separator = re.escape(delimiter)
    field = rf'(?:"((?:[^"\n]|"")*+)"|([^"\n{separator}]*+))'
    return re.compile(separator.join([field] * fields) + r"\n?")


def _pairs(groups: tuple[str | None, ...]) -> Iterator[tuple[str | None, str]]:
    return zip(groups[::2], [text or "" for text in groups[1::2]], strict=True)
