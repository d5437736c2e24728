# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms a value in the settings document may have.

A shape says whether a value is of the right type (``typed``: it raises ``Refusal`` naming the right form), what the server makes of it
(``normal``), and whether listmonk can work with it (``judge``). The three are apart because a value that the server already holds is
not judged: a document must be readable and writable whatever others have put into it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, Protocol

from .._core.compare import equal
from .._core.errors import Refusal
from .._core.fields import fits

Judgement = Callable[[Any], "str | None"]
"""Says what the value would have to be, or ``None`` if it is that."""


class Shape(Protocol):
    @property
    def option_type(self) -> str: ...

    def typed(self, value: Any, where: str) -> Any:
        """The value, if it has the right type; raises ``Refusal``."""

    def normal(self, value: Any) -> Any:
        """The value as the server stores and shows it."""

    def judge(self, value: Any, held: Any, where: str) -> None:
        """Raise ``Refusal`` for a value of the right type that listmonk cannot use, unless it holds it already."""


def _as_is(value: Any) -> Any:
    return value


def shown(value: Any) -> str:
    """A value inside a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A value without parts: a switch, a number or a text."""

    kind: Literal["bool", "int", "str"]
    form: str
    hint: Callable[[Any], str] = lambda _value: ""
    """More words for a value of the wrong type that is nearly right."""
    normalise: Callable[[Any], Any] = _as_is
    judgement: Judgement | None = None

    @property
    def option_type(self) -> str:
        return self.kind

    def typed(self, value: Any, where: str) -> Any:
        if not fits(value, self.kind):
            raise Refusal(f"{where} must be {self.form}, not {shown(value)}{self.hint(value)}.")
        return value

    def normal(self, value: Any) -> Any:
        return value if value is None else self.normalise(value)

    def judge(self, value: Any, held: Any, where: str) -> None:
        wrong = self.judgement(value) if self.judgement and value is not None and not equal(value, held) else None
        if wrong:
            raise Refusal(f"{where} must be {wrong}, not {shown(value)}.")


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list of texts. Some servers hold null where others hold an empty list: both read as empty."""

    item: Leaf
    form: str = "a list of texts"
    normalise: Callable[[list[Any]], list[Any]] = _as_is

    @property
    def option_type(self) -> str:
        return "list"

    def typed(self, value: Any, where: str) -> Any:
        if not isinstance(value, list):
            hint = f" (write [{value}])" if isinstance(value, str) and value else ""
            raise Refusal(f"{where} must be {self.form}, not {shown(value)}{hint}.")
        for position, item in enumerate(value):
            self.item.typed(item, f"{where}[{position}]")
        return value

    def normal(self, value: Any) -> Any:
        return self.normalise([self.item.normal(item) for item in value or []])

    def judge(self, value: Any, held: Any, where: str) -> None:
        for position, item in enumerate(value):
            if item not in (held or []):
                self.item.judge(item, None, f"{where}[{position}]")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One key of a record."""

    shape: Shape
    default: Any = None
    """What a new block of a list gets when nothing is said; a part without one must be given then."""
    secret: bool = False


@dataclass(frozen=True, kw_only=True)
class Record:
    """A dictionary with known keys. A wish may name some of them; the others stay as they are."""

    parts: Mapping[str, Shape | Part] = field(default_factory=dict)
    whole: Judgement | None = None
    """Looks at the record with all its keys."""

    @property
    def option_type(self) -> str:
        return "dict"

    def part(self, name: str) -> Part:
        part = self.parts[name]
        return part if isinstance(part, Part) else Part(shape=part)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(name for name in self.parts if self.part(name).secret)

    def typed(self, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Refusal(f"{where} must be a dictionary with some of the keys {self._keys()}, not {shown(value)}.")
        if not value:
            raise Refusal(f"{where} is an empty dictionary, which says nothing: name the keys that should change, of {self._keys()}.")
        for name, inner in value.items():
            if name not in self.parts:
                raise Refusal(f"{where} has no key {name!r}{near(name, self.parts)}; there are {self._keys()}.")
            if self.part(name).secret:
                raise Refusal(f"{where}.{name} is a secret: write it under secrets instead, where it is kept out of all output.")
            if inner is not None:
                self.part(name).shape.typed(inner, f"{where}.{name}")
        return value

    def normal(self, value: Any) -> Any:
        known = {name: self.part(name).shape.normal(inner) for name, inner in (value or {}).items() if name in self.parts}
        return {**(value or {}), **known}

    def judge(self, value: Any, held: Any, where: str) -> None:
        for name, inner in value.items():
            if name in self.parts and not self.part(name).secret:
                self.part(name).shape.judge(inner, (held or {}).get(name), f"{where}.{name}")
        wrong = self.whole(value) if self.whole else None
        if wrong:
            raise Refusal(f"{where}: {wrong}.")

    def over(self, wanted: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
        """The current record with what is wanted laid over it; null leaves alone."""
        merged = dict(current)
        for name, value in wanted.items():
            if value is None:
                continue
            inner = self.part(name).shape
            merged[name] = inner.over(value, current.get(name) or {}) if isinstance(inner, Record) else inner.normal(value)
        return merged

    def _keys(self) -> str:
        return ", ".join(name for name in self.parts if not self.part(name).secret)


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """A list of records that listmonk tells apart by a uuid of its own; people tell them apart by ``called``.

    The list that is wanted is the whole list. A block that is there already keeps its uuid, and with it its secret.
    """

    record: Record
    called: tuple[str, ...]

    @property
    def option_type(self) -> str:
        return "list"

    def name_of(self, block: Mapping[str, Any]) -> str:
        return str(block.get(self.called[0], ""))

    def typed(self, value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise Refusal(f"{where} must be a list of dictionaries, not {shown(value)}.")
        for position, block in enumerate(value):
            self.record.typed(block, f"{where}[{position}]")
            if not block.get(self.called[0]):
                raise Refusal(f"{where}[{position}] needs a {self.called[0]}: that is what it is known by.")
        return value

    def normal(self, value: Any) -> Any:
        return [self.record.normal(block) for block in value or []]

    def judge(self, value: Any, held: Any, where: str) -> None:
        before = {block.get("uuid"): block for block in held or []}
        for position, block in enumerate(value):
            self.record.judge(block, before.get(block.get("uuid")), f"{where}[{position}]")


def near(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """``(did you mean 'x'?)`` for a word that is nearly a known one."""
    matches = get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, matches))}?)" if matches else ""
