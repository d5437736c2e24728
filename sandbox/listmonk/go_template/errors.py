# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
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
