# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting our functions in the place of moto's, and moto's back.

moto has no hooks: what a service does is a method of its backend, and what its API reads and answers is a method of its response class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Replacements:
    _undo: list[Callable[[], None]] = field(default_factory=list)

    def put(self, owner: Any, name: str, value: Any) -> None:
        before = vars(owner)[name]  # as it is defined: getattr would unwrap a staticmethod
        self._undo.append(lambda: setattr(owner, name, before))
        setattr(owner, name, value)

    def around(self, owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """``make`` gets moto's function and returns the one to use."""
        self.put(owner, name, make(getattr(owner, name)))

    def add(self, owner: Any, name: str, value: Any) -> None:
        """Something that moto lacks."""
        self._undo.append(lambda: delattr(owner, name))
        setattr(owner, name, value)

    def undo(self) -> None:
        while self._undo:
            self._undo.pop()()
