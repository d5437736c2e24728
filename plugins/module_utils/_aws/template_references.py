# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expression of a template refers to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .template import Template
from .template_values import PLACEHOLDER


def names_behind(template: Template, value: Any) -> set[str]:
    """Every parameter and resource that the value, its condition, or a condition in it refers to."""
    found: set[str] = set()
    seen: set[str] = set()

    def walk(inner: Any) -> None:
        if isinstance(inner, Mapping):
            for key, argument in inner.items():
                if key == "Ref":
                    found.add(str(argument))
                elif key == "Fn::GetAtt":
                    found.add(str(argument).partition(".")[0] if isinstance(argument, str) else str(argument[0]))
                elif key == "Fn::Sub":
                    _sub(argument)
                elif key == "Condition" and isinstance(argument, str):
                    _condition(argument)
                elif key == "Fn::If" and isinstance(argument, list):
                    _condition(str(argument[0]))
                    walk(argument[1:])
                else:
                    walk(argument)
        elif isinstance(inner, list):
            for each in inner:
                walk(each)

    def _sub(argument: Any) -> None:
        text, given = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
        found.update(name.partition(".")[0] for name in PLACEHOLDER.findall(text) if name not in given)
        walk(given)

    def _condition(name: str) -> None:
        if name not in seen:
            seen.add(name)
            walk(template.section("Conditions").get(name))

    walk(value)
    return found


def dangling_references(template: Template) -> list[str]:
    """Names that the template refers to and does not have. AWS finds them as well, but only when a change set is made."""
    known = {*template.section("Parameters"), *template.section("Resources")}
    found = set()
    for section in ("Resources", "Outputs", "Conditions"):
        found |= names_behind(template, list(template.section(section).values()))
    return sorted(name for name in found - known if not name.startswith("AWS::"))
