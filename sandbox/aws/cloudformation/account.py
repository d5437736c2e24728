# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All stacks and change sets of one region, and what their operations need: the API, the resource types, locks, threads."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..cloud import Cloud
from ..providers.kind import Kind
from .errors import Abandoned, StackMissing
from .faults import Faults
from .stack import Stack

if TYPE_CHECKING:
    from .change_set import ChangeSet
    from .deployment import Deployment
    from .drift import Detection


class Account:
    def __init__(self, cloud: Cloud, kinds: Mapping[str, Kind]) -> None:
        self.cloud, self.kinds = cloud, kinds
        self.stacks: dict[str, Stack] = {}  # by id, deleted ones too
        self.change_sets: dict[str, ChangeSet] = {}
        self.unfinished: dict[str, Deployment] = {}  # by stack id: what a rollback can be continued from
        self.detections: dict[str, Detection] = {}
        self.faults = Faults()
        self.lock = threading.RLock()  # the state of this object and of its stacks
        self._calls = threading.Lock()
        self._stopped = threading.Event()

    @property
    def region(self) -> str:
        return self.cloud.region

    def stack(self, name: str) -> Stack:
        """By name (a stack that is not deleted) or id.

        Raises:
            StackMissing
        """
        if name in self.stacks:
            return self.stacks[name]
        for stack in list(self.stacks.values()):  # a copy: operations add stacks meanwhile
            if stack.name == name and stack.deleted is None:
                return stack
        raise StackMissing(name)

    def has(self, name: str) -> bool:
        return any(stack.name == name for stack in self.present())

    def present(self) -> list[Stack]:
        return [stack for stack in list(self.stacks.values()) if stack.deleted is None]

    def exports(self) -> dict[str, str]:
        return {name: value for name, (_stack, value) in self.exporters().items()}

    def exporters(self) -> dict[str, tuple[Stack, str]]:
        return {output.export_name: (stack, output.value) for stack in self.present() for output in stack.outputs if output.export_name}

    def importers(self, export_name: str) -> list[Stack]:
        return [stack for stack in self.present() if export_name in stack.imported]

    @contextlib.contextmanager
    def calling(self) -> Iterator[None]:
        """One resource at a time is made, changed or removed (the services behind are not made for more); waiting happens outside."""
        with self._calls:
            self.go_on()
            yield

    def go_on(self) -> None:
        if self._stopped.is_set():
            raise Abandoned

    def pause(self, seconds: float) -> None:
        """Wait; ends at once when the account is emptied."""
        if self._stopped.wait(seconds):
            raise Abandoned

    def abandon(self) -> None:
        """Operations stop at their next step; nothing more is called by this account when it returns."""
        self._stopped.set()
        with self._calls:
            pass

    def run(self, name: str, operation: Callable[[], None], broken: Callable[[str], None]) -> None:
        """Work in the background. A mistake of ours is told to ``broken`` as a sentence, and stands in the server's log."""

        def work() -> None:
            try:
                operation()
            except Abandoned:
                return
            except Exception as error:
                traceback.print_exc(file=sys.stderr)
                broken(f"The sandbox's CloudFormation broke off: {type(error).__name__}: {error}")

        threading.Thread(target=work, name=name, daemon=True).start()

    def operate(self, stack: Stack, operation: Callable[[], None], failed_status: str) -> None:
        """Work on a stack in the background; if we break off, that is its status and the reason."""
        self.run(f"{stack.name} operation", operation, lambda sentence: stack.say(failed_status, sentence))
