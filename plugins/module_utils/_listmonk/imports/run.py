# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import from its first byte to its receipt. Usable without Ansible; the module and the configuration role call it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..._core.errors import MailingError, Refusal
from ..client import Client
from ..errors import Rejected
from .comparison import decide_all, read_back
from .decisions import Fate, Sending, Subscription
from .domains import DomainRules, from_settings
from .finding import Finder
from .ledger import Ledger
from .lists_by_name import list_ids
from .options import ImportOptions
from .parcels import Parcel
from .proof import prove
from .receipt import Receipt, Stopwatch
from .sending import Ended, ImportFailed, refuse_if_busy, send
from .verdicts import NAMED_ROWS, judge, refuse_too_many

Progress = Callable[[str], None]

_SPLIT_OVERWRITE = (6, 0)
"""Since 6.0 name and attributes can be overwritten without the subscription status."""


@dataclass
class ImportPlan:
    """What would be sent, decided completely before anything is. It lives as long as its ``plan_import`` block."""

    options: ImportOptions
    ids: tuple[int | None, ...]
    receipt: Receipt
    parcels: list[Parcel]
    ledger: Ledger
    finder: Finder
    watch: Stopwatch

    @property
    def changed(self) -> bool:
        return self.receipt.changed

    @property
    def audience(self) -> str:
        return f"audience: {', '.join(self.options.lists) or 'blocklist'}"

    def result(self) -> dict[str, Any]:
        """The receipt as a module returns it, with ``changed`` and ``diff``."""
        return {"changed": self.changed, **self.receipt.as_facts(self.watch), "diff": self.receipt.as_diff(self.audience)}


def run_import(
    client: Client, options: ImportOptions, progress: Progress, *, known_lists: Mapping[str, int | None] | None = None
) -> dict[str, Any]:
    """Plan and, unless the client only checks, carry out; return the receipt. Raises ``MailingError`` with the receipt as facts."""
    with plan_import(client, options, progress, known_lists=known_lists) as plan:
        if not client.check_mode:
            carry_out(client, plan, progress)
        return plan.result()


@contextmanager
def plan_import(
    client: Client, options: ImportOptions, progress: Progress, *, known_lists: Mapping[str, int | None] | None = None
) -> Iterator[ImportPlan]:
    """Judge the file, ask the server, decide; nothing is written.

    ``known_lists`` gives ids that the caller knows already; None marks a list that the same run is going to make, which has
    nobody yet. Set the ids in ``plan.ids`` before ``carry_out``.
    """
    watch = Stopwatch()
    with _room_to_work(), Ledger() as ledger:
        permissions = _refuse_impossible(client, options)
        finder = Finder(client, may_query="subscribers:sql_query" in permissions)
        ids = list_ids(client, options.lists, known_lists or {})
        with watch.phase("read"):
            verdicts = judge(options, _domain_rules(client), ledger, progress)
            refuse_too_many(options, verdicts)
        receipt = Receipt(verdicts)
        parcels: list[Parcel] = []
        try:
            if verdicts.distinct:
                with watch.phase("compare"):
                    read_back(finder, options, ids, ledger, verdicts, progress)
                    refuse_too_many(options, verdicts)
                    receipt.fates, parcels = decide_all(options, ledger, len(ids), dry=client.check_mode)
                    _refuse_what_old_servers_cannot(client, parcels)
            progress(receipt.summary())
            yield ImportPlan(options, ids, receipt, parcels, ledger, finder, watch)
        finally:
            for parcel in parcels:
                parcel.close()


@contextmanager
def _room_to_work() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise MailingError(
            f"The import's working files in {tempfile.gettempdir()} failed: {error}. They need about three times the size of the file; "
            "TMPDIR names another directory."
        ) from error


def carry_out(client: Client, plan: ImportPlan, progress: Progress) -> None:
    """Send the parcels one after the other, each proven before the next; raise ``ImportFailed`` with the receipt so far."""
    if any(list_id is None for list_id in plan.ids):
        raise Refusal("A list of this import has not been made yet.")
    ids = tuple(list_id for list_id in plan.ids if list_id is not None)
    for parcel in plan.parcels:
        try:
            with plan.watch.phase("send"):
                ended = send(client, parcel, _parameters(plan.options, parcel, ids), wait=plan.options.wait_timeout, progress=progress)
            skipped = _settle_skipped(plan, parcel, ended)
            plan.receipt.sent += parcel.rows
            plan.receipt.uploads.append(_upload(plan, parcel, ended))
            with plan.watch.phase("verify"):
                _judge_numbers(parcel, ended, len(skipped))
                prove(plan.finder, parcel, ids, skipped)
        except MailingError as error:
            # What was planned for each person is no fact any more; what was read and sent still is.
            facts = {key: value for key, value in plan.receipt.as_facts(plan.watch).items() if key not in {fate.value for fate in Fate}}
            error.facts = {**facts, **error.facts}
            raise
    refuse_too_many(plan.options, plan.receipt.verdicts, sent=plan.receipt.sent)


def _refuse_impossible(client: Client, options: ImportOptions) -> list[str]:
    """What can be known before the file is read; return the permissions of the API user."""
    version = client.version
    if options.overwrite_userinfo and version < _SPLIT_OVERWRITE:
        raise Refusal(
            f"overwrite_userinfo is not possible on listmonk {_spoken(version)}: its one overwrite flag would also overwrite subscription "
            "statuses, and people who unsubscribed would get mail again. Use listmonk 6.0 or newer, or leave overwrite_userinfo out."
        )
    permissions = _permissions(client)
    if "subscribers:get_all" not in permissions:
        raise Refusal(
            f"The API user {client.connection.username} lacks the permission subscribers:get_all. Without it the import cannot see who "
            "unsubscribed or is blocklisted. It also needs subscribers:import, and lists:get_all and lists:manage_all or a list role."
        )
    if not client.check_mode:
        refuse_if_busy(client)
    return permissions


def _permissions(client: Client) -> list[str]:
    role = client.get("/api/profile").get("user_role")
    return list(role.get("permissions") or []) if isinstance(role, dict) else []


def _domain_rules(client: Client) -> DomainRules:
    """Without the permission to read settings the server's rules are not known beforehand; its log then names who was skipped."""
    try:
        return from_settings(client.get("/api/settings"))
    except Rejected as error:
        if error.status == 403:
            return DomainRules()
        raise


def _refuse_what_old_servers_cannot(client: Client, parcels: list[Parcel]) -> None:
    overwriting = sum(parcel.rows for parcel in parcels if parcel.sending in (Sending.END, Sending.CHANGE))
    if overwriting and client.version < _SPLIT_OVERWRITE:
        raise Refusal(
            f"{overwriting} existing subscriptions would have to change, which listmonk {_spoken(client.version)} can only do together with "
            "overwriting names and attributes. Nothing was sent. Use listmonk 6.0 or newer."
        )


def _parameters(options: ImportOptions, parcel: Parcel, ids: tuple[int, ...]) -> dict[str, Any]:
    if parcel.sending is Sending.BLOCK:
        return {"mode": "blocklist", "delim": ",", "lists": []}
    ending = parcel.sending is Sending.END
    return {
        "mode": "subscribe",
        "subscription_status": Subscription.UNSUBSCRIBED.name.lower() if ending else options.subscription_status,
        "delim": ",",
        "lists": [ids[index] for index in parcel.lists],
        "overwrite": False,
        "overwrite_userinfo": options.overwrite_userinfo and not ending,
        "overwrite_subscription_status": parcel.sending in (Sending.END, Sending.CHANGE),
    }


def _settle_skipped(plan: ImportPlan, parcel: Parcel, ended: Ended) -> frozenset[str]:
    """Turn rows that the server refused (its domain rules, say) into rejected rows with their lines."""
    addresses = parcel.addresses_at(list(ended.skipped)) if ended.skipped else {}
    verdicts = plan.receipt.verdicts
    for number, address in sorted(addresses.items()):
        fate = Fate.UNSUBSCRIBED if parcel.sending is Sending.END else Fate.UPDATED if plan.ledger.is_held(address) else Fate.CREATED
        plan.receipt.fates[fate] = max(0, plan.receipt.fates[fate] - 1)  # with send: all it may have been unchanged
        verdicts.withdraw(plan.ledger.line_of(address), address, f"listmonk refused it: {ended.skipped[number]}")
    return frozenset(addresses.values())


def _judge_numbers(parcel: Parcel, ended: Ended, skipped: int) -> None:
    if ended.status == "finished" and ended.imported == parcel.rows - skipped and not ended.errors:
        return
    reasons = "; ".join(ended.errors[:3]) or "its log gives no reason"
    raise ImportFailed(
        f"listmonk ended the import as {ended.status!r} with {ended.imported} of {parcel.rows} rows imported: {reasons}. "
        f"What was committed until then stays. Run again, and only what is missing is sent."
    )


def _upload(plan: ImportPlan, parcel: Parcel, ended: Ended) -> dict[str, Any]:
    return {
        "purpose": parcel.sending.value,
        "lists": [plan.options.lists[index] for index in parcel.lists],
        "rows": parcel.rows,
        "imported": ended.imported,
        "seconds": round(ended.seconds, 2),
    }


def _spoken(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


__all__ = ["NAMED_ROWS", "ImportPlan", "carry_out", "plan_import", "run_import"]
