# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One upload on its way through listmonk: started, watched, and judged by its numbers.

"finished" says nothing (6.2.0): an import that inserted nobody, one that was stopped and one whose batch was rolled back all
end as finished. What counts is how many rows were imported, and what the log says.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from ..._core.errors import MailingError, Refusal
from ..client import Client
from ..errors import NotTheApi, Rejected, Uncertain, Unreachable
from ..transport import PASSING
from .parcels import Parcel

STATE = "/api/import/subscribers"
LOG = "/api/import/subscribers/logs"

_UNDER_WAY = ("importing", "stopping")
_BACK_WITHIN = 60.0  # s; a restart takes 1 to 5 s
_ARRIVES_WITHIN = 5.0  # s; how long a server may still be busy with an upload whose answer was lost
_LOG_LINE = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d+ [\w.]+:\d+: (.*)")
_SKIPPED = re.compile(r"skipping line (\d+)[:.] ?(.*)")
_STOPPED = "a stop request ended it"
_STOPPED_AT_ONCE = (
    "a stop request ended it before its first row. Somebody stopped it, or meant an earlier import: listmonk keeps a request that comes too "
    "late for one, and ends the next one with it. The request is used up now"
)


class ImportFailed(MailingError):
    """listmonk did not do what it was sent; ``str(error)`` says what is known and what to do."""


@dataclass(frozen=True)
class Ended:
    """What listmonk says about an import that is over. ``skipped`` maps the number of a row to the server's reason."""

    status: str
    imported: int
    seconds: float
    errors: tuple[str, ...]
    skipped: dict[int, str]


def refuse_if_busy(client: Client) -> None:
    """listmonk runs one import at a time; another's is never disturbed."""
    state = client.get(STATE)
    if state.get("status") in _UNDER_WAY:
        raise Refusal(
            f"listmonk is busy with another import ({state.get('name')}, {state.get('status')}, {state.get('imported')} of "
            f"{state.get('total')}). It is not disturbed; nothing was sent. Run again when it has ended."
        )


def send(client: Client, parcel: Parcel, parameters: dict[str, Any], *, wait: float, progress: Callable[[str], None]) -> Ended:
    """Upload ``parcel`` once, and return how it ended.

    An import that a stop request ended before its first row is not sent again, although the request may be an old one: listmonk keeps
    a stop that comes when the reader is done, shows it nowhere, forgets it only at a restart, and ends the next import with it
    (#859). Neither its state nor its log tells such a stop from one that somebody has just asked for, and that has to be obeyed. Running
    again goes through, as the request is used up.
    """
    refuse_if_busy(client)
    file, size = parcel.seal()
    name = f"clarivum-{uuid4().hex[:12]}.csv"  # listmonk takes anything but .csv for a ZIP; unique, so that we know our own import
    started = time.monotonic()
    lost: Uncertain | None = None
    try:
        client.upload(STATE, fields={"params": json.dumps(parameters)}, file=file, filename=name, size=size)
    except Rejected as error:
        if error.status < 500 and client.get(STATE).get("status") in _UNDER_WAY:
            raise ImportFailed(
                "Another import began on listmonk while this one was being prepared; nothing was sent. Run again."
            ) from error
        raise
    except Uncertain as error:
        lost = error
    status, imported = _watch(client, name, parcel.rows, lost, started, wait, progress)
    errors, skipped = judge_log(client.get(LOG, expect=str), imported)
    return Ended(status, imported, time.monotonic() - started, errors, skipped)


def _watch(
    client: Client, name: str, rows: int, lost: Uncertain | None, started: float, wait: float, progress: Callable[[str], None]
) -> tuple[str, int]:
    """Poll until our import has ended; a server that restarts loses it, and says so by not knowing its name.

    While it is away a proxy in front of it answers instead, with an error or a page: that is waited out like silence.
    """
    pause, away_since = 0.05, None
    while True:
        now = time.monotonic()
        if now - started > wait:
            raise ImportFailed(
                f"listmonk has not finished importing {rows:,} rows within wait_timeout ({wait:g} s). It goes on by itself; "
                "run again later, and only what is missing then is sent."
            )
        try:
            state = client.get(STATE)
        except (Unreachable, NotTheApi, Rejected) as error:
            if isinstance(error, Rejected) and error.status not in PASSING:
                raise
            away_since = away_since or now
            if now - away_since > _BACK_WITHIN:
                raise ImportFailed(f"listmonk went away during the import and did not come back: {error}") from error
            time.sleep(1.0)
            continue
        away_since = None
        if state.get("name") == name:
            if state.get("status") not in _UNDER_WAY:
                return str(state.get("status")), int(state.get("imported") or 0)
            progress(f"listmonk has imported {int(state.get('imported') or 0):,} of {rows:,} rows")
        elif lost is None or now - started > _ARRIVES_WITHIN:
            raise _gone(state, lost)
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)


def _gone(state: dict[str, Any], lost: Uncertain | None) -> ImportFailed:
    if lost is not None:
        return ImportFailed(f"The answer to the upload was lost, and listmonk knows of no such import. Run again. ({lost})")
    if state.get("status") == "none":
        return ImportFailed(
            "listmonk lost the import on the way: it was restarted (as a change of its settings does), or its import was cleared. "
            "What was committed until then stays. Run again, and only what is missing is sent."
        )
    return ImportFailed(f"listmonk shows another import ({state.get('name')}) in place of ours. Run again when it has ended.")


def judge_log(log: str, imported: int) -> tuple[tuple[str, ...], dict[int, str]]:
    """Return what went wrong, a stop first, and the reasons of skipped rows by their number."""
    errors: list[str] = []
    skipped: dict[int, str] = {}
    stopped = False
    for line in log.splitlines():
        match = _LOG_LINE.match(line)
        if match is None:
            continue
        text = match.group(1)
        skip = _SKIPPED.match(text)
        if skip is not None:
            skipped[int(skip.group(1))] = skip.group(2).partition(": [")[0].strip()
        elif text.startswith(("error ", "skipping invalid attributes")):
            errors.append(text.partition(" for '")[0])
        elif text == "stop request received":
            stopped = True
    if stopped:
        errors.insert(0, _STOPPED if imported or errors or skipped else _STOPPED_AT_ONCE)
    return tuple(errors), skipped
