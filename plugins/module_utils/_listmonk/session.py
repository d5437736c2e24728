# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run against one server: what was read is remembered, what must be written together is collected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Client
    from .store import Store
    from .wish import Values

Progress = Callable[[str], None]


def silence(_line: str) -> None:
    """Progress that nobody watches."""


class Session:
    """The client with a memory, so that many wishes cost one reading.

    ``pending`` names what earlier wishes of the same run will create: in check mode a later wish may refer to it.
    """

    def __init__(self, client: Client, progress: Progress = silence) -> None:
        self.client = client
        self.progress = progress
        self.pending: dict[str, set[str]] = {}
        self.leaving: dict[str, set[str]] = {}
        """Names of what earlier wishes of the same run will remove, by kind."""
        self.staged: dict[str, Any] = {}
        """Drafts of documents that are written whole, by the name of the document."""
        self.warnings: list[str] = []
        """What only turned out while writing."""
        self._read: dict[str, Any] = {}
        self._judgements: dict[str, Callable[[], None]] = {}
        self._commits: dict[str, Callable[[], None]] = {}

    def once(self, key: str, read: Callable[[], Any]) -> Any:
        """The answer to a reading, made once until it is forgotten."""
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def forget(self, key: str) -> None:
        self._read.pop(key, None)

    def expect(self, kind: str, name: str) -> None:
        """Note that this run creates an object of that name."""
        self.pending.setdefault(kind, set()).add(name)

    def expect_gone(self, kind: str, name: str) -> None:
        """Note that this run removes the object of that name."""
        self.leaving.setdefault(kind, set()).add(name)

    def judge_later(self, document: str, judge: Callable[[], None]) -> None:
        """Register what must hold of a document once every wish has been laid over it."""
        self._judgements.setdefault(document, judge)

    def judge(self) -> None:
        """Raise ``Refusal`` if the wishes together make something impossible; nothing has been written yet."""
        for judge in self._judgements.values():
            judge()

    def commit_later(self, document: str, commit: Callable[[], None]) -> None:
        """Register the one write of a document that several wishes change."""
        self._commits.setdefault(document, commit)

    def commit(self) -> None:
        """Write each document that wishes have changed, once."""
        while self._commits:
            _document, commit = self._commits.popitem()
            commit()


def everything(session: Session, store: Store) -> list[Values]:
    """Every object of a kind, read once."""
    rows: list[Values] = session.once(f"all {store.resource.plural}", lambda: store.read_all(session))
    return rows
