"""The two ways in which a Go template fails."""

from __future__ import annotations


class TemplateError(Exception):
    """str() is the sentence that Go's library would print."""


class TemplateSyntaxError(TemplateError):
    """The text is no template: found while parsing."""


class ExecutionError(TemplateError):
    """The template could not be rendered with this data."""


class FunctionError(Exception):
    """Raised by template functions; the evaluator adds where it happened."""
