# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON texts that are no request bodies, with the errors of Go's json.Unmarshal: it takes the whole text for one value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..body import Kind
from ..json_text import EndOfText, Node, SyntaxProblem, parse, quoted

_CUT_LITERAL = re.compile(rb"(?:^|[\s\[:,])(t|tr|tru|f|fa|fal|fals|n|nu|nul)$")


class UnmarshalError(Exception):
    """str(e) is Go's message."""


def unmarshalled(document: bytes) -> Node:
    try:
        node = parse(document)
    except EndOfText:
        raise UnmarshalError(_ended(document)) from None
    except SyntaxProblem as problem:
        raise UnmarshalError(problem.text) from None
    if node is None:
        raise UnmarshalError("unexpected end of JSON input")
    rest = document.decode("utf-8", "replace").encode()[node.end :].lstrip(b" \t\n\r").decode("utf-8", "replace")
    if rest:
        raise UnmarshalError(f"invalid character {quoted(rest[0])} after top-level value")
    return node


def into_struct(document: bytes, struct: str, fields: Mapping[str, Kind]) -> dict[str, object]:
    """The fields of a Go struct, zero values for what is missing or null."""
    node = unmarshalled(document)
    values = {name: kind.zero() for name, kind in fields.items()}
    if node.kind == "null":
        return values
    if node.kind != "object":
        raise UnmarshalError(f"json: cannot unmarshal {node.kind} into Go value of type {struct}")
    names = {name.lower(): name for name in fields}
    for key, member in node.value:
        name = names.get(key.lower())
        if name is None or member.kind == "null":
            continue
        kind = fields[name]
        wrong = _wrong(kind, member)
        if wrong is not None:
            found, wanted = wrong
            raise UnmarshalError(f"json: cannot unmarshal {found} into Go struct field {struct.rpartition('.')[2]}.{name} of type {wanted}")
        values[name] = kind.read(member, name)
    return values


def _wrong(kind: Kind, node: Node) -> tuple[str, str] | None:
    """What was found where what type was wanted."""
    if node.kind != kind.accepts:
        return node.kind, kind.go
    if node.kind == "array":
        for member in node.value:
            if member.kind not in ("number", "null"):
                return member.kind, kind.go.removeprefix("[]")
            if member.kind == "number" and not member.value.lstrip("-").isdigit():
                return f"number {member.value}", kind.go.removeprefix("[]")
    return None


def _ended(document: bytes) -> str:
    """To Go a blank follows the end, which a literal cut short stumbles over."""
    cut = _CUT_LITERAL.search(document)
    if cut is None:
        return "unexpected end of JSON input"
    start = cut.group(1).decode()
    word = next(word for word in ("true", "false", "null") if word.startswith(start))
    return f"invalid character ' ' in literal {word} (expecting '{word[len(start)]}')"
