# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run lock: one deploy at a time for one environment, in an SSM parameter, so that it needs no stack and outlives no run for long.

A run touches the lock with each of its tasks on AWS and while it waits. Another run takes it over once the process that holds it is
gone, or has been silent for 15 minutes. What a run has begun and must not be forgotten if it breaks off stands in the lock as
``pending``, and is handed to the run that comes after it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .._core.errors import MailingError
from .record import Record, Stored
from .run_lock_owner import Owner, this_process

SILENCE_S = 15 * 60
TRIES = 5
"""How often a lock is asked for that others take or leave at the same moment."""


class LockLost(MailingError):
    """The lock is not ours (any more): going on could work against another run."""


@dataclass(frozen=True)
class Held:
    """A lock that was taken. ``previous`` is the record of the run that it was taken over from; None if that one had ended well."""

    run: str
    pending: tuple[str, ...] = ()
    previous: Mapping[str, Any] | None = None
    taken_over_because: str = ""


@dataclass(frozen=True)
class RunLock:
    """The lock of one environment. ``pid`` is the process whose end ends the run."""

    record: Record
    pid: int
    title: str
    now: Callable[[], float] = field(default=time.time)

    def acquire(self) -> Held:
        """Take the lock. Raises MailingError, with who holds it, if another run does."""
        run = secrets.token_hex(6)
        for _try in range(TRIES):
            found = self.record.read()
            if found is None:
                if self.record.create(self._value(run, "started", ())):
                    return Held(run)
                continue
            if found.value.get("run") == run:  # written after all: only the answer was lost
                return Held(run)
            why = self._why_free(found.value)
            pending = tuple(str(one) for one in found.value.get("pending", ()))
            if self.record.replace(found, self._value(run, "started", pending)):
                over = found.value if found.value.get("held") else None
                return Held(run, pending, over, why)
        raise MailingError(f"{self.title}: several runs ask for the lock {self.record.name} at the same moment. Try again.")

    def look(self) -> str:
        """What stands against taking the lock now, in a sentence; empty if nothing does. Writes nothing."""
        found = self.record.read()
        try:
            if found is not None:
                self._why_free(found.value)
        except MailingError as error:
            return str(error)
        return ""

    def touch(self, run: str, step: str, pending: Sequence[str] | None = None) -> tuple[str, ...]:
        """Say that the run is alive and where it is; what is pending now. Raises LockLost if the lock is not the run's."""
        found = self._ours(run)
        kept = tuple(pending) if pending is not None else tuple(found.value.get("pending", ()))
        if not self.record.replace(found, {**found.value, "step": step, "pending": list(kept), "touched": self._stamp()}):
            raise self._lost(self.record.read())
        return kept

    def release(self, run: str) -> tuple[str, ...]:
        """Give the lock back; what is pending then stays written down for the next run, and is returned."""
        found = self._ours(run)
        pending = tuple(found.value.get("pending", ()))
        if not pending:
            self.record.remove()
        elif not self.record.replace(found, {**found.value, "held": False, "touched": self._stamp()}):
            raise self._lost(self.record.read())
        return pending

    def _ours(self, run: str) -> Stored:
        found = self.record.read()
        if found is None or found.value.get("run") != run or not found.value.get("held"):
            raise self._lost(found)
        return found

    def _lost(self, found: Stored | None) -> LockLost:
        if found is None:
            return LockLost(
                f"{self.title}: the run lock {self.record.name} was removed while this run held it. Nothing more is done; run it again."
            )
        owner = Owner.of(found.value).described()
        return LockLost(f"{self.title}: {owner} has taken over the run lock {self.record.name}. Nothing more is done here.")

    def _why_free(self, value: Mapping[str, Any]) -> str:
        """Why the lock may be taken although there is a record; empty if it was given back. Raises if it may not."""
        if not value.get("held"):
            return ""
        owner = Owner.of(dict(value))
        if owner.is_gone():
            return f"its process {owner.pid} on this machine has ended"
        silent = self.now() - _seconds(value.get("touched"))
        if silent >= SILENCE_S:
            return f"it has been silent for {silent / 60:.0f} minutes"
        raise MailingError(
            f"{self.title} is being worked on by {owner.described()} since {value.get('began')}; it was at {value.get('step')!r} "
            f"{max(0.0, silent):.0f} seconds ago. Wait until it has ended, or end it and run again: the lock {self.record.name} is taken over "
            f"at once if the process ended on this machine, and {SILENCE_S // 60} minutes after its last sign of life otherwise."
        )

    def _value(self, run: str, step: str, pending: Sequence[str]) -> dict[str, Any]:
        owner = this_process(self.pid)
        return {
            "run": run,
            "held": True,
            "host": owner.host,
            "boot": owner.boot,
            "pid": owner.pid,
            "started": owner.started,
            "user": owner.user,
            "began": self._stamp(),
            "touched": self._stamp(),
            "step": step,
            "pending": list(pending),
        }

    def _stamp(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")


def _seconds(stamp: Any) -> float:
    """A time of ours as seconds; what cannot be read is long ago, so that a damaged lock does not hold for ever."""
    try:
        return datetime.fromisoformat(str(stamp)).timestamp()
    except ValueError:
        return 0.0
