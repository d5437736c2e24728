# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ValidateTemplate and GetTemplateSummary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import capabilities
from .account import Account
from .answers import given
from .errors import CapabilitiesMissing
from .parameters import as_text, is_hidden
from .requests import template_text
from .template import Template, parse


def template_summary(account: Account, call: Mapping[str, Any], *, with_types: bool) -> dict[str, Any]:
    """Parameters and capabilities of a template, or of a stack's."""
    stack = account.stack(call["StackName"]) if call.get("StackName") else None
    use = {**call, "UsePreviousTemplate": True} if stack else call
    template = parse(template_text(account, stack, use))
    needed, reason = _capabilities(template)
    shown = given(
        Description=template.description,
        Capabilities=needed or None,
        CapabilitiesReason=reason,
        Parameters=[_parameter(template, name, with_types=with_types) for name in template.parameters],
    )
    if with_types:
        shown["ResourceTypes"] = sorted({declaration.type for declaration in template.resources.values()})
        shown["Version"] = "2010-09-09"
    return shown


def _capabilities(template: Template) -> tuple[list[str], str | None]:
    try:
        capabilities.demand(template, ())
    except CapabilitiesMissing as missing:
        name = str(missing).partition("[")[2].rstrip("]")
        return [name], f"The following resource(s) require capabilities: [{name}]"
    return [], None


def _parameter(template: Template, name: str, *, with_types: bool) -> dict[str, Any]:
    declaration = template.parameters[name]
    default = declaration.get("Default")
    shown = given(
        ParameterKey=name,
        DefaultValue=None if default is None else as_text(default),
        NoEcho=is_hidden(template, name),
        Description=declaration.get("Description"),
    )
    if with_types:
        shown["ParameterType"] = declaration["Type"]
        shown["ParameterConstraints"] = {"AllowedValues": [as_text(value) for value in declaration.get("AllowedValues", [])]}
    return shown
