# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The receipt: what an import found, decided and did, in numbers that add up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .decisions import Fate
from .reader import spoken
from .verdicts import Verdicts


@dataclass
class Receipt:
    """``rows`` = ``accepted`` + ``rejected``; ``distinct`` = the sum over the fates. ``sent`` counts rows of uploads."""

    verdicts: Verdicts
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    sent: int = 0
    uploads: list[dict[str, Any]] = field(default_factory=list)
    refused_by_server: list[dict[str, Any]] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(self.fates[fate] for fate in (Fate.CREATED, Fate.UPDATED, Fate.UNSUBSCRIBED))

    def as_facts(self, watch: Stopwatch) -> dict[str, Any]:
        verdicts = self.verdicts
        return {
            "rows": verdicts.rows,
            "accepted": verdicts.accepted,
            "rejected": verdicts.rejected,
            "rejected_rows": verdicts.rejected_rows,
            "rejected_not_listed": verdicts.rejected - len(verdicts.rejected_rows),
            "distinct": verdicts.distinct,
            "duplicates": verdicts.duplicates,
            "duplicate_addresses": verdicts.duplicate_addresses,
            **{fate.value: count for fate, count in self.fates.items()},
            "sent": self.sent,
            "uploads": self.uploads,
            "delimiter": verdicts.delimiter,
            "encoding": verdicts.encoding,
            "member": verdicts.member,
            "seconds": watch.total,
            "phases": watch.phases,
        }

    def as_diff(self, audience: str) -> dict[str, str]:
        """Ansible's diff, in numbers only: addresses are personal data and have no place in a log that everybody reads."""
        lines = [f"{fate.value}: {self.fates[fate]}" for fate in (Fate.CREATED, Fate.UPDATED, Fate.UNSUBSCRIBED) if self.fates[fate]]
        return {
            "before_header": audience,
            "after_header": audience,
            "before": "",
            "after": "".join(f"{line}\n" for line in lines),
        }

    def summary(self) -> str:
        """One line for somebody who watches."""
        verdicts = self.verdicts
        fates = ", ".join(f"{count:,} {fate.value}" for fate, count in self.fates.items() if count) or "nobody"
        return f"{verdicts.rows:,} rows ({verdicts.rejected:,} rejected, delimiter {spoken(verdicts.delimiter)}): {fates}"


class Stopwatch:
    """Seconds by phase, rounded for people."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {"read": 0.0, "compare": 0.0, "send": 0.0, "verify": 0.0}
        self._started = time.monotonic()

    @property
    def total(self) -> float:
        return round(time.monotonic() - self._started, 2)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.phases[name] = round(self.phases[name] + time.monotonic() - began, 2)
