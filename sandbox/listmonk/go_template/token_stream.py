# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser's view of the tokens: looking ahead, spaces, and Go's way to say what was unexpected."""

from __future__ import annotations

from .errors import TemplateSyntaxError
from .lexer import Kind, Token, tokens


class TokenStream:
    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.action_line = 0
        self._stream = tokens(source)
        self._seen: list[Token] = []
        self._at = 0

    def peek(self) -> Token:
        if self._at == len(self._seen):
            self._seen.append(next(self._stream))
        return self._seen[self._at]

    def next(self) -> Token:
        token = self.peek()
        if token.kind not in (Kind.END, Kind.ERROR):  # nothing comes after these
            self._at += 1
        return token

    def skip_space(self) -> Token:
        while self.peek().kind is Kind.SPACE:
            self._at += 1
        return self.peek()

    def next_word(self) -> Token:
        self.skip_space()
        return self.next()

    def mark(self) -> int:
        return self._at

    def back_to(self, mark: int) -> None:
        self._at = mark

    def forget(self) -> None:
        """Between statements nothing is looked at again."""
        if self._at > 1:
            del self._seen[: self._at - 1]
            self._at = 1

    def expect(self, kind: Kind, context: str) -> Token:
        token = self.next_word()
        if token.kind is not kind:
            raise self.unexpected(token, context)
        return token

    def fail(self, sentence: str) -> TemplateSyntaxError:
        """Go reports the line of the last token that it looked at, not that of the culprit."""
        return TemplateSyntaxError(f"template: {self.name}:{self._seen[-1].line if self._seen else 0}: {sentence}")

    def unexpected(self, token: Token, context: str) -> TemplateSyntaxError:
        if token.kind is not Kind.ERROR:
            return self.fail(f"unexpected {token} in {context}")
        started = ""
        if self.action_line not in (0, token.line):
            started = f" started at {self.name}:{self.action_line}"
            if not token.value.endswith(" action"):
                started = " in action" + started
        return self.fail(token.value + started)
