# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restart of listmonk would disturb.

A settings write restarts the process. While a campaign is being sent listmonk puts that off by itself; a running import it ends, and
nothing of the open batch is kept (both measured on 6.2.0).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from .._core.errors import MailingError, Refusal
from .errors import Rejected

if TYPE_CHECKING:
    from .client import Client

Policy = Literal["fail", "wait", "defer"]
Progress = Callable[[str], None]

_LOOK_AGAIN = 2.0
_UNSEEN = (403, 404, 501)


@dataclass(frozen=True)
class Scheduled:
    """A campaign that begins by itself. ``send_at`` is listmonk's text, RFC 3339."""

    name: str
    send_at: str

    def within(self, seconds: float, now: datetime) -> bool:
        """Whether it begins so soon, or is due; a time that cannot be read counts as soon."""
        try:
            due = datetime.fromisoformat(self.send_at)
        except ValueError:
            return True
        return (due.replace(tzinfo=due.tzinfo or UTC) - now).total_seconds() <= seconds


@dataclass(frozen=True, kw_only=True)
class Busy:
    """What is going on. ``None`` where the server would not say."""

    running: int | None
    """How many campaigns are being sent."""
    names: tuple[str, ...] = ()
    """Their names, if the server would tell."""
    scheduled: tuple[Scheduled, ...] = ()
    """What will be sent soon, if that was asked."""
    importing: str | None
    """Name of the file that is being imported; empty when there is none."""
    unseen: str = ""
    """Why something is not known."""

    @property
    def idle(self) -> bool:
        return self.running == 0 and self.importing == "" and not self.scheduled

    def __str__(self) -> str:
        """Clauses such as ``a campaign ('Weekly') is being sent``."""
        parts = []
        if self.running:
            called = f" ({', '.join(map(repr, self.names))})" if self.names else ""
            parts.append(f"a campaign{called} is being sent" if self.running == 1 else f"{self.running} campaigns{called} are being sent")
        parts += [f"the campaign {each.name!r} begins at {each.send_at}" for each in self.scheduled]
        if self.importing:
            parts.append(f"the import of {self.importing!r} is running")
        return " and ".join(parts)


def look(client: Client, *, counts_are_fresh: bool, soon: float | None = None) -> Busy:
    """Ask the server for running campaigns and for the import; with ``soon``, also for campaigns that begin within so many seconds.

    ``counts_are_fresh`` says whether the numbers of its start page are made anew for each reading (``app.cache_slow_queries`` is off).
    """
    unseen: list[str] = []
    names: tuple[str, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()
    importing: str | None = None
    statuses = ["running"] if soon is None else ["running", "scheduled"]
    try:
        page = client.get("/api/campaigns", {"status": statuses, "per_page": "all", "no_body": "true"}, expect=dict)
        rows: list[dict[str, Any]] = page.get("results") or []
        names = tuple(str(row.get("name")) for row in rows if row.get("status") == "running")
        running: int | None = len(names)
        scheduled = () if soon is None else _soon(rows, soon)
    except Rejected as refused:
        running = _running_by_count(client) if counts_are_fresh and refused.status in _UNSEEN else None
        if running is None:
            unseen.append(_unseen(refused, "campaigns are being sent", "campaigns:get_all"))
    try:
        state = client.get("/api/import/subscribers", expect=dict)
        importing = str(state.get("name") or "a file") if state.get("status") in ("importing", "stopping") else ""
    except Rejected as refused:
        unseen.append(_unseen(refused, "an import is running", "subscribers:import"))
    return Busy(running=running, names=names, scheduled=scheduled, importing=importing, unseen="; ".join(unseen))


def _soon(rows: list[dict[str, Any]], seconds: float) -> tuple[Scheduled, ...]:
    now = datetime.now(UTC)
    found = [
        Scheduled(str(row.get("name")), str(row.get("send_at") or "a time that is not said"))
        for row in rows
        if row.get("status") == "scheduled"
    ]
    return tuple(each for each in found if each.within(seconds, now))


def _running_by_count(client: Client) -> int | None:
    """The number on the start page, which every API user may read."""
    counts = client.get("/api/dashboard/counts", expect=dict)
    campaigns = counts.get("campaigns")
    return int((campaigns.get("by_status") or {}).get("running") or 0) if isinstance(campaigns, dict) else None


def judge(client: Client, policy: Policy, *, timeout: float, counts_are_fresh: bool) -> list[str]:
    """What must be true before anything is written; returns warnings, raises ``Refusal``. In check mode it only warns.

    ``wait`` is not waited out here: it is, with ``wait_until_idle``, right before the write.
    """
    busy = look(client, counts_are_fresh=counts_are_fresh)
    if busy.idle:
        return []
    if client.check_mode:
        return [f"At this moment {busy or busy.unseen}. {_outlook(busy, policy, timeout)}"]
    return [] if policy == "wait" and not busy.unseen else _admit(busy, policy)


def _silence(_line: str) -> None:
    """Progress that nobody watches."""


def wait_until_idle(
    client: Client,
    policy: Policy,
    *,
    timeout: float,
    counts_are_fresh: bool,
    progress: Progress = _silence,
    sleep: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Return, with warnings, when the settings may be written; raises ``Refusal`` when they may not."""
    deadline = time.monotonic() + timeout
    while True:
        busy = look(client, counts_are_fresh=counts_are_fresh)
        if busy.idle:
            return []
        if policy != "wait" or busy.unseen:
            return _admit(busy, policy)
        if time.monotonic() >= deadline:
            raise Refusal(f"After {timeout:g} s of waiting {busy}. Nothing was written. Run again later, or raise busy_timeout.")
        progress(f"settings: {busy}; waiting")
        sleep(_LOOK_AGAIN)


def _admit(busy: Busy, policy: Policy) -> list[str]:
    if busy.importing:
        raise Refusal(
            f"At this moment {busy}. To write settings restarts listmonk, which ends an import halfway; this cannot be deferred. Nothing was "
            "written. Run again when the import has finished, or set if_busy to wait."
        )
    if busy.unseen and policy != "defer":
        raise Refusal(
            f"{busy.unseen}. To write settings restarts listmonk, which must not happen then, so nothing was written. Give the API user the "
            "permission, or set if_busy to defer: listmonk itself then puts the restart off while it sends."
        )
    if policy == "defer":
        return [f"{busy.unseen}. if_busy is defer, so it was not waited for."] if busy.unseen else []
    raise Refusal(
        f"At this moment {busy}. To write settings restarts listmonk. Nothing was written. Run again when it is done, or set if_busy to wait "
        "(until it is done) or to defer (store now, take effect at the next restart)."
    )


def _outlook(busy: Busy, policy: Policy, timeout: float) -> str:
    if busy.importing and policy != "wait":
        return "A real run would refuse to write, since a restart ends the import."
    if policy == "wait":
        return f"A real run would wait up to {timeout:g} s."
    if policy == "defer":
        return "A real run would store the settings; listmonk puts the restart off while it sends."
    return "A real run would refuse to write (if_busy is fail)."


def _unseen(refused: Rejected, what: str, permission: str) -> str:
    if refused.status == 403:
        return f"Whether {what} cannot be seen: the API user lacks the permission {permission}"
    if refused.status in _UNSEEN:
        return f"Whether {what} cannot be seen: the server answered {refused.status} to {refused.method} {refused.path}"
    raise MailingError(str(refused), **refused.facts) from refused
