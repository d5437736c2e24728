# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request bodies as listmonk's web framework (echo) binds them, with its errors.

Say once what a body is, in Go's words because they reach the client, and bind the current request to it::

    LIST = Struct("models.List", name=STRING, type=STRING, tags=PQ_STRINGS, lists=INTS, attribs=OBJECT, preconfirm=BOOL)

    wanted = bind(LIST)              # dict with every declared key
    wanted["name"]                   # "" when missing or null (Go's zero value); PQ_STRINGS, INTS, OBJECT, ANY: None when missing
    "name" in wanted.given           # was the key in the body at all (any letter case)?  null counts as given

Rules that bind() keeps: an empty body (Content-Length 0) binds zero values; another content type than JSON or a form is 415;
a form binds nothing (listmonk's structs have no form tags); keys match without regard to case; unknown keys are ignored; the first
value of a wrong type is 400 ``Unmarshal type error: expected=…, got=…, field=…, offset=…``.

Field types: STRING, INT, BOOL, FLOAT, ANY (the plain value), OBJECT (map or null), STRINGS, PQ_STRINGS, INTS,
NULL_STRING / NULL_INT (None when missing or null), ``optional(kind)``, ``list_of(kind)`` and nested ``Struct``.
``bind_value(kind, bytes)`` does the same for a document that is not the request's body; ``request_json()`` gives the plain value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from .answers import INT64_MAX, Problem
from .json_text import EndOfText, Node, SyntaxProblem, parse


class _Mismatch(Exception):
    def __init__(self, expected: str, got: str, field: str, offset: int) -> None:
        super().__init__(f"Unmarshal type error: expected={expected}, got={got}, field={field}, offset={offset}")


@dataclass(frozen=True)
class Kind:
    """A Go type: its name in errors, its zero value, and how a JSON value becomes one. null leaves the zero value."""

    go: str
    zero: Callable[[], Any]
    accepts: str
    convert: Callable[[Node], Any]
    own_decoder: bool = False  # Go types that decode themselves count offsets from the beginning of their own value

    def read(self, node: Node, field: str) -> Any:
        if node.kind == "null":
            return self.zero()
        if self.accepts not in (node.kind, "any"):
            raise _mismatch(self.go, node, field, node.start if self.own_decoder else 0)
        try:
            return self.convert(node)
        except OverflowError:
            raise _Mismatch(self.go, f"number {node.value}", field, node.end) from None


class Bound(dict[str, Any]):
    """The values of a struct; ``given`` names the fields that were in the document."""

    given: frozenset[str]

    def __init__(self, values: dict[str, Any], given: frozenset[str]) -> None:
        super().__init__(values)
        self.given = given


class Struct:
    """A Go struct: its name and its fields. Keys that are no identifiers are passed as ``**{"app.lang": STRING}``."""

    def __init__(self, name: str, /, **fields: Kind | Struct) -> None:
        self.go = name
        self.fields = fields
        self._by_lower = {key.lower(): key for key in fields}

    def zero(self) -> Bound:
        return Bound({key: kind.zero() for key, kind in self.fields.items()}, frozenset())

    def read(self, node: Node, field: str = "") -> Bound:
        if node.kind == "null":
            return self.zero()
        if node.kind != "object":
            raise _mismatch(self.go, node, field)
        values, given = dict(self.zero()), set()
        for key, member in node.value:
            name = key if key in self.fields else self._by_lower.get(key.lower())
            if name is None:
                continue
            given.add(name)
            kind = self.fields[name]
            if member.kind == "null" and not isinstance(kind, Struct) and kind.zero() is not None:
                continue  # null leaves a string, number or bool as it is
            values[name] = kind.read(member, f"{field}.{name}" if field else name)
        return Bound(values, frozenset(given))


def _integer(node: Node) -> int:
    if not re.fullmatch(r"-?\d+", node.value) or abs(int(node.value)) > INT64_MAX:
        raise OverflowError
    return int(node.value)


def _plain(node: Node) -> Any:
    return node.plain()


def _nothing() -> None:
    return None


STRING = Kind("string", str, "string", _plain)
BOOL = Kind("bool", bool, "bool", _plain)
INT = Kind("int", int, "number", _integer)
FLOAT = Kind("float64", float, "number", _plain)
ANY = Kind("interface {}", _nothing, "any", _plain)
OBJECT = Kind("map[string]interface {}", _nothing, "object", _plain)
NULL_STRING = Kind("string", _nothing, "string", _plain, own_decoder=True)
NULL_INT = Kind("int", _nothing, "number", _integer, own_decoder=True)


def optional(kind: Kind) -> Kind:
    """A pointer to the type: None when missing or null."""
    return Kind(kind.go, _nothing, kind.accepts, kind.convert)


class _ListOf(Kind):
    """A slice. Its items' errors carry the slice's field name."""

    item: Kind | Struct

    def read(self, node: Node, field: str) -> Any:
        if node.kind == "null":
            return None
        if node.kind != "array":
            raise _mismatch(self.go, node, field)
        return [self.item.read(member, field) for member in node.value]


def list_of(item: Kind | Struct, go: str | None = None) -> Kind:
    kind = _ListOf(go or f"[]{item.go}", _nothing, "array", _plain)
    object.__setattr__(kind, "item", item)
    return kind


STRINGS = list_of(STRING)
PQ_STRINGS = list_of(STRING, "pq.StringArray")
INTS = list_of(INT)


def bind(struct: Struct) -> Bound:
    """The body of the current request; raises Problem(400 or 415) with the framework's sentence."""
    document = request.get_data()
    if not document:
        return struct.zero()
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if media_type == "application/json":
        bound: Bound = _bound(struct, document)
        return bound
    if media_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return struct.zero()
    raise Problem(415, "Unsupported Media Type")


def bind_value(kind: Kind | Struct, document: bytes) -> Any:
    return _bound(kind, document)


def request_json() -> Any:
    """The plain value of a JSON body, None when there is none. Raises Problem(400) when it is not JSON."""
    return _bound(ANY, request.get_data())


def _bound(kind: Kind | Struct, document: bytes) -> Any:
    try:
        node = parse(document)
        if node is None:
            raise Problem(400, "EOF")
        return kind.read(node, "")
    except EndOfText:
        raise Problem(400, "unexpected EOF") from None
    except SyntaxProblem as problem:
        raise Problem(400, f"Syntax error: offset={problem.offset}, error={problem.text}") from None
    except _Mismatch as mismatch:
        raise Problem(400, str(mismatch)) from None


def _mismatch(expected: str, node: Node, field: str, counted_from: int = 0) -> _Mismatch:
    """Go reports a wrong string, number or bool at its end, a wrong object or array just after its bracket."""
    offset = node.start + 1 if node.kind in ("object", "array") else node.end
    return _Mismatch(expected, node.kind, field, offset - counted_from)
