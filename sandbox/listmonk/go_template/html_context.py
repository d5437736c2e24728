# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in an HTML document a template stands: what Go's html/template follows to escape each value in its context.

Only what decides about escaping is followed: text, tags, attribute values (plain, URL, style, script), <script>, <style>, <title>
and <textarea>, comments. Inside JavaScript a ``/`` never begins a regular expression here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from .strings import quote


class Place(Enum):
    TEXT = "stateText"
    RCDATA = "stateRCDATA"
    COMMENT = "stateHTMLCmt"
    TAG = "stateTag"
    ATTRIBUTE_NAME = "stateAttrName"
    AFTER_NAME = "stateAfterName"
    BEFORE_VALUE = "stateBeforeValue"
    ATTRIBUTE = "stateAttr"
    URL = "stateURL"
    SRCSET = "stateSrcset"
    JS = "stateJS"
    JS_DOUBLE = "stateJSDqStr"
    JS_SINGLE = "stateJSSqStr"
    JS_TEMPLATE = "stateJSTmplLit"
    JS_BLOCK_COMMENT = "stateJSBlockCmt"
    JS_LINE_COMMENT = "stateJSLineCmt"
    CSS = "stateCSS"
    CSS_DOUBLE = "stateCSSDqStr"
    CSS_SINGLE = "stateCSSSqStr"
    CSS_URL = "stateCSSURL"
    CSS_URL_DOUBLE = "stateCSSDqURL"
    CSS_URL_SINGLE = "stateCSSSqURL"
    CSS_BLOCK_COMMENT = "stateCSSBlockCmt"
    CSS_LINE_COMMENT = "stateCSSLineCmt"


COMMENTS = frozenset({Place.COMMENT, Place.JS_BLOCK_COMMENT, Place.JS_LINE_COMMENT, Place.CSS_BLOCK_COMMENT, Place.CSS_LINE_COMMENT})
URLS = frozenset({Place.URL, Place.CSS_DOUBLE, Place.CSS_SINGLE, Place.CSS_URL, Place.CSS_URL_DOUBLE, Place.CSS_URL_SINGLE})

_CONTENT = {"script": Place.JS, "style": Place.CSS, "textarea": Place.RCDATA, "title": Place.RCDATA}
_ELEMENTS = {"": "elementNone", "script": "elementScript", "style": "elementStyle", "textarea": "elementTextarea"}
_DELIMITERS = {"": "delimNone", '"': "delimDoubleQuote", "'": "delimSingleQuote", " ": "delimSpaceOrTagEnd"}
_ATTRIBUTES = {"": "attrNone", "js": "attrScript", "css": "attrStyle", "url": "attrURL", "srcset": "attrSrcset", "type": "attrScriptType"}

_START = {
    "": Place.ATTRIBUTE,
    "type": Place.ATTRIBUTE,
    "js": Place.JS,
    "css": Place.CSS,
    "url": Place.URL,
    "srcset": Place.SRCSET,
}
_URL_NAMES = frozenset({"action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon"})
_URL_NAMES |= {"longdesc", "manifest", "poster", "profile", "src", "usemap", "xmlns"}
_PLAIN_NAMES = frozenset({"srclang", "srcdoc"})


class BadHtmlError(Exception):
    """Nobody could tell how to escape values in such a document."""


@dataclass(frozen=True)
class Context:
    place: Place = Place.TEXT
    element: str = ""
    attribute: str = ""
    delimiter: str = ""
    url_part: str = "None"

    def __str__(self) -> str:
        element = _ELEMENTS.get(self.element, f"element{self.element.title()}")
        delimiter, attribute = _DELIMITERS[self.delimiter], _ATTRIBUTES[self.attribute]
        return f"{{{self.place.value} {delimiter} urlPart{self.url_part} jsCtxRegexp [] {attribute} {element} <nil>}}"


def attribute_kind(name: str) -> str:
    """What the value of that attribute is: "" (text), url, css, js or srcset."""
    name = name.lower()
    if name.startswith("data-"):
        name = name[5:]
    elif ":" in name:
        prefix, _, name = name.partition(":")
        if prefix == "xmlns":
            return "url"
    if name in ("style", "srcset"):
        return "css" if name == "style" else name
    if name in _PLAIN_NAMES:
        return ""
    if name.startswith("on"):
        return "js"
    return "url" if name in _URL_NAMES or any(part in name for part in ("src", "uri", "url")) else ""


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*(?:[:\-][a-zA-Z0-9]+)*)|<!--")
_SCRIPT_TYPE = re.compile(r"module|(?:application|text)/(?:x-)?(?:java|ecma|j|live)script[0-9.]*|application/(?:ld\+)?json")
_NAME_END = re.compile(r"[\s=>\"'<]")
_UNQUOTED_END = re.compile(r"[\s>\"'<=`]")
_JS_NEXT = re.compile(r"[\"'`]|/\*|//")
_CSS_NEXT = re.compile(r"url\s*\(\s*[\"']?|[\"']|/\*|//", re.I)
_STRING_END = {
    Place.JS_DOUBLE: re.compile(r'\\.|"', re.S),
    Place.JS_SINGLE: re.compile(r"\\.|'", re.S),
    Place.JS_TEMPLATE: re.compile(r"\\.|`", re.S),
    Place.CSS_DOUBLE: re.compile(r'\\.|"', re.S),
    Place.CSS_SINGLE: re.compile(r"\\.|'", re.S),
    Place.CSS_URL: re.compile(r"[)\s]"),
    Place.CSS_URL_DOUBLE: re.compile(r'\\.|"', re.S),
    Place.CSS_URL_SINGLE: re.compile(r"\\.|'", re.S),
}
_COMMENT_END = {
    Place.JS_BLOCK_COMMENT: re.compile(r"\*/"),
    Place.CSS_BLOCK_COMMENT: re.compile(r"\*/"),
    Place.JS_LINE_COMMENT: re.compile(r"(?=[\n\r\u2028\u2029])"),
    Place.CSS_LINE_COMMENT: re.compile(r"(?=[\n\f\r])"),
}
_OPENS = {'"': (Place.JS_DOUBLE, Place.CSS_DOUBLE), "'": (Place.JS_SINGLE, Place.CSS_SINGLE), "`": (Place.JS_TEMPLATE, Place.CSS)}


def step(context: Context, text: str) -> tuple[Context, int]:
    """The context after the first part of ``text``, and how long that part is; 0 only when the context changes."""
    place = context.place
    if context.delimiter:
        return _in_attribute(context, text)
    if place is Place.TEXT:
        found = _TAG.search(text)
        if found is None:
            return context, len(text)
        if found[0] == "<!--":
            return Context(Place.COMMENT), found.end()
        element = found[2].lower()
        return Context(Place.TAG, element if not found[1] and element in _CONTENT else ""), found.end()
    if place is Place.COMMENT:
        end = text.find("-->")
        return (context, len(text)) if end < 0 else (Context(), end + 3)
    if place in (Place.TAG, Place.ATTRIBUTE_NAME, Place.AFTER_NAME, Place.BEFORE_VALUE):
        return _in_tag(context, text)
    return _in_element(context, text)


def _in_element(context: Context, text: str) -> tuple[Context, int]:
    """<script>, <style>, <title> and <textarea> go on until their end tag, wherever it stands."""
    end = re.search(rf"</{context.element}(?=[\s/>])", text, re.I)
    if end is None:
        return embedded(context, text)
    if end.start() == 0:
        return Context(Place.TAG), end.end()
    return embedded(context, text[: end.start()])


def embedded(context: Context, text: str) -> tuple[Context, int]:
    """One step inside JavaScript, CSS, a URL or plain attribute text."""
    place = context.place
    if place in _COMMENT_END:
        found = _COMMENT_END[place].search(text)
        return (context, len(text)) if found is None else (replace(context, place=_outside(place)), found.end())
    if place in _STRING_END:
        return _in_string(context, text)
    if place in (Place.URL, Place.SRCSET):
        return _url_after(context, text), len(text)
    if place not in (Place.JS, Place.CSS):
        return context, len(text)
    found = (_JS_NEXT if place is Place.JS else _CSS_NEXT).search(text)
    if found is None:
        return context, len(text)
    mark = found[0]
    if mark in ("/*", "//"):
        new = Place[f"{place.name}_{'BLOCK' if mark == '/*' else 'LINE'}_COMMENT"]
    elif mark[0] in "uU":
        new = {'"': Place.CSS_URL_DOUBLE, "'": Place.CSS_URL_SINGLE}.get(mark[-1], Place.CSS_URL)
    else:
        new = _OPENS[mark][place is Place.CSS]
    return replace(context, place=new, url_part="None"), found.end()


def _outside(place: Place) -> Place:
    return Place.JS if place.name.startswith("JS") else Place.CSS


def _in_string(context: Context, text: str) -> tuple[Context, int]:
    start = 0
    for found in _STRING_END[context.place].finditer(text):
        if found[0][0] != "\\":
            end = found.start() if context.place is Place.CSS_URL and found.start() else found.end()
            return replace(context, place=_outside(context.place), url_part="None"), end
        start = found.end()
    return (_url_after(context, text) if context.place in URLS else context), max(len(text), start)


def _url_after(context: Context, text: str) -> Context:
    if any(mark in text for mark in "#?"):
        return replace(context, url_part="QueryOrFrag")
    return replace(context, url_part="PreQuery") if text.strip() and context.url_part == "None" else context


def _in_attribute(context: Context, text: str) -> tuple[Context, int]:
    if context.delimiter == " ":
        found = _UNQUOTED_END.search(text)
        end = len(text) if found is None else found.start()
        if found is not None and found[0] in "\"'<=`":
            value = re.match(r"[^\s>]*", text)
            raise BadHtmlError(f"{quote(found[0])} in unquoted attr: {quote(value[0] if value else '')}")
    else:
        end = text.find(context.delimiter)
        end = len(text) if end < 0 else end
    if end:
        if context.attribute == "type" and context.element == "script" and not _is_script_type(text[:end]):
            context = replace(context, element="")
        used, inside = 0, context
        while used < end:
            inside, count = embedded(inside, text[used:end])
            used += count
        return inside, end
    return Context(Place.TAG, context.element), 0 if context.delimiter == " " else 1


def _is_script_type(mime: str) -> bool:
    return _SCRIPT_TYPE.fullmatch(mime.partition(";")[0].strip().lower()) is not None


def _in_tag(context: Context, text: str) -> tuple[Context, int]:
    blank = len(text) - len(text.lstrip())
    if context.place is Place.BEFORE_VALUE:
        return _value_start(context, text, blank)
    if blank == len(text):
        return (replace(context, place=Place.AFTER_NAME) if context.place is Place.ATTRIBUTE_NAME else context), len(text)
    if context.place is Place.ATTRIBUTE_NAME and not blank:
        end = _name_end(text, 0)
        return (context if end == len(text) else replace(context, place=Place.AFTER_NAME)), end
    if context.place in (Place.AFTER_NAME, Place.ATTRIBUTE_NAME):
        if text[blank] == "=":
            return replace(context, place=Place.BEFORE_VALUE), blank + 1
        return _in_tag(Context(Place.TAG, context.element), text)
    if text[blank] == ">":
        return Context(_CONTENT.get(context.element, Place.TEXT), context.element), blank + 1
    end = _name_end(text, blank)
    if end == blank:
        raise BadHtmlError(f"expected space, attr name, or end of tag, but got {quote(text[blank:])}")
    name = text[blank:end].lower()
    kind = "type" if context.element == "script" and name == "type" else attribute_kind(name)
    return Context(Place.ATTRIBUTE_NAME if end == len(text) else Place.AFTER_NAME, context.element, kind), end


def _name_end(text: str, start: int) -> int:
    found = _NAME_END.search(text, start)
    if found is not None and found[0] in "\"'<":
        raise BadHtmlError(f"{quote(found[0])} in attribute name: {quote(text[:32])}")
    return len(text) if found is None else found.start()


def _value_start(context: Context, text: str, blank: int) -> tuple[Context, int]:
    if blank == len(text):
        return context, len(text)
    mark = text[blank]
    place = _START[context.attribute]
    if mark in "\"'":
        return Context(place, context.element, context.attribute, mark), blank + 1
    return Context(place, context.element, context.attribute, " "), blank


def before_value(context: Context) -> Context:
    """Where a value stands that a template puts here ("nudge" in Go)."""
    if context.place is Place.TAG:
        return replace(context, place=Place.ATTRIBUTE_NAME)
    if context.place is Place.BEFORE_VALUE:
        return Context(_START[context.attribute], context.element, context.attribute, " ")
    return Context(Place.ATTRIBUTE_NAME, context.element) if context.place is Place.AFTER_NAME else context
