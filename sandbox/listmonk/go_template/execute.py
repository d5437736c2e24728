# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders parsed templates with data, after the rules of Go's text/template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from .errors import ExecutionError, FunctionError
from .functions import GO_TYPES, GoFunction, go_function
from .nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Jump,
    Nil,
    Node,
    Operand,
    Pipeline,
    Statement,
    Text,
    Tree,
    Variable,
)
from .strings import quote
from .values import NOTHING, Struct, is_true, printed, type_name

_DEEPEST = 500  # Go allows 100,000 nested templates, Python's stack far fewer; nobody nests a mail template this deep


class Output(Protocol):
    """Where text and values go: plain, or with the escaping that HTML needs."""

    def text(self, node: Text) -> None: ...

    def value(self, value: object) -> None: ...


class PlainOutput:
    """text/template: values as they print."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def text(self, node: Text) -> None:
        self.parts.append(node.text)

    def value(self, value: object) -> None:
        self.parts.append("<no value>" if value is NOTHING or value is None else printed(value))


class _Leave(Exception):  # no error: {{break}} and {{continue}}
    def __init__(self, keyword: str) -> None:
        super().__init__(keyword)
        self.keyword = keyword


class Execution:
    """One rendering of one template."""

    def __init__(self, trees: Mapping[str, Tree], functions: Mapping[str, GoFunction], output: Output) -> None:
        self.trees = trees
        self.functions = functions
        self.output = output
        self.tree = next(iter(trees.values()))
        self.variables: list[tuple[str, Any]] = []
        self.depth = 0

    def run(self, name: str, data: Any) -> None:
        tree = self.trees[name]
        outer = self.tree, self.variables
        self.tree, self.variables = tree, [("$", data)]
        self.walk(tree.statements, data)
        self.tree, self.variables = outer

    def fail(self, node: Node, sentence: str) -> ExecutionError:
        return ExecutionError(f"template: {self.tree.place(node)}: executing {quote(self.tree.name)} at <{node}>: {sentence}")

    # statements

    def walk(self, statements: Sequence[Statement], dot: Any) -> None:
        for statement in statements:
            match statement:
                case Text():
                    self.output.text(statement)
                case Action(pipeline=pipeline):
                    value = self.pipeline(pipeline, dot)
                    if not pipeline.variables:
                        self.output.value(value)
                case Branch(keyword="range"):
                    self.loop(statement, dot)
                case Branch():
                    self.branch(statement, dot)
                case Call():
                    self.call_template(statement, dot)
                case Jump(keyword=keyword):
                    raise _Leave(keyword)

    def branch(self, node: Branch, dot: Any) -> None:
        known = len(self.variables)
        value = self.pipeline(node.pipeline, dot)
        if is_true(value):
            self.walk(node.body, value if node.keyword == "with" else dot)
        elif node.otherwise is not None:
            self.walk(node.otherwise, dot)
        del self.variables[known:]

    def loop(self, node: Branch, dot: Any) -> None:
        known = len(self.variables)
        value = self.pipeline(node.pipeline, dot, declares=False)
        empty = True
        for key, element in self.items(node, value):
            empty = False
            self.bind_loop(node.pipeline, key, element, known)
            try:
                self.walk(node.body, element)
            except _Leave as leave:
                if leave.keyword == "break":
                    break
        del self.variables[known:]
        if empty and node.otherwise is not None:
            self.walk(node.otherwise, dot)
            del self.variables[known:]

    def bind_loop(self, pipeline: Pipeline, key: Any, element: Any, known: int) -> None:
        names = [variable.names[0] for variable in pipeline.variables]
        values = [element] if len(names) == 1 else [key, element]
        if pipeline.assigns:
            for name, value in zip(names, values, strict=False):
                self.assign(name, value, pipeline)
        else:
            del self.variables[known:]
            self.variables.extend(zip(names, values, strict=False))

    def items(self, node: Branch, value: Any) -> Iterator[tuple[Any, Any]]:
        if value is None or value is NOTHING:
            return iter(())
        if isinstance(value, dict):
            return iter(sorted(value.items()))
        if isinstance(value, list | tuple):
            return iter(list(enumerate(value)))
        if isinstance(value, int) and not isinstance(value, bool):
            if len(node.pipeline.variables) > 1:
                raise self.fail(node.pipeline.commands[-1].arguments[0], f"can't use {value} to iterate over more than one variable")
            return iter([(number, number) for number in range(value)])
        raise self.fail(node.pipeline.commands[-1].arguments[0], f"range can't iterate over {printed(value)}")

    def call_template(self, node: Call, dot: Any) -> None:
        if node.name not in self.trees:
            raise self.fail(node, f"template {quote(node.name)} not defined")
        if self.depth >= _DEEPEST:
            raise self.fail(node, f"exceeded maximum template depth ({_DEEPEST})")
        self.depth += 1
        self.run(node.name, NOTHING if node.pipeline is None else self.pipeline(node.pipeline, dot))
        self.depth -= 1

    # pipelines

    def pipeline(self, node: Pipeline, dot: Any, *, declares: bool = True) -> Any:
        value: Any = NOTHING
        for index, command in enumerate(node.commands):
            value = self.command(command, dot, (value,) if index else ())
        if declares:
            for variable in node.variables:
                if node.assigns:
                    self.assign(variable.names[0], value, node.commands[-1].arguments[-1])
                else:
                    self.variables.append((variable.names[0], value))
        return value

    def assign(self, name: str, value: Any, at: Node) -> None:
        for index in range(len(self.variables) - 1, -1, -1):
            if self.variables[index][0] == name:
                self.variables[index] = (name, value)
                return
        raise self.fail(at, f"undefined variable: {name}")

    def command(self, node: Command, dot: Any, final: tuple[Any, ...]) -> Any:
        first, rest = node.arguments[0], node.arguments[1:]
        match first:
            case Field(names=names):
                return self.chain(first, dot, names, dot, rest, final)
            case Chain(operand=operand, names=names):
                if isinstance(operand, Nil):
                    raise self.fail(first, f"indirection through explicit nil in {first}")
                return self.chain(_last_evaluated(operand), self.argument(operand, dot), names, dot, rest, final)
            case Variable(names=names) if len(names) > 1:
                return self.chain(first, self.variable(names[0]), names[1:], dot, rest, final)
            case Function(name=name):
                return self.invoke(node, first, name, self.functions[name], dot, rest, final)
        if rest or final:
            raise self.fail(first, f"can't give argument to non-function {first}")
        if isinstance(first, Nil):
            raise self.fail(first, "nil is not a command")
        return self.argument(first, dot)

    def argument(self, node: Operand, dot: Any) -> Any:
        match node:
            case Dot():
                return dot
            case Nil():
                return None
            case Constant(value=value):
                return value
            case Variable(names=(name,)):
                return self.variable(name)
            case Pipeline():
                return self.pipeline(node, dot)
            case _:
                return self.command(Command(node.position, (node,)), dot, ())

    def variable(self, name: str) -> Any:
        return next(value for known, value in reversed(self.variables) if known == name)

    # fields and calls

    def chain(self, node: Operand, receiver: Any, names: Sequence[str], dot: Any, rest: Sequence[Operand], final: tuple[Any, ...]) -> Any:
        seen_as = type_name(receiver)
        for name in names[:-1]:
            # Go knows the static type of a map's values only.
            seen_as, receiver = "interface {}" if isinstance(receiver, dict) else "", self.field(node, receiver, name, dot, (), (), seen_as)
        return self.field(node, receiver, names[-1], dot, rest, final, seen_as)

    def field(
        self, node: Operand, receiver: Any, name: str, dot: Any, rest: Sequence[Operand], final: tuple[Any, ...], seen_as: str
    ) -> Any:
        if receiver is NOTHING:
            return NOTHING
        if receiver is None:
            raise self.fail(node, f"nil pointer evaluating interface {{}}.{name}")
        if isinstance(receiver, Struct):
            if name in receiver.methods:
                return self.invoke(node, node, name, go_function(receiver.methods[name]), dot, rest, final)
            if name in receiver.unexported:
                raise self.fail(node, f"{name} is an unexported field of struct type {seen_as or type_name(receiver)}")
            if name in receiver.fields:
                if rest or final:
                    raise self.fail(node, f"{name} has arguments but cannot be invoked as function")
                return receiver.fields[name]
        elif isinstance(receiver, dict):
            if rest or final:
                raise self.fail(node, f"{name} is not a method but has arguments")
            return receiver.get(name, NOTHING)
        raise self.fail(node, f"can't evaluate field {name} in type {seen_as or type_name(receiver)}")

    def invoke(
        self, node: Node, at: Node, name: str, function: GoFunction, dot: Any, rest: Sequence[Operand], final: tuple[Any, ...]
    ) -> Any:
        given, fixed = len(rest) + len(final), len(function.parameters)
        if function.is_variadic and given < fixed:
            raise self.fail(at, f"wrong number of args for {name}: want at least {fixed} got {len(rest)}")
        if not function.is_variadic and given != fixed:
            raise self.fail(at, f"wrong number of args for {name}: want {fixed} got {given}")
        if name in ("and", "or"):
            return self.short_circuit(name, dot, rest, final)
        values = [self.typed_argument(part, dot, function.type_at(index)) for index, part in enumerate(rest)]
        values += [self.checked(at, value, function.type_at(len(rest))) for value in final]
        try:
            return function.call(*values)
        except FunctionError as error:
            raise self.fail(node, f"error calling {name}: {error}") from error

    def short_circuit(self, name: str, dot: Any, rest: Sequence[Operand], final: tuple[Any, ...]) -> Any:
        value: Any = NOTHING
        for part in rest:
            value = self.argument(part, dot)
            if is_true(value) == (name == "or"):
                return value
        return final[0] if final else value

    def typed_argument(self, node: Operand, dot: Any, wanted: object) -> Any:
        if isinstance(node, Constant):
            return self.typed_constant(node, wanted)
        if isinstance(node, Nil) and wanted in (str, int, float, bool):
            raise self.fail(node, f"cannot assign nil to {GO_TYPES[wanted]}")
        return self.checked(node, self.argument(node, dot), wanted)

    def typed_constant(self, node: Constant, wanted: object) -> Any:
        value = node.value
        expected = {str: "string", bool: "bool", int: "integer", float: "float"}.get(wanted) if isinstance(wanted, type) else None
        if expected is None:
            return value
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if wanted is int and isinstance(value, float) and value.is_integer():
            return int(value)
        if type(value) is not wanted:
            raise self.fail(node, f"expected {expected}; found {node}")
        return value

    def checked(self, node: Node, value: Any, wanted: object) -> Any:
        if wanted not in GO_TYPES:  # interface {} takes everything; a missing value arrives as nil
            return None if value is NOTHING else value
        if value is NOTHING or value is None:
            if wanted in (list, dict):
                return [] if wanted is list else {}
            raise self.fail(node, f"invalid value; expected {GO_TYPES[wanted]}")
        if wanted is list and isinstance(value, tuple):
            return list(value)
        if not isinstance(wanted, type) or not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise self.fail(node, f"wrong type for value; expected {GO_TYPES[wanted]}; got {type_name(value)}")
        return value


def _last_evaluated(node: Operand) -> Operand:
    """Go reports a field that a parenthesised result does not have at what it looked at last."""
    while isinstance(node, Pipeline):
        node = node.commands[-1].arguments[-1]
    return node
