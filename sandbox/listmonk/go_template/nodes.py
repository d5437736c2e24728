# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsed template. ``str(node)`` is the text that Go quotes in its errors, a normalised form of the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .strings import quote


@dataclass(frozen=True)
class Node:
    position: int


@dataclass(frozen=True)
class Text(Node):
    text: str

    def __str__(self) -> str:
        return quote(self.text)


@dataclass(frozen=True)
class Dot(Node):
    def __str__(self) -> str:
        return "."


@dataclass(frozen=True)
class Nil(Node):
    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True)
class Constant(Node):
    """A bool, string, number or character; ``source`` as it was written."""

    value: bool | int | float | complex | str
    source: str

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True)
class Function(Node):
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Field(Node):
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join("." + name for name in self.names)


@dataclass(frozen=True)
class Variable(Node):
    """``$x.A.B``: names[0] is ``$x``."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True)
class Chain(Node):
    """Fields of a parenthesised pipeline or of a function's result."""

    operand: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        inner = f"({self.operand})" if isinstance(self.operand, Pipeline) else str(self.operand)
        return inner + "".join("." + name for name in self.names)


@dataclass(frozen=True)
class Command(Node):
    arguments: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Pipeline) else str(part) for part in self.arguments)


@dataclass(frozen=True)
class Pipeline(Node):
    variables: tuple[Variable, ...]
    assigns: bool
    commands: tuple[Command, ...]

    def __str__(self) -> str:
        declared = ", ".join(map(str, self.variables)) + (" = " if self.assigns else " := ") if self.variables else ""
        return declared + " | ".join(map(str, self.commands))


Operand = Dot | Nil | Constant | Function | Field | Variable | Chain | Pipeline


@dataclass(frozen=True)
class Action(Node):
    pipeline: Pipeline

    def __str__(self) -> str:
        return f"{{{{{self.pipeline}}}}}"


@dataclass(frozen=True)
class Branch(Node):
    """if, with and range; ``otherwise`` is None without {{else}}."""

    keyword: str
    pipeline: Pipeline
    body: Sequence[Statement]
    otherwise: Sequence[Statement] | None

    def __str__(self) -> str:
        rest = "" if self.otherwise is None else "{{else}}" + "".join(map(str, self.otherwise))
        return f"{{{{{self.keyword} {self.pipeline}}}}}{''.join(map(str, self.body))}{rest}{{{{end}}}}"


@dataclass(frozen=True)
class Call(Node):
    """{{template "name" pipeline}}"""

    name: str
    pipeline: Pipeline | None

    def __str__(self) -> str:
        return f"{{{{template {quote(self.name)}{'' if self.pipeline is None else f' {self.pipeline}'}}}}}"


@dataclass(frozen=True)
class Jump(Node):
    keyword: str

    def __str__(self) -> str:
        return f"{{{{{self.keyword}}}}}"


@dataclass(frozen=True)
class Closing(Node):
    """{{end}} and {{else}}: they end a list and are in no tree. ``follows`` is the "if" of {{else if}}."""

    keyword: str
    follows: str = ""

    def __str__(self) -> str:
        return f"{{{{{self.keyword}}}}}"


Statement = Text | Action | Branch | Call | Jump


@dataclass
class Tree:
    """One named template. ``source`` is the text that positions of its nodes refer to, ``file`` its name in errors."""

    name: str
    file: str
    source: str
    statements: list[Statement] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return all(isinstance(statement, Text) and not statement.text.strip(" \t\r\n\v\f") for statement in self.statements)

    def place(self, node: Node) -> str:
        """``file:line:column``; Go's columns count bytes from 0."""
        before = self.source[: node.position]
        return f"{self.file}:{before.count(chr(10)) + 1}:{len(before[before.rfind(chr(10)) + 1 :].encode())}"
