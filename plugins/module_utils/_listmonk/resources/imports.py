# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audience file as one wish among others: it is there when every row of it is on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..._core.change import Change
from ..._core.fields import Field
from ..._core.plan import Plan
from ..._core.resource import Resource
from ..._core.spec import Spec
from ..imports.decisions import Fate
from ..imports.options import IMPORT_OPTIONS, ImportOptions, parse_options
from ..imports.run import plan_import, run_import
from ..reconcile import Outcome
from ..session import Session
from ..wish import Values, Wish

_NAMED = 5
_WRITTEN = (Fate.CREATED, Fate.UPDATED, Fate.UNSUBSCRIBED)

IMPORTS = Resource(
    kind="import",
    # One file may well feed several lists, differently.
    identity=("src", "mode", "lists", "member"),
    fields=(
        Field(name="src", type="str", required=True),
        Field(name="mode", type="str", default="subscribe"),
        Field(name="lists", type="list", elements="str", default=[], reference="list"),
        Field(name="member", type="str"),
        *(Field(name=fate.value, type="int", read_only=True) for fate in Fate),
        Field(name="rejected", type="int", read_only=True),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ImportStore:
    """The subscribers of a listmonk, as far as audience files speak of them.

    An import is planned twice: once with everything else, before anything is written, and again when its turn comes, because an import
    before it may have unsubscribed or blocked the same people, and settings may have changed which domains are refused.
    """

    resource: Resource = IMPORTS
    options: Spec = field(default_factory=lambda: dict(IMPORT_OPTIONS))

    def read_all(self, session: Session) -> list[Values]:
        raise NotImplementedError("files are not kept on the server")

    def plan(self, session: Session, wish: Wish) -> Plan:
        options = _options(wish)
        pending = {name: None for name in options.lists if name in session.pending.get("list", ())}
        with plan_import(session.client, options, session.progress, known_lists=pending) as planned:
            return _plan(wish, planned.result())

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        receipt = plan.writes or {}
        if not receipt["rejected"]:
            return []
        # Lines and reasons only: an address is nothing for a log.
        named = "; ".join(f"line {row['line']}: {row['reason']}" for row in receipt["rejected_rows"][:_NAMED])
        more = receipt["rejected"] - _NAMED
        return [
            f"{plan.title}: {receipt['rejected']} of {receipt['rows']} rows are rejected. {named}{f'; and {more} more' if more > 0 else ''}."
        ]

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        receipt = run_import(session.client, _options(wish), session.progress)
        session.forget(_receipt_key(wish))
        session.once(_receipt_key(wish), lambda: receipt)

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        return _plan(wish, self._receipt(session, wish, plan)).after

    def facts(self, session: Session, outcome: Outcome) -> dict[str, Any]:
        """The receipt; in check mode the one that is expected."""
        receipt = self._receipt(session, outcome.wish, outcome.plan)
        return {key: value for key, value in receipt.items() if key not in ("changed", "diff")}

    def in_words(self, outcome: Outcome) -> str:
        """What became of the people, in one line."""
        people = outcome.object or {}
        words = [f"{people[name]} {name}" for name in (*(fate.value for fate in Fate), "rejected") if people.get(name)]
        return ", ".join(words) or "nobody"

    def _receipt(self, session: Session, wish: Wish, plan: Plan) -> Mapping[str, Any]:
        receipt: Mapping[str, Any] = session.once(_receipt_key(wish), lambda: plan.writes)
        return receipt


def _options(wish: Wish) -> ImportOptions:
    return parse_options({**wish.options, **wish.values})


def _plan(wish: Wish, receipt: Mapping[str, Any]) -> Plan:
    """People are the change: how many are new, changed, or gone from a list."""
    counts = {name: receipt[name] for name in (*(fate.value for fate in Fate), "rejected")}
    changes = tuple(
        Change(field=IMPORTS.field(fate.value), before=0, after=receipt[fate.value]) for fate in _WRITTEN if receipt[fate.value]
    )
    return Plan(
        resource=IMPORTS,
        name=Path(wish.name).name,
        action="update" if receipt["changed"] else "none",
        before=dict.fromkeys(counts, 0),
        after={**dict(wish.values), **counts},
        changes=changes,
        writes=receipt,
    )


def _receipt_key(wish: Wish) -> str:
    return f"receipt of {wish.where or wish.name}"


IMPORT_STORE = ImportStore()
