# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that every Go template has (https://pkg.go.dev/text/template#hdr-Functions)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from .errors import FunctionError
from .format_verbs import sprintf
from .functions import GoFunction, function_map
from .values import equal, is_true, joined, less, printed, type_name

HTML_ESCAPES = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_JS_ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def and_(first: Any, *rest: Any) -> Any:
    """Never called: the evaluator stops at the first argument that decides."""
    raise NotImplementedError


or_ = and_


def not_(value: Any) -> bool:
    return not is_true(value)


def len_(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list | tuple | dict):
        return len(value)
    raise FunctionError("reflect: call of reflect.Value.Type on zero Value" if value is None else f"len of type {type_name(value)}")


def index(value: Any, *keys: Any) -> Any:
    if value is None:
        raise FunctionError("index of untyped nil")
    for key in keys:
        value = _element(value, key)
    return value


def _element(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        if not isinstance(key, str):
            raise FunctionError(
                "value is nil; should be of type string" if key is None else f"value has type {type_name(key)}; should be string"
            )
        return value.get(key)
    if not isinstance(value, list | tuple | str):
        raise FunctionError("index of nil pointer" if value is None else f"can't index item of type {type_name(value)}")
    number = _whole(key)
    if not 0 <= number < len_(value):
        raise FunctionError(f"index out of range: {number}")
    return value.encode()[number] if isinstance(value, str) else value[number]


def _whole(key: Any) -> int:
    if isinstance(key, int) and not isinstance(key, bool):
        return key
    raise FunctionError("cannot index slice/array with " + ("nil" if key is None else f"type {type_name(key)}"))


def slice_(value: Any, *bounds: Any) -> Any:
    if value is None:
        raise FunctionError("slice of untyped nil")
    if not isinstance(value, str | list | tuple):
        raise FunctionError(f"can't slice item of type {type_name(value)}")
    if len(bounds) > 3:
        raise FunctionError(f"too many slice indexes: {len(bounds)}")
    raw = value.encode() if isinstance(value, str) else value
    numbers = [_whole(bound) for bound in bounds]
    for number in numbers:
        if not 0 <= number <= len(raw):
            raise FunctionError(f"index out of range: {number}")
    start, end = ([*numbers, len(raw)] if len(numbers) == 1 else numbers or [0, len(raw)])[:2]
    if start > end:
        raise FunctionError(f"invalid slice index: {start} > {end}")
    part = raw[start:end]
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else part


def call(function: Any, *values: Any) -> Any:
    if function is None:
        raise FunctionError("call of nil")
    raise FunctionError(f"non-function {printed(function)} of type {type_name(function)}")


def eq(first: Any, *others: Any) -> bool:
    if not others:
        raise FunctionError("missing argument for comparison")
    return any(equal(first, other) for other in others)


def ne(first: Any, other: Any) -> bool:
    return not equal(first, other)


def lt(first: Any, other: Any) -> bool:
    return less(first, other)


def le(first: Any, other: Any) -> bool:
    return less(first, other) or equal(first, other)


def gt(first: Any, other: Any) -> bool:
    return not le(first, other)


def ge(first: Any, other: Any) -> bool:
    return not less(first, other)


def print_(*values: Any) -> str:
    return joined(values)


def println(*values: Any) -> str:
    return " ".join(map(printed, values)) + "\n"


def printf(form: str, *values: Any) -> str:
    return sprintf(form, values)


def html(*values: Any) -> str:
    return "".join(HTML_ESCAPES.get(character, character) for character in joined(values))


def js(*values: Any) -> str:
    return "".join(_js_character(character) for character in joined(values))


def urlquery(*values: Any) -> str:
    return quote_plus(joined(values))


def _js_character(character: str) -> str:
    if character in _JS_ESCAPES:
        return _JS_ESCAPES[character]
    return character if character.isprintable() else f"\\u{ord(character):04X}"


BUILTINS: dict[str, GoFunction] = function_map(
    and_, not_, len_, index, slice_, call, eq, ne, lt, le, gt, ge, print_, println, printf, html, js, urlquery, **{"or": or_}
)
