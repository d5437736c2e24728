# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON with positions: what Go's decoder knows about a document when it words an error.

``parse(bytes)`` gives a tree of ``Node``; every node knows where it begins and ends (byte offsets), strings and numbers are read.
Syntax errors are ``SyntaxProblem`` with Go's wording, a document that ends too early is ``EndOfText``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ESCAPED = {"'": r"\'", "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", '"': '"'}
_HEXADECIMAL = tuple("0123456789abcdefABCDEF")
_LITERALS = {"t": ("true", True, "bool"), "f": ("false", False, "bool"), "n": ("null", None, "null")}


class EndOfText(Exception):
    """The document ends in the middle of a value."""


class SyntaxProblem(Exception):
    def __init__(self, offset: int, text: str) -> None:
        super().__init__(text)
        self.offset = offset
        self.text = text


@dataclass(frozen=True)
class Node:
    """``kind``: object (value: list of key and Node), array (list of Node), string, number (value: its text), bool, null."""

    kind: str
    value: Any
    start: int
    end: int

    def plain(self) -> Any:
        """The value as json.loads would give it."""
        if self.kind == "object":
            return {key: node.plain() for key, node in self.value}
        if self.kind == "array":
            return [node.plain() for node in self.value]
        if self.kind == "number":
            return json.loads(self.value)
        return self.value


def parse(document: bytes) -> Node | None:
    """The first value of the document, as Go's stream decoder reads it (what follows it is ignored); None when there is none."""
    reader = _Reader(document.decode("utf-8", "replace"))
    position = reader.skip(0)
    if position == len(reader.text):
        return None
    return reader.value(position, "looking for beginning of value")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()

    def skip(self, position: int) -> int:
        match = _BLANK.match(self.text, position)
        assert match is not None
        return match.end()

    def offset(self, position: int) -> int:
        return position if self._ascii else len(self.text[:position].encode("utf-8", "surrogatepass"))

    def complain(self, position: int, expected: str) -> Exception:
        if position >= len(self.text):
            return EndOfText()
        first_byte = self.text[position].encode("utf-8", "surrogatepass")[:1].decode("latin-1")  # Go looks at bytes
        return SyntaxProblem(self.offset(position) + 1, f"invalid character {quoted(first_byte)} {expected}")

    def value(self, position: int, expected: str) -> Node:
        if position >= len(self.text):
            raise EndOfText()
        first = self.text[position]
        if first == "{":
            return self._object(position)
        if first == "[":
            return self._array(position)
        if first == '"':
            text, end = self._string(position)
            return self._node("string", text, position, end)
        if first in _LITERALS:
            return self._literal(position, *_LITERALS[first])
        if first == "-" or first.isdigit():
            return self._number(position)
        raise self.complain(position, expected)

    def _node(self, kind: str, value: Any, start: int, end: int) -> Node:
        return Node(kind, value, self.offset(start), self.offset(end))

    def _number(self, position: int) -> Node:
        match = _NUMBER.match(self.text, position)
        if match is None:
            raise self.complain(position + 1, "in numeric literal")
        end = match.end()
        rest = self.text[end : end + 1]
        if rest == "." and not set(".eE") & set(match.group()):
            raise self.complain(end + 1, "after decimal point in numeric literal")
        if rest and rest in "eE" and not set("eE") & set(match.group()):
            signed = self.text[end + 1 : end + 2] in ("+", "-")
            raise self.complain(end + 1 + signed, "in exponent of numeric literal")
        return self._node("number", match.group(), position, end)

    def _string(self, position: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, position + 1, True)
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                raise EndOfText() from None
            if self.text[error.pos] == "\\":
                raise self._bad_escape(error.pos) from None
            raise self.complain(error.pos, "in string literal") from None
        return str(text), int(end)

    def _bad_escape(self, backslash: int) -> Exception:
        if self.text[backslash + 1 : backslash + 2] != "u":
            return self.complain(backslash + 1, "in string escape code")
        wrong = next((i for i in range(backslash + 2, backslash + 6) if self.text[i : i + 1] not in _HEXADECIMAL), backslash + 6)
        return self.complain(wrong, "in \\u hexadecimal character escape")

    def _literal(self, position: int, word: str, value: object, kind: str) -> Node:
        for index, character in enumerate(word):
            if self.text[position + index : position + index + 1] != character:
                raise self.complain(position + index, f"in literal {word} (expecting {quoted(character)})")
        return self._node(kind, value, position, position + len(word))

    def _object(self, start: int) -> Node:
        members: list[tuple[str, Node]] = []
        position = self.skip(start + 1)
        if self.text[position : position + 1] == "}":
            return self._node("object", members, start, position + 1)
        while True:
            if self.text[position : position + 1] != '"':
                raise self.complain(position, "looking for beginning of object key string")
            key, position = self._string(position)
            position = self.skip(position)
            if self.text[position : position + 1] != ":":
                raise self.complain(position, "after object key")
            node = self.value(self.skip(position + 1), "looking for beginning of value")
            members.append((key, node))
            position = self.skip(self._position(node))
            separator = self.text[position : position + 1]
            if separator == "}":
                return self._node("object", members, start, position + 1)
            if separator != ",":
                raise self.complain(position, "after object key:value pair")
            position = self.skip(position + 1)

    def _array(self, start: int) -> Node:
        items: list[Node] = []
        position = self.skip(start + 1)
        if self.text[position : position + 1] == "]":
            return self._node("array", items, start, position + 1)
        while True:
            node = self.value(position, "looking for beginning of value")
            items.append(node)
            position = self.skip(self._position(node))
            separator = self.text[position : position + 1]
            if separator == "]":
                return self._node("array", items, start, position + 1)
            if separator != ",":
                raise self.complain(position, "after array element")
            position = self.skip(position + 1)

    def _position(self, node: Node) -> int:
        """The character position of a node's end (nodes carry byte offsets)."""
        return node.end if self._ascii else len(self.text.encode("utf-8", "surrogatepass")[: node.end].decode("utf-8", "surrogatepass"))


def quoted(character: str) -> str:
    """The character as Go's error messages show it."""
    if character in _ESCAPED:
        return f"'{_ESCAPED[character]}'"
    return f"'{character}'" if character.isprintable() else f"'\\x{ord(character):02x}'"
