# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiling campaign and transactional templates, with listmonk's words around Go's errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..go_template import GoFunction, Struct, Template, TemplateError, TemplateSyntaxError, parse

BASE = "base"
CONTENT = "content"
PLACEHOLDER = '{{ template "content" . }}'

# A campaign template may call these without the dot; listmonk adds it. "@TrackLink" is the spelling for visual editors.
_SHORTHANDS = (
    (re.compile(r'\{\{\s*TrackLink\s+"([^"]+)"\s*\}\}'), r'{{ TrackLink "\1" . }}'),
    (re.compile(r"(https?://[\w\-.~!#$&'()*+,/:;=?@\[\]%]*)@TrackLink"), r'{{ TrackLink "\1" . }}'),
    (re.compile(r"\{\{\s*(TrackView|UnsubscribeURL|ManageURL|OptinURL|MessageURL)\s*\}\}"), r"{{ \1 . }}"),
)
_HAS_PLACEHOLDER = re.compile(r'\{\{\s*template\s+"content"\s*\.\s*\}\}', re.ASCII)


class CompileError(Exception):
    """str() is listmonk's sentence."""


def has_placeholder(body: str) -> bool:
    return _HAS_PLACEHOLDER.search(body) is not None


def has_expression(text: str) -> bool:
    """Only then is a subject a template: ``{{ .Tx`` without an end is taken literally."""
    return "}}" in text.partition("{{")[2]


def check(body: str, subject: str, functions: Mapping[str, GoFunction]) -> None:
    """What saving a template of any type verifies. Raises CompileError."""
    transactional(body, subject, functions)


@dataclass(frozen=True)
class Compiled:
    """A mail whose parts are ready to be rendered for one recipient after the other."""

    body: Template
    subject: Template | None
    plain_subject: str

    def page(self, message: Struct) -> str:
        """Raises TemplateError."""
        return self.body.html(message)

    def subject_for(self, message: Struct) -> str:
        """Raises TemplateError."""
        return self.plain_subject if self.subject is None else self.subject.text(message)


def transactional(body: str, subject: str, functions: Mapping[str, GoFunction]) -> Compiled:
    page = _parsed(BASE, body, functions, "error compiling transactional template")
    line = _parsed(BASE, subject, functions, "error compiling subject") if has_expression(subject) else None
    return Compiled(page, line, subject)


def campaign(template_body: str, content: str, subject: str, functions: Mapping[str, GoFunction]) -> Compiled:
    """The campaign's HTML content inside its template; a blank template is the content alone."""
    line = None
    if has_expression(subject):
        line = _parsed(CONTENT, with_dots(subject), functions, "error compiling subject")
    base = with_dots(template_body or PLACEHOLDER)
    page = _parsed(BASE, base, functions, "error compiling base template")
    try:
        page.define(CONTENT, with_dots(content))
    except TemplateSyntaxError as error:
        raise CompileError(f"error compiling message: {error}") from error
    return Compiled(page, line, subject)


def with_dots(text: str) -> str:
    for pattern, spelled_out in _SHORTHANDS:
        text = pattern.sub(spelled_out, text)
    return text


def _parsed(name: str, text: str, functions: Mapping[str, GoFunction], failed: str) -> Template:
    try:
        return parse(name, text, functions)
    except TemplateError as error:
        raise CompileError(f"{failed}: {error}") from error
