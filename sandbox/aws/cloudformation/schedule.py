# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in the order of what needs what, several at a time, as CloudFormation does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

WORKERS = 8


def in_order(needs: Mapping[str, frozenset[str]], work: Callable[[str], bool], *, stop_at_failure: bool) -> set[str]:
    """Call ``work`` for each name, after it has succeeded for all that the name needs.

    ``work`` returns whether it succeeded. After a failure nothing new starts, or only what does not need the failed one. Returns the
    names for which it failed.
    """
    succeeded: set[str] = set()
    failed: set[str] = set()
    running: dict[Future[bool], str] = {}
    waiting = list(needs)
    with ThreadPoolExecutor(WORKERS) as pool:
        while True:
            if not (failed and stop_at_failure):
                ready = [name for name in waiting if needs[name] <= succeeded][: WORKERS - len(running)]
                for name in ready:
                    waiting.remove(name)
                    running[pool.submit(work, name)] = name
            if not running:
                return failed
            done, _pending = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                name = running.pop(future)
                (succeeded if future.result() else failed).add(name)


def reversed_needs(needs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """For removing: a name waits for all that need it."""
    return {name: frozenset(other for other, its in needs.items() if name in its) for name in reversed(list(needs))}
