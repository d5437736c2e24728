# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Output of html/template: each value escaped for the place in the document where it lands.

Go rewrites the templates once, before the first rendering; here the context is followed while rendering, which gives the same
text. Not refused here: branches of an {{if}} that end in different contexts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .errors import ExecutionError
from .html_context import COMMENTS, URLS, BadHtmlError, Context, Place, attribute_kind, before_value, step
from .json_encoding import encoded
from .nodes import Action, Branch, Call, Function, Pipeline, Statement, Text, Tree
from .strings import quote
from .values import NOTHING, Html, joined

FAILSAFE = "ZgotmplZ"

_HTML = {"\0": "\ufffd", '"': "&#34;", "&": "&amp;", "'": "&#39;", "+": "&#43;", "<": "&lt;", ">": "&gt;"}
_NO_SPACE = _HTML | {"\0": "&#xfffd;", "\t": "&#9;", "\n": "&#10;", "\v": "&#11;", "\f": "&#12;", "\r": "&#13;", " ": "&#32;"}
_NO_SPACE |= {"=": "&#61;", "`": "&#96;"}
_JS_STRING = {"\0": "\\u0000", "\t": "\\t", "\n": "\\n", "\v": "\\u000b", "\f": "\\f", "\r": "\\r", "/": "\\/", "\\": "\\\\"}
_JS_STRING |= {mark: f"\\u{ord(mark):04x}" for mark in "\"'`&+<>$"} | {"\u2028": "\\u2028", "\u2029": "\\u2029"}
_CSS = {mark: f"\\{ord(mark):x}" for mark in "\0\t\n\f\r\"&'()+/:;<>{}"} | {"\\": "\\\\"}
_URL_KEPT = frozenset("!#$&*+,/:;=?@[]")
_UNRESERVED = re.compile(rb"[A-Za-z0-9\-._~]")
_TAGS = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.S)


class HtmlOutput:
    """``parts`` joined is the document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []
        self.context = Context()
        self._known: dict[tuple[int, Context], tuple[str, Context]] = {}

    def text(self, node: Text) -> None:
        key = (id(node), self.context)
        if key not in self._known:
            try:
                self._known[key] = escaped_text(self.context, node.text)
            except BadHtmlError as error:
                raise ExecutionError(f"html/template:{self.name}: {error}") from error
        out, self.context = self._known[key]
        self.parts.append(out)

    def value(self, value: object) -> None:
        self.context = before_value(self.context)
        self.parts.append(escaped_value(self.context, value))

    def finish(self) -> str:
        if self.context.place is not Place.TEXT:
            raise ExecutionError(f"html/template:{self.name}: ends in a non-text context: {self.context}")
        return "".join(self.parts)


def check(trees: Mapping[str, Tree], name: str) -> None:
    """What html/template refuses before it renders: calls of unknown templates, and escapers before the end of a pipeline."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        tree = trees[waiting.pop()]
        seen.add(tree.name)
        for statement in _flat(tree.statements):
            if isinstance(statement, Action):
                _check_pipeline(tree, statement.pipeline)
            elif isinstance(statement, Call):
                if statement.name not in trees:
                    raise ExecutionError(f"html/template:{tree.place(statement)}: no such template {quote(statement.name)}")
                if statement.name not in seen:
                    waiting.append(statement.name)


def _check_pipeline(tree: Tree, pipeline: Pipeline) -> None:
    for command in pipeline.commands[:-1]:
        function = command.arguments[0]
        if isinstance(function, Function) and function.name in ("html", "urlquery"):
            raise ExecutionError(f"html/template:{tree.place(pipeline)}: predefined escaper {quote(function.name)} disallowed in template")


def _flat(statements: Sequence[Statement]) -> Iterator[Statement]:
    for statement in statements:
        yield statement
        if isinstance(statement, Branch):
            yield from _flat(statement.body)
            yield from _flat(statement.otherwise or ())


def escaped_text(context: Context, text: str) -> tuple[str, Context]:
    """The template's own text without its comments and stray ``<``, and the context behind it."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        rest = text[at:] if at else text
        after, used = step(context, rest)
        if not used and after == context:
            raise AssertionError(f"no progress in {context}")
        piece = rest[:used]
        if context.place in COMMENTS and not context.delimiter:
            piece = _instead_of_comment(context.place, piece)
        elif context.place in (Place.TEXT, Place.RCDATA):
            piece = _without_stray_brackets(piece, tag_at_end=after.place is not context.place)
        if after.place in COMMENTS and after.place is not context.place and not after.delimiter:
            piece = piece[: -4 if after.place is Place.COMMENT else -2]
        parts.append(piece)
        context, at = after, at + used
    return "".join(parts), context


def _instead_of_comment(place: Place, comment: str) -> str:
    if place is Place.JS_BLOCK_COMMENT:
        return "\n" if re.search(r"[\n\r\u2028\u2029]", comment) else " "
    return " " if place is Place.CSS_BLOCK_COMMENT else ""


def _without_stray_brackets(text: str, *, tag_at_end: bool) -> str:
    end = text.rfind("<") if tag_at_end else len(text)
    head = text[: max(end, 0)]
    if "<" in head:
        head = re.sub(r"<(?!!doctype)", "&lt;", head, flags=re.I)
    return head + text[max(end, 0) :]


def escaped_value(context: Context, value: Any) -> str:
    """The text of a value, safe at that place."""
    place = context.place
    if place in COMMENTS:
        return ""
    if place is Place.TEXT:
        return str(value) if isinstance(value, Html) else _replaced(_plain(value), _HTML)
    if place is Place.RCDATA:
        return _normalised(value) if isinstance(value, Html) else _replaced(_plain(value), _HTML)
    if place in (Place.TAG, Place.ATTRIBUTE_NAME):
        return _name(_plain(value))
    inner: Any = value if place is Place.ATTRIBUTE else _embedded(context, value)
    if not context.delimiter:
        return str(inner)
    table = _HTML if context.delimiter in "\"'" else _NO_SPACE
    if isinstance(inner, Html):
        return _normalised(_TAGS.sub("", inner), table)
    text = _plain(inner)
    return FAILSAFE if not text and table is _NO_SPACE else _replaced(text, table)


def _embedded(context: Context, value: Any) -> str:
    if context.place in URLS:
        return _url(context, _plain(value))
    return _EMBEDDED[context.place](value)


def _plain(value: Any) -> str:
    """nil and what is missing print as nothing."""
    return "" if value is NOTHING or value is None else joined((value,))


def _replaced(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in text) if any(mark in text for mark in table) else text


def _normalised(text: str, table: Mapping[str, str] = _HTML) -> str:
    return _replaced(text, {mark: escape for mark, escape in table.items() if mark != "&"})


def _name(text: str) -> str:
    plain = text.lower()
    return plain if plain and plain.isascii() and plain.isalnum() and not attribute_kind(plain) else FAILSAFE


def _url(context: Context, text: str) -> str:
    if context.url_part == "None":
        scheme, colon, _ = text.partition(":")
        if colon and "/" not in scheme and scheme.lower() not in ("http", "https", "mailto"):
            return "#" + FAILSAFE
    if context.url_part != "QueryOrFrag" and context.place in (Place.CSS_DOUBLE, Place.CSS_SINGLE):
        return _css_text(text)
    return _url_text(text, normalise=context.url_part != "QueryOrFrag")


def _url_text(text: str, *, normalise: bool) -> str:
    raw = text.encode()
    out: list[str] = []
    for index, byte in enumerate(raw):
        character = chr(byte)
        escaped_already = byte == 0x25 and re.match(rb"[0-9a-fA-F]{2}", raw[index + 1 : index + 3]) is not None
        kept = _UNRESERVED.match(raw, index) or (normalise and (character in _URL_KEPT or escaped_already))
        out.append(character if kept else f"%{byte:02x}")
    return "".join(out)


def _css_text(value: Any) -> str:
    text = _plain(value)
    out = ""
    for index, character in enumerate(text):
        escape = _CSS.get(character)
        out += character if escape is None else escape
        if escape and escape != "\\\\" and re.match(r"[0-9a-fA-F\t\n\f\r ]|$", text[index + 1 : index + 2]):
            out += " "  # else the escape would swallow the next character, perhaps one behind this value
    return out


def _css_value(value: Any) -> str:
    text = _plain(value)
    letters = re.sub(r"[^a-z0-9_-]", "", text.lower())
    if re.search(r"[\0\"'()/;@\[\\\]`{}<>]|(?<=-)-", text) or "expression" in letters or "mozbinding" in letters:
        return FAILSAFE
    return text


def _js_value(value: Any) -> str:
    text = encoded(value)
    return f" {text} " if text[0].isalnum() or text[-1].isalnum() else text


def _js_text(value: Any) -> str:
    return _replaced(_plain(value), _JS_STRING)


def _srcset(value: Any) -> str:
    return _url_text(_plain(value), normalise=True).replace(",", "%2c")


_EMBEDDED: dict[Place, Callable[[Any], str]] = {
    Place.JS: _js_value,
    Place.JS_DOUBLE: _js_text,
    Place.JS_SINGLE: _js_text,
    Place.JS_TEMPLATE: _js_text,
    Place.CSS: _css_value,
    Place.SRCSET: _srcset,
}
