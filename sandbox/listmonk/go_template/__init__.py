# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Go template engine: the part of text/template, html/template and sprig that listmonk's templates use.

    template = parse("base", text, FUNCTIONS)
    template.define("content", other_text)
    page = template.html(data)

Errors are ``TemplateError``s whose sentence is that of Go's library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .builtin_functions import BUILTINS, print_
from .errors import ExecutionError, FunctionError, TemplateError, TemplateSyntaxError
from .execute import Execution, PlainOutput
from .functions import GoFunction, function_map
from .html_escape import HtmlOutput, check
from .nodes import Tree
from .parser import parse as _parse
from .sprig_data import SPRIG
from .values import Html, Map, Struct

__all__ = [
    "FUNCTIONS",
    "ExecutionError",
    "FunctionError",
    "GoFunction",
    "Html",
    "Map",
    "Struct",
    "Template",
    "TemplateError",
    "TemplateSyntaxError",
    "function_map",
    "parse",
]

FUNCTIONS: Mapping[str, GoFunction] = BUILTINS | SPRIG

# In an HTML template a final "| html" does nothing of its own, else the value would be escaped twice.
LEFT_TO_THE_ESCAPER: Mapping[str, GoFunction] = function_map(html=print_)


class Template:
    """A parsed template together with those that it defines or was given."""

    def __init__(self, name: str, source: str, functions: Mapping[str, GoFunction]) -> None:
        self.name = name
        self.functions = functions
        self.trees: dict[str, Tree] = _parse(name, source, functions)

    def define(self, name: str, source: str) -> None:
        """Add (or replace) the template of that name. What it defines itself is not added, as with Go's AddParseTree."""
        self.trees[name] = _parse(name, source, self.functions)[name]

    def text(self, data: Any) -> str:
        """As text/template renders it."""
        output = PlainOutput()
        Execution(self.trees, self.functions, output).run(self.name, data)
        return "".join(output.parts)

    def html(self, data: Any) -> str:
        """As html/template renders it: values escaped for their place, comments gone."""
        check(self.trees, self.name)
        output = HtmlOutput(self.name)
        Execution(self.trees, {**self.functions, **LEFT_TO_THE_ESCAPER}, output).run(self.name, data)
        return output.finish()


def parse(name: str, source: str, functions: Mapping[str, GoFunction] = FUNCTIONS) -> Template:
    """Raises TemplateSyntaxError."""
    return Template(name, source, functions)
