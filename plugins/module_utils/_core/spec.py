# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a module that manages a resource, as Ansible's argument spec; plain data, without Ansible."""

from __future__ import annotations

from typing import Any

from .fields import Field
from .resource import Resource

Spec = dict[str, dict[str, Any]]


def argument_spec(resource: Resource) -> Spec:
    """Options for the writable fields and for when secrets are written.

    Only the first identity field is demanded here: what else a new object needs depends on whether it exists.
    """
    spec = {} if resource.document else {field.option: _option(field) for field in resource.writable}
    if resource.secrets_policy:
        spec[resource.secrets_policy] = {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False}
    return spec


def values_of(resource: Resource, options: dict[str, Any]) -> dict[str, Any]:
    """The fields that a task's options speak of; an option that is missing or null says nothing."""
    if resource.document:
        return {}
    return {field.name: options[field.option] for field in resource.writable if options.get(field.option) is not None}


def _option(field: Field) -> dict[str, Any]:
    option: dict[str, Any] = {"type": field.type}
    if field.elements is not None:
        option["elements"] = field.elements
    if field.choices:
        option["choices"] = list(field.choices)
    if field.secret or "password" in field.option or "token" in field.option or "secret" in field.option:
        option["no_log"] = field.secret
    if field.fields:
        option["options"] = {inner.option: _option(inner) for inner in field.fields if not inner.read_only}
    return option
