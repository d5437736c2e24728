# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the lines of an import file to subscribers: which columns count, which rows are passed over, and what the log says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TextIO

from .addresses import SPACES, BadAddress, DomainRules, sanitised
from .attributes import stored
from .csv_reader import Malformed, Reader, WrongFieldCount
from .import_status import ImportLog
from .names import name_of
from .unmarshalling import UnmarshalError

COLUMNS = ("email", "name", "attributes")

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Row(NamedTuple):
    email: str
    name: str
    attribs: str  # JSON; "null" when there are none


class Unreadable(Exception):
    """The file cannot be imported (further); the reason is in the log already."""


def columns(header: Sequence[str], log: ImportLog) -> dict[str, int]:
    """Where the known columns are: exact names, but for blanks around them and for what is not ASCII (a byte order mark)."""
    found = {}
    for index, text in enumerate(header):
        name = _NOT_ASCII.sub("", text.strip(SPACES))
        if name in COLUMNS:
            found[name] = index
        else:
            log.add(705, f"ignoring unknown header '{name}'")
    return found


def rows(file: TextIO, path: str, delimiter: str, rules: DomainRules, log: ImportLog, stopped: Callable[[], bool]) -> Iterator[Row]:
    """The rows that are imported. Ends early when `stopped()`; raises Unreadable."""
    records = iter(Reader(file, delimiter))
    try:
        header = next(records, None)
    except Malformed as error:
        log.add(501, f"error reading header from '{path}': '{error}'")
        raise Unreadable from None
    if header is None:
        log.add(501, f"error reading header from '{path}': 'EOF'")
        raise Unreadable
    assert not isinstance(header, WrongFieldCount)
    known = columns(header, log)
    if "email" not in known:
        log.add(508, f"'email' column not found in '{path}'")
        raise Unreadable
    yield from _subscribers(records, known, rules, log, stopped)


def _subscribers(
    records: Iterator[list[str] | WrongFieldCount],
    known: dict[str, int],
    rules: DomainRules,
    log: ImportLog,
    stopped: Callable[[], bool],
) -> Iterator[Row]:
    email_at, name_at, attributes_at = known["email"], known.get("name"), known.get("attributes")
    number = 0
    while True:
        number += 1
        if stopped():
            log.add(524, "stop request received")
            return
        try:
            record = next(records, None)
        except Malformed as error:
            log.add(537, f"error reading CSV '{error}'")
            raise Unreadable from None
        if record is None:
            return
        if isinstance(record, WrongFieldCount):
            log.add(534, f"skipping line {number}. {record}")
            continue
        try:
            email = sanitised(record[email_at], rules)
        except BadAddress as error:
            log.add(564, f"skipping line {number}: {error}: [{' '.join(record)}]")
            continue
        name = name_of(record[name_at] if name_at is not None else "", email)
        attribs = record[attributes_at] if attributes_at is not None else ""
        yield Row(email, name, _attribs(attribs, number, email, log) if attribs else "null")


def _attribs(text: str, number: int, email: str, log: ImportLog) -> str:
    """Broken attributes do not hold the row back: it is imported without any."""
    if text == "{}":
        return text
    try:
        return stored(text)
    except UnmarshalError as error:
        log.add(575, f"skipping invalid attributes JSON on line {number} for '{email}': {error}")
        return "null"
