# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS's resource schemas say about a type: they ship inside cfn-lint and decide replacement, tags, attributes and validation.

Only cfn-lint's data is read: importing cfn-lint itself takes longer than everything else that the sandbox's AWS imports.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    digest = _digests(region).get(type_name)
    if digest is None:
        raise Refusal(f"Template format error: Unrecognized resource types: [{type_name}]")
    document = json.loads((_data() / "resources" / f"{digest}.json").read_text("utf-8"))
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


@functools.cache
def _data() -> Path:
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("cfn-lint is not installed; the sandbox's AWS reads AWS's resource schemas from it")
    return Path(found.submodule_search_locations[0]) / "data" / "schemas"


@functools.cache
def _digests(region: str) -> dict[str, str]:
    """The types of a region and the names of their schemas' files."""
    digests: dict[str, str] = json.loads((_data() / "providers" / f"{region}.json").read_text("utf-8"))
    return digests


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
