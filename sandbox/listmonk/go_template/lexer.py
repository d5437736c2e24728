# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a Go template into tokens.

The grammar is that of Go's text/template (https://pkg.go.dev/text/template); an error ends the token stream with one ERROR
token whose value is Go's own sentence, so that the parser meets it in the same order as Go's parser does.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from .strings import quote


class Kind(Enum):
    TEXT = auto()
    LEFT = auto()
    RIGHT = auto()
    SPACE = auto()
    IDENTIFIER = auto()
    KEYWORD = auto()
    FIELD = auto()
    VARIABLE = auto()
    DOT = auto()
    NIL = auto()
    BOOL = auto()
    NUMBER = auto()
    CHARACTER = auto()
    STRING = auto()
    ASSIGN = auto()
    DECLARE = auto()
    PIPE = auto()
    OPEN = auto()
    CLOSE = auto()
    OTHER = auto()
    ERROR = auto()
    END = auto()


@dataclass(frozen=True)
class Token:
    kind: Kind
    value: str
    position: int
    line: int

    def __str__(self) -> str:
        """As Go names it in "unexpected …"."""
        if self.kind is Kind.END:
            return "EOF"
        if self.kind is Kind.ERROR:
            return self.value
        if self.kind in (Kind.KEYWORD, Kind.DOT, Kind.NIL):
            return f"<{self.value}>"
        if len(self.value.encode()) > 10:
            return quote(self.value[:10]) + "..."
        return quote(self.value)


KEYWORDS = frozenset({"block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"})

_SPACES = " \t\r\n"
_WORD = re.compile(r"[^\W]+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_CHARACTER = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'")
_RAW = re.compile(r"`[^`]*`")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_FIRST_OF_NUMBER = frozenset("+-.0123456789")
_MARKS = {"=": Kind.ASSIGN, "|": Kind.PIPE}


class _LexicalError(Exception):
    """The token stream ends with this error."""

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.position = position


def tokens(text: str) -> Iterator[Token]:
    """All tokens; the last one is END or ERROR."""
    lexer = _Lexer(text)
    try:
        yield from lexer.run()
    except _LexicalError as stop:
        yield Token(Kind.ERROR, stop.sentence, stop.position, lexer.line_of(stop.position))


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self._counted = 0
        self._line = 1

    def line_of(self, position: int) -> int:
        # Positions only grow, so each newline is counted once: a megabyte of text stays cheap.
        if position > self._counted:
            self._line += self.text.count("\n", self._counted, position)
            self._counted = position
        return self._line

    def token(self, kind: Kind, start: int, end: int) -> Token:
        return Token(kind, self.text[start:end], start, self.line_of(start))

    def run(self) -> Iterator[Token]:
        at = 0
        while True:
            opening = self.text.find("{{", at)
            end = len(self.text) if opening < 0 else opening
            trims = opening >= 0 and _trims_left(self.text, opening + 2)
            kept = at + len(self.text[at:end].rstrip(_SPACES)) if trims else end
            if kept > at:
                yield self.token(Kind.TEXT, at, kept)
            if opening < 0:
                yield self.token(Kind.END, end, end)
                return
            inside = opening + 2 + (2 if trims else 0)
            if self.text.startswith("/*", inside):
                at = self.after_comment(inside)
                continue
            yield self.token(Kind.LEFT, opening, opening + 2)
            at = yield from self.action(inside)

    def after_comment(self, start: int) -> int:
        end = self.text.find("*/", start + 2)
        if end < 0:
            raise _LexicalError("unclosed comment", start)
        close, trims = self.right_delimiter(end + 2)
        if close < 0:
            raise _LexicalError("comment ends before closing delimiter", start)
        return self.after_space(close) if trims else close

    def right_delimiter(self, at: int) -> tuple[int, bool]:
        """(position behind the delimiter or -1, whether it trims)."""
        if self.text.startswith("-}}", at + 1) and self.text[at] in _SPACES:
            return at + 4, True
        if self.text.startswith("}}", at):
            return at + 2, False
        return -1, False

    def after_space(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in _SPACES:
            at += 1
        return at

    def action(self, at: int) -> Generator[Token, None, int]:
        """The tokens up to and with the right delimiter; returns where the text goes on."""
        depth = 0
        while True:
            close, trims = self.right_delimiter(at)
            if close >= 0:
                if depth:
                    raise _LexicalError("unclosed left paren", at)
                yield Token(Kind.RIGHT, "}}", close - 2, self.line_of(close - 2))
                return self.after_space(close) if trims else close
            if at >= len(self.text):
                raise _LexicalError("unclosed action", at)
            if self.text[at] in _SPACES:
                end = self.after_space(at)
                if end - at > 1 and self.right_delimiter(end - 1)[1]:
                    end -= 1
                yield self.token(Kind.SPACE, at, end)
                at = end
                continue
            token = self.item(at)
            depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
            if depth < 0:
                raise _LexicalError("unexpected right paren", at)
            yield token
            at = token.position + len(token.value)

    def item(self, at: int) -> Token:
        first = self.text[at]
        if first in _MARKS:
            return self.token(_MARKS[first], at, at + 1)
        if first in "()":
            return self.token(Kind.OPEN if first == "(" else Kind.CLOSE, at, at + 1)
        if first == ":":
            if not self.text.startswith("=", at + 1):
                raise _LexicalError("expected :=", at)
            return self.token(Kind.DECLARE, at, at + 2)
        if first in "\"'`":
            return self.quoted(at)
        if first == "$":
            return self.name(at, Kind.VARIABLE, Kind.VARIABLE)
        if first == "." and not ("0" <= self.text[at + 1 : at + 2] <= "9"):
            return self.name(at, Kind.FIELD, Kind.DOT)
        if first in _FIRST_OF_NUMBER:
            return self.number(at)
        if word := _WORD.match(self.text, at):
            self.check_end_of_word(at, word.end())
            return self.token(_kind_of_word(word[0]), at, word.end())
        if first.isascii() and first.isprintable():
            return self.token(Kind.OTHER, at, at + 1)
        raise _LexicalError(f"unrecognized character in action: {_described(first)}", at)

    def quoted(self, at: int) -> Token:
        pattern, kind, sentence = {
            '"': (_STRING, Kind.STRING, "unterminated quoted string"),
            "`": (_RAW, Kind.STRING, "unterminated raw quoted string"),
            "'": (_CHARACTER, Kind.CHARACTER, "unterminated character constant"),
        }[self.text[at]]
        found = pattern.match(self.text, at)
        if found is None:
            raise _LexicalError(sentence, at)
        return self.token(kind, at, found.end())

    def name(self, at: int, kind: Kind, alone: Kind) -> Token:
        word = _WORD.match(self.text, at + 1)
        end = word.end() if word else at + 1
        if not self.ends_word(end):
            raise _LexicalError(f"bad character {_described(self.text[end : end + 1])}", at)
        return self.token(kind if word else alone, at, end)

    def number(self, at: int) -> Token:
        found = _NUMBER.match(self.text, at)
        end = found.end() if found else at
        if end < len(self.text) and self.text[end] in "+-" and (rest := _NUMBER.match(self.text, end)):  # complex: 1+2i
            end = rest.end()
            if not self.text.startswith("i", end - 1):
                raise _LexicalError(f"bad number syntax: {quote(self.text[at:end])}", at)
        if end < len(self.text) and _WORD.match(self.text[end]):
            raise _LexicalError(f"bad number syntax: {quote(self.text[at : end + 1])}", at)
        return self.token(Kind.NUMBER, at, end)

    def ends_word(self, at: int) -> bool:
        return at >= len(self.text) or self.text[at] in _SPACES + ".,|:()" or self.text.startswith("}}", at)

    def check_end_of_word(self, start: int, end: int) -> None:
        if not self.ends_word(end):
            raise _LexicalError(f"bad character {_described(self.text[end])}", start)


def _trims_left(text: str, at: int) -> bool:
    return text.startswith("-", at) and text[at + 1 : at + 2] in tuple(_SPACES)


def _kind_of_word(word: str) -> Kind:
    if word in KEYWORDS:
        return Kind.KEYWORD
    if word in ("true", "false"):
        return Kind.BOOL
    return Kind.NIL if word == "nil" else Kind.IDENTIFIER


def _described(character: str) -> str:
    """fmt's %#U."""
    name = f"U+{ord(character):04X}"
    return f"{name} '{character}'" if character.isprintable() else name
