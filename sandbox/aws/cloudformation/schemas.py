# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS's resource schemas say about a type: they ship inside cfn-lint and decide replacement, tags, attributes and validation."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cfnlint.schema import ResourceNotFoundError  # type: ignore[import-untyped]
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from .errors import Refusal

POINTER = "/properties/"


@dataclass(frozen=True)
class Schema:
    """The parts of one type's schema that the engine looks at; names are of top-level properties."""

    type: str
    create_only: frozenset[str]
    conditionally_create_only: frozenset[str]
    read_only: frozenset[str]
    write_only: frozenset[str]
    identifier: tuple[str, ...]
    tag_property: str | None
    tags_are_a_map: bool
    document: Mapping[str, Any]


@functools.cache
def schema_of(type_name: str, region: str) -> Schema:
    """The schema of a type.

    Raises:
        Refusal: AWS has no such type in the region.
    """
    try:
        document = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, type_name).schema
    except ResourceNotFoundError:
        raise Refusal(f"Template format error: Unrecognized resource types: [{type_name}]") from None
    tagging = document.get("tagging", {})
    tag_property = tagging.get("tagProperty", "/properties/Tags").removeprefix(POINTER)
    taggable = tagging.get("taggable", True) and tag_property in document["properties"]
    return Schema(
        type=type_name,
        create_only=_top_level(document, "createOnlyProperties"),
        conditionally_create_only=_top_level(document, "conditionalCreateOnlyProperties"),
        read_only=_top_level(document, "readOnlyProperties"),
        write_only=_top_level(document, "writeOnlyProperties"),
        identifier=tuple(pointer.removeprefix(POINTER) for pointer in document.get("primaryIdentifier", [])),
        tag_property=tag_property if taggable else None,
        tags_are_a_map=taggable and _resolved(document, document["properties"][tag_property]).get("type") == "object",
        document=document,
    )


def _top_level(document: Mapping[str, Any], key: str) -> frozenset[str]:
    """Pointers to parts of a property are left out: a change elsewhere in the property must not count."""
    return frozenset(
        pointer.removeprefix(POINTER) for pointer in document.get(key, []) if pointer.startswith(POINTER) and pointer.count("/") == 2
    )


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node
