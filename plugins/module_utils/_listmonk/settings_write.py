# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one write of the settings document in a run: whoever wishes stages, and it is sent once, awaited and read back.

``PUT /api/settings/:key`` is not used: it validates nothing, loses secrets and is missing before 6.0.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._core.compare import equal
from .._core.errors import MailingError, Refusal
from .._core.spec import Spec
from . import busy
from .errors import NotTheApi, Rejected, Uncertain, Unreachable
from .restart import LOOK_AGAIN, PROXY_STATUSES, Boot, Restart, boot, is_deferred, wait_until_back
from .session import Session
from .settings_document import Draft, comparable, without_masks
from .settings_start import obstacles
from .settings_vocabulary import SMTP
from .smtp_rules import refuse_impossible_servers
from .wish import Wish

PATH = "/api/settings"
_DOCUMENT = "settings"

OPTIONS: Spec = {
    "if_busy": {"type": "str", "choices": ["fail", "wait", "defer"], "default": "fail"},
    "busy_timeout": {"type": "float", "default": 600.0},
    "restart_timeout": {"type": "float", "default": 60.0},
}
_REPAIR = (
    "If its log (of the container or service) shows that a value keeps it from starting, only the database can help: put the row of that key in "
    "the table settings right (UPDATE settings SET value = '<the former value as JSON>' WHERE key = '<key>') and start it. If it is just slow, "
    "raise restart_timeout."
)
_PENDING = (
    "Settings are stored but not in effect: listmonk was sending a campaign when they were written, and does not restart by itself afterwards. "
    "Restart it when the campaign is done, with the button in its interface or POST /api/admin/reload."
)
_INSERT = "INSERT INTO settings (key, value) VALUES ('{key}', {value})"
_STRICTEST: tuple[busy.Policy, ...] = ("fail", "wait", "defer")


@dataclass(kw_only=True)
class SettingsWrite:
    """What is staged, and what became of it."""

    draft: Draft
    policy: busy.Policy = "defer"
    busy_timeout: float = 0.0
    restart_timeout: float = 0.0
    restart: Restart = "none"
    judged: bool = False
    now: Mapping[str, Any] | None = None
    """The document as it was read back."""

    @property
    def counts_are_fresh(self) -> bool:
        return self.draft.held.get("app.cache_slow_queries") is False


def read_settings(session: Session) -> Mapping[str, Any]:
    """The document as the server shows it, read once."""
    try:
        held: Mapping[str, Any] = session.once(_DOCUMENT, lambda: session.client.get(PATH, expect=dict))
    except Rejected as error:
        if error.status != 500:
            raise
        raise MailingError(
            f"{error} A setting of the wrong type, written past the validation, does that: find its row in the table settings and give it the "
            "right type.",
            **error.facts,
        ) from error
    return held


def staged(session: Session) -> SettingsWrite:
    """The run's draft of the document."""
    if _DOCUMENT not in session.staged:
        session.staged[_DOCUMENT] = SettingsWrite(draft=Draft(read_settings(session)))
    write: SettingsWrite = session.staged[_DOCUMENT]
    return write


def admit(session: Session, wish: Wish) -> list[str]:
    """Note how a wish wants a busy server treated, and say whether it is busy now; raises ``Refusal`` if that forbids the write."""
    write = staged(session)
    policy: busy.Policy = wish.options.get("if_busy") or "fail"
    write.policy = min(write.policy, policy, key=_STRICTEST.index) if write.judged else policy
    write.busy_timeout = max(write.busy_timeout, _seconds(wish, "busy_timeout"))
    write.restart_timeout = max(write.restart_timeout, _seconds(wish, "restart_timeout"))
    session.judge_later(_DOCUMENT, lambda: refuse_impossible_document(write.draft))
    if write.judged:
        return []
    write.judged = True
    return busy.judge(session.client, write.policy, timeout=write.busy_timeout, counts_are_fresh=write.counts_are_fresh)


def _seconds(wish: Wish, option: str) -> float:
    given = wish.options.get(option)
    length = float(OPTIONS[option]["default"] if given is None else given)
    if not (math.isfinite(length) and length >= 0):
        raise Refusal(f"{option} must be a number of seconds, 0 or more, not {given}.")
    return length


def refuse_impossible_document(draft: Draft) -> None:
    """What only the whole of all wishes shows; nothing has been written yet."""
    refuse_impossible_servers(draft.held.get(SMTP) or [], draft.values.get(SMTP) or [], draft.values.get("messengers") or [])
    found = list(obstacles(draft.values))
    if found:
        raise Refusal(
            f"with these settings listmonk would not start again: {'; '.join(found)}. Nothing was written, since every write restarts it. What no "
            "task names was left there by somebody else: put it right first, here or in listmonk's interface."
        )
    draft.body()


def commit_later(session: Session) -> None:
    """Send the draft when every wish of the run has been staged."""
    session.commit_later(_DOCUMENT, lambda: _commit(session))


def now(session: Session) -> Mapping[str, Any]:
    """The document after the write, or, where nothing was written, as it would be."""
    write = staged(session)
    return write.draft.shown() if write.now is None else write.now


def facts_of(session: Session, *, changed: bool) -> dict[str, Any]:
    """What a task returns beside the object."""
    if changed:
        return {"restart": staged(session).restart}
    return {"restart": "deferred" if _awaits_restart(session) else "none"}


def warn_of_pending_restart(session: Session) -> None:
    """Warn, once in a run, when settings that were stored before still wait for a restart."""
    if _awaits_restart(session) and _PENDING not in session.warnings:
        session.warnings.append(_PENDING)


def _awaits_restart(session: Session) -> bool:
    return bool(session.client.config().get("needs_restart"))


def _commit(session: Session) -> None:
    client, write = session.client, staged(session)
    keys = write.draft.changed
    if not keys:
        return
    body = write.draft.body()
    session.progress("settings: wait until listmonk is idle" if write.policy == "wait" else "settings: write")
    session.warnings += busy.wait_until_idle(
        client, write.policy, timeout=write.busy_timeout, counts_are_fresh=write.counts_are_fresh, progress=session.progress
    )
    _refuse_overwriting_others(session, write)
    was = boot(client)
    try:
        answer = client.put(PATH, body, expect=(bool, dict))
    except (Uncertain, NotTheApi, Rejected) as error:
        if isinstance(error, Rejected) and error.status not in PROXY_STATUSES:
            raise
        answer = _after_a_lost_answer(session, write, error)
    session.forget(_DOCUMENT)
    if is_deferred(answer):
        write.restart = "deferred"
        session.warnings.append(_PENDING)
    else:
        session.progress("settings: wait for the restart")
        _await_restart(session, write, was)
    _read_back(session, write)


def _refuse_overwriting_others(session: Session, write: SettingsWrite) -> None:
    """The document is replaced as a whole, so that what somebody saved since it was read would be lost without a word."""
    session.forget(_DOCUMENT)
    now = read_settings(session)
    others = [key for key in {**write.draft.held, **now} if not equal(now.get(key), write.draft.held.get(key))]
    if others:
        raise MailingError(f"Somebody else changed {', '.join(others)} since the settings were read. Nothing was written; run again.")


def _after_a_lost_answer(session: Session, write: SettingsWrite, lost: MailingError) -> object:
    """A proxy, or the restart itself, may have swallowed the answer: the document says whether the write happened.

    It cannot say so where only a secret was replaced by one of the same length: then the loss is passed on.
    """
    draft, deadline = write.draft, time.monotonic() + write.restart_timeout
    shown = draft.shown()
    visible = [key for key in draft.changed if not equal(comparable(key, shown[key]), comparable(key, draft.held.get(key)))]
    now: Mapping[str, Any] | None = None
    while now is None:
        try:
            now = session.client.get(PATH, expect=dict)
        except (Unreachable, NotTheApi, Rejected):
            if time.monotonic() >= deadline:
                raise lost from None
            time.sleep(LOOK_AGAIN)
    if not visible or draft.not_kept(now):
        raise lost
    session.client.forget_config()
    return {"needs_restart": True} if session.client.config().get("needs_restart") else True


def _await_restart(session: Session, write: SettingsWrite, was: Boot) -> None:
    try:
        wait_until_back(session.client, was, timeout=write.restart_timeout)
    except MailingError as error:
        written = _visible_changes(write.draft)
        raise MailingError(
            f"The settings {', '.join(write.draft.changed)} are stored, but {error}. {_REPAIR}",
            written=written,
            **error.facts,
        ) from error
    write.restart = "done"


def _visible_changes(draft: Draft) -> dict[str, Any]:
    """Before and after of the changed keys, without secrets and how long they are."""
    shown = draft.shown()
    return {key: {"before": without_masks(draft.held.get(key)), "after": without_masks(shown[key])} for key in draft.changed}


def _read_back(session: Session, write: SettingsWrite) -> None:
    try:
        write.now = read_settings(session)
    except MailingError as error:
        raise MailingError(
            f"The settings {', '.join(write.draft.changed)} are stored, but to read them back failed: {error}", **error.facts
        ) from error
    lost = write.draft.not_kept(write.now)
    if not lost:
        return
    rows = [key for key in lost if comparable(key, write.now.get(key)) == comparable(key, write.draft.held.get(key))]
    changed = {key: key for key in lost if key not in rows}
    sentences = []
    if rows:
        shown = without_masks(write.draft.shown())
        statements = "; ".join(_INSERT.format(key=key, value=_sql_json(shown[key])) for key in rows)
        sentences.append(
            f"listmonk answered that it has stored {', '.join(rows)}, but nothing has changed: it can only update rows that are in its database, and "
            "this one is missing (maintenance.db, on databases that were upgraded through 5.1.0). Insert it, then run again: "
            + statements
            + "."
        )
    if changed:
        sentences.append(
            f"listmonk stored {', '.join(changed)} in another form than it was given, or somebody else changed it meanwhile; now it is "
            + ", ".join(f"{key} = {json.dumps(without_masks(write.now.get(key)), ensure_ascii=False)}" for key in changed)
            + ". Give the value as it is stored."
        )
    raise MailingError(" ".join(sentences), not_kept=lost)


def _sql_json(value: Any) -> str:
    return "'" + json.dumps(value, ensure_ascii=False).replace("'", "''") + "'"
