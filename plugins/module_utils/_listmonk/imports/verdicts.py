# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts: each row of a file accepted or rejected, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..._core.errors import Refusal
from .attributes import BadAttributes
from .consent import Consent, UnclearConsent
from .domains import DomainRules
from .email_address import BLANKS, BadEmailAddress, canonical, is_plain
from .ledger import Ledger, Person
from .mapping import Mapping, resolve
from .options import ImportOptions
from .reader import Table
from .source import opened

NAMED_ROWS = 100
"""How many rejected rows, and how many doubled addresses, a receipt names."""

_BATCH = 4000


@dataclass
class Verdicts:
    """What became of the rows. ``rows`` = ``accepted`` + ``rejected``; ``distinct`` counts different accepted addresses."""

    delimiter: str
    encoding: str
    member: str | None
    manages_attributes: bool
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    distinct: int = 0
    duplicates: int = 0
    duplicate_addresses: list[str] = field(default_factory=list)

    def reject(self, line: int, address: str, reason: str) -> None:
        self.rejected += 1
        if len(self.rejected_rows) < NAMED_ROWS:
            self.rejected_rows.append({"line": line, "address": address, "reason": reason})

    def withdraw(self, line: int, address: str, reason: str) -> None:
        """Reject a row that was accepted before the server was asked."""
        self.accepted -= 1
        self.distinct -= 1
        self.reject(line, address, reason)


def judge(options: ImportOptions, domains: DomainRules, ledger: Ledger, progress: Callable[[str], None]) -> Verdicts:
    """Read the file of ``options`` into ``ledger`` and return the verdicts, or raise ``Refusal`` if the file itself is unusable."""
    with opened(options.src, file_format=options.format, member=options.member, encoding=options.encoding) as source:
        table = Table(source, delimiter=options.delimiter, wanted=options.columns.wanted)
        mapping = resolve(options.columns, table, comparable=options.overwrite_userinfo)
        verdicts = Verdicts(table.delimiter, source.encoding.removesuffix("-sig"), source.member, mapping.manages_attributes)
        _judge_rows(options, domains, ledger, table, mapping, verdicts, progress)
    verdicts.distinct, verdicts.duplicates, verdicts.duplicate_addresses = ledger.settle(name_at_most=NAMED_ROWS)
    return verdicts


def refuse_too_many(options: ImportOptions, verdicts: Verdicts, *, sent: int = 0) -> None:
    """Raise ``Refusal`` when more rows were rejected than the limit allows. ``sent``: rows that had been sent by then."""
    if options.limit.allows(verdicts.rejected, verdicts.rows):
        return
    first = "; ".join(f"line {row['line']} ({row['address']!r}): {row['reason']}" for row in verdicts.rejected_rows[:3])
    raise Refusal(
        f"{verdicts.rejected} of {verdicts.rows} rows are rejected, more than max_rejected ({options.limit}) allows. "
        f"{f'{sent:,} rows had been sent' if sent else 'Nothing was sent'}. The first of them: {first}.",
        rows=verdicts.rows,
        accepted=verdicts.accepted,
        rejected=verdicts.rejected,
        rejected_rows=verdicts.rejected_rows,
        sent=sent,
    )


def _judge_rows(
    options: ImportOptions,
    domains: DomainRules,
    ledger: Ledger,
    table: Table,
    mapping: Mapping,
    verdicts: Verdicts,
    progress: Callable[[str], None],
) -> None:
    """The one loop over every row, kept flat: a function call more for each row is a second more for a million."""
    local, literals = options.allow_local_domains, options.allow_address_literals
    width, address_at, name_at, attributes_of = mapping.width, mapping.email, mapping.name, mapping.attributes
    single_name = name_at[0] if len(name_at) == 1 else None
    consent = options.consent.read if options.consent else None
    judge_domain = None if domains.empty else domains.judge
    yes = int(Consent.YES)
    batch: list[Person] = []
    for line, cells in table.records():
        if len(cells) != width:
            verdicts.reject(
                line,
                cells[address_at] if address_at < len(cells) else "",
                f"{len(cells)} cell{'s' if len(cells) > 1 else ''} where the header has {width}",
            )
            continue
        try:
            address = cells[address_at]
            if not is_plain(address):
                address = canonical(address, allow_local_domains=local, allow_address_literals=literals)
            if judge_domain:
                judge_domain(address)
            if single_name is not None:
                name = cells[single_name].strip(BLANKS)
            else:
                name = " ".join([part for place in name_at if (part := cells[place].strip(BLANKS))])
            if not name.isprintable():
                name = _storable_name(name)
            attributes = attributes_of(cells)
            wish = yes if consent is None else int(consent(_cell(cells, mapping.consent), _cell(cells, mapping.deleted)))
        except (BadEmailAddress, BadAttributes, UnclearConsent) as error:
            verdicts.reject(line, cells[address_at], str(error))
            continue
        batch.append((address, line, name, attributes, wish))
        if len(batch) == _BATCH:
            ledger.add_people(batch)
            verdicts.accepted += _BATCH
            batch.clear()
            if not verdicts.accepted % (25 * _BATCH):
                progress(f"{table.where}: {verdicts.accepted + verdicts.rejected:,} rows read, {verdicts.rejected:,} rejected")
    ledger.add_people(batch)
    verdicts.accepted += len(batch)
    verdicts.rows = verdicts.accepted + verdicts.rejected


def _storable_name(name: str) -> str:
    """Line ends as the server's CSV reader leaves them; a NUL would make listmonk drop the whole batch."""
    if "\0" in name:
        raise BadAttributes("the name holds a NUL character, which cannot be stored")
    return re.sub("\r+\n", "\n", name)


def _cell(cells: list[str], place: int | None) -> str | None:
    return None if place is None else cells[place]
