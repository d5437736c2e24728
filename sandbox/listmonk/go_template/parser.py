# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the trees of a Go template, refusing what Go's text/template refuses, in its words."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager

from .lexer import Kind, Token
from .nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Closing,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Jump,
    Nil,
    Operand,
    Pipeline,
    Statement,
    Text,
    Tree,
    Variable,
)
from .numbers import number
from .strings import quote, unquote
from .token_stream import TokenStream

_TERMS = frozenset(
    {
        Kind.BOOL,
        Kind.CHARACTER,
        Kind.DOT,
        Kind.FIELD,
        Kind.IDENTIFIER,
        Kind.NUMBER,
        Kind.NIL,
        Kind.STRING,
        Kind.VARIABLE,
        Kind.OPEN,
    }
)


def parse(name: str, source: str, functions: Container[str]) -> dict[str, Tree]:
    """The trees by name. Raises TemplateSyntaxError."""
    return _Parser(name, source, functions).run()


class _Parser(TokenStream):
    def __init__(self, name: str, source: str, functions: Container[str]) -> None:
        super().__init__(name, source)
        self.source = source
        self.functions = functions
        self.trees: dict[str, Tree] = {}
        self.variables = ["$"]
        self.loops = 0

    # statements

    def run(self) -> dict[str, Tree]:
        tree = Tree(self.name, self.name, self.source)
        while self.peek().kind is not Kind.END:
            if self.at_definition():
                self.definition()
                continue
            statement = self.statement()
            if isinstance(statement, Closing):
                raise self.fail(f"unexpected {statement}")
            tree.statements.append(statement)
        self.add(tree)
        return self.trees

    def add(self, tree: Tree) -> None:
        known = self.trees.get(tree.name)
        if known is None or known.empty:
            self.trees[tree.name] = tree
        elif not tree.empty:
            raise self.fail(f"template: multiple definition of template {quote(tree.name)}")

    def at_definition(self) -> bool:
        if self.peek().kind is not Kind.LEFT:
            return False
        start = self.mark()
        self.next()
        keyword = self.skip_space()
        if keyword.kind is Kind.KEYWORD and keyword.value == "define":
            self.next()
            return True
        self.back_to(start)
        return False

    def definition(self) -> None:
        context = "define clause"
        tree = Tree(self.string_name(self.next_word(), context), self.name, self.source)
        self.expect(Kind.RIGHT, context)
        self.named_body(tree, context)

    def named_body(self, tree: Tree, context: str) -> None:
        """What {{define}} and {{block}} share: own variables, up to {{end}}."""
        outer, self.variables, loops, self.loops = self.variables, ["$"], self.loops, 0
        tree.statements, closing = self.statements()
        self.variables, self.loops = outer, loops
        if closing.keyword != "end":
            raise self.fail(f"unexpected {closing} in {context}")
        self.add(tree)

    def statements(self) -> tuple[list[Statement], Closing]:
        found: list[Statement] = []
        while self.skip_space().kind is not Kind.END:
            statement = self.statement()
            if isinstance(statement, Closing):
                return found, statement
            found.append(statement)
        raise self.fail("unexpected EOF")

    def statement(self) -> Statement | Closing:
        self.forget()
        token = self.next_word()
        if token.kind is Kind.TEXT:
            return Text(token.position, token.value)
        if token.kind is not Kind.LEFT:
            raise self.unexpected(token, "input")
        self.action_line = token.line
        statement = self.action()
        self.action_line = 0
        return statement

    def action(self) -> Statement | Closing:
        token = self.skip_space()
        if token.kind is not Kind.KEYWORD or token.value == "define":
            return Action(token.position, self.pipeline("command", Kind.RIGHT))
        self.next()
        match token.value:
            case "if" | "with" | "range":
                return self.branch(token)
            case "end":
                return Closing(self.expect(Kind.RIGHT, "end").position, "end")
            case "else":
                return self.otherwise()
            case "break" | "continue":
                return self.jump(token)
            case _:
                return self.call(token.value)

    def jump(self, token: Token) -> Jump:
        context = f"{{{{{token.value}}}}}"
        self.expect(Kind.RIGHT, context)
        if not self.loops:
            raise self.fail(f"{context} outside {{{{range}}}}")
        return Jump(token.position, token.value)

    def otherwise(self) -> Closing:
        token = self.skip_space()
        if token.kind is Kind.KEYWORD and token.value in ("if", "with"):
            return Closing(token.position, "else", follows=token.value)
        return Closing(self.expect(Kind.RIGHT, "else").position, "else")

    def branch(self, token: Token) -> Branch:
        keyword = token.value
        with self.scope():
            pipeline = self.pipeline(keyword, Kind.RIGHT)
            self.loops += keyword == "range"
            body, closing = self.statements()
            self.loops -= keyword == "range"
            other: list[Statement] | None = None
            if closing.keyword == "else":
                other = self.else_part(keyword, closing)
        return Branch(pipeline.position, keyword, pipeline, body, other)

    def else_part(self, keyword: str, closing: Closing) -> list[Statement]:
        if keyword != "range" and closing.follows == keyword:
            # {{else if}} is an {{if}} of its own inside the {{else}}; both end at one {{end}}.
            return [self.branch(self.next_word())]
        statements, end = self.statements()
        if end.keyword != "end":
            raise self.fail(f"expected end; found {end}")
        return statements

    def call(self, keyword: str) -> Call:
        """{{template "x" .}}, and {{block "x" .}} which also defines it."""
        context = f"{keyword} clause"
        token = self.next_word()
        name = self.string_name(token, context)
        pipeline = None
        if keyword == "block" or self.skip_space().kind is not Kind.RIGHT:
            pipeline = self.pipeline(context, Kind.RIGHT)
        else:
            self.next()
        if keyword == "block":
            self.named_body(Tree(name, self.name, self.source), context)
        return Call(token.position, name, pipeline)

    def string_name(self, token: Token, context: str) -> str:
        if token.kind is not Kind.STRING:
            raise self.unexpected(token, context)
        return self.unquoted(token)

    def unquoted(self, token: Token) -> str:
        value = unquote(token.value)
        if value is None:
            raise self.fail("invalid syntax")
        return value

    @contextmanager
    def scope(self) -> Iterator[None]:
        known = len(self.variables)
        yield
        del self.variables[known:]

    # pipelines

    def pipeline(self, context: str, end: Kind) -> Pipeline:
        position = self.skip_space().position
        variables, assigns = self.declarations(context)
        commands: list[Command] = []
        while (token := self.skip_space()).kind is not end:
            if token.kind not in _TERMS:
                raise self.unexpected(token, context)
            commands.append(self.command())
        self.next()
        if not commands:
            raise self.fail(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], start=2):
            if isinstance(command.arguments[0], Constant | Dot | Nil):
                raise self.fail(f"non executable command in pipeline stage {stage}")
        return Pipeline(position, tuple(variables), assigns, tuple(commands))

    def declarations(self, context: str) -> tuple[list[Variable], bool]:
        found: list[Variable] = []
        while self.skip_space().kind is Kind.VARIABLE:
            start = self.mark()
            token = self.next()
            following = self.skip_space()
            declares = following.kind in (Kind.ASSIGN, Kind.DECLARE)
            if not declares and not (following.kind is Kind.OTHER and following.value == ","):
                self.back_to(start)
                break
            self.next()
            found.append(Variable(token.position, tuple(token.value.split("."))))
            self.variables.append(token.value)
            if declares:
                return found, following.kind is Kind.ASSIGN
            if context != "range" or len(found) >= 2:
                raise self.fail(f"too many declarations in {context}")
            if self.skip_space().kind not in (Kind.VARIABLE, Kind.RIGHT, Kind.CLOSE):
                raise self.fail("range can only initialize variables")
        return found, False

    def command(self) -> Command:
        position = self.skip_space().position
        arguments: list[Operand] = []
        while True:
            self.skip_space()
            operand = self.operand()
            if operand is not None:
                arguments.append(operand)
            token = self.peek()
            if token.kind is Kind.SPACE:
                self.next()
                continue
            if token.kind is Kind.PIPE:
                self.next()
            elif token.kind not in (Kind.RIGHT, Kind.CLOSE):
                raise self.unexpected(token, "operand")
            break
        if not arguments:
            raise self.fail("empty command")
        return Command(position, tuple(arguments))

    def operand(self) -> Operand | None:
        term = self.term()
        if term is None or self.peek().kind is not Kind.FIELD:
            return term
        position = self.peek().position
        names: list[str] = []
        while self.peek().kind is Kind.FIELD:
            names.append(self.next().value[1:])
        if isinstance(term, Field | Variable):
            return type(term)(position, (*term.names, *names))
        if isinstance(term, Constant | Nil | Dot):
            raise self.fail(f"unexpected . after term {quote(str(term))}")
        return Chain(position, term, tuple(names))

    def term(self) -> Operand | None:
        token = self.skip_space()
        if token.kind not in _TERMS:
            return None
        self.next()
        match token.kind:
            case Kind.IDENTIFIER:
                if token.value not in self.functions:
                    raise self.fail(f"function {quote(token.value)} not defined")
                return Function(token.position, token.value)
            case Kind.DOT:
                return Dot(token.position)
            case Kind.NIL:
                return Nil(token.position)
            case Kind.FIELD:
                return Field(token.position, (token.value[1:],))
            case Kind.VARIABLE:
                if token.value not in self.variables:
                    raise self.fail(f"undefined variable {quote(token.value)}")
                return Variable(token.position, (token.value,))
            case Kind.BOOL:
                return Constant(token.position, token.value == "true", token.value)
            case Kind.STRING:
                return Constant(token.position, self.unquoted(token), token.value)
            case Kind.OPEN:
                return self.pipeline("parenthesized pipeline", Kind.CLOSE)
            case _:
                value = number(token.value)
                if isinstance(value, str):
                    raise self.fail(value)
                return Constant(token.position, value, token.value)
