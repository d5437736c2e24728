# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that most types consist of: one call that makes the resource, one that deletes it, the answer's members as attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .kind import Handle, Properties, Step


def picked(answer: Any, path: str) -> Any:
    """A member of an answer by its path: ``Vpcs.0.VpcId``."""
    for part in path.split("."):
        answer = answer[int(part)] if part.isdigit() else answer[part]
    return answer


def given(handle: Handle, names: tuple[str, ...], renamed: Mapping[str, str] | None = None) -> Properties:
    """Those of the properties that the template gives, under the names that the call has for them."""
    renamed = renamed or {}
    return {renamed.get(name, name): handle.properties[name] for name in names if name in handle.properties}


def creation(
    operation: str,
    takes: tuple[str, ...],
    *,
    physical_id: str,
    attributes: Mapping[str, str] | None = None,
    renamed: Mapping[str, str] | None = None,
    more: Callable[[Handle], Mapping[str, Any]] = lambda _handle: {},
) -> Step:
    """A step that makes the resource by one call; ``physical_id`` and ``attributes`` are paths in the answer."""

    def create(handle: Handle) -> None:
        answer = handle.call(operation, **{**given(handle, takes, renamed), **more(handle)})
        handle.physical_id = str(picked(answer, physical_id))
        handle.attributes.update({name: picked(answer, path) for name, path in (attributes or {}).items()})

    return create


def deletion(operation: str, argument: str, **more: Any) -> Step:
    """A step that deletes the resource by its physical id."""

    def delete(handle: Handle) -> None:
        handle.call(operation, **{argument: handle.physical_id}, **more)

    return delete


def nothing(_handle: Handle) -> None:
    """For what ends with the resource that it belongs to."""


def tag_list(handle: Handle, name: str = "Tags") -> list[dict[str, str]]:
    return list(handle.properties.get(name) or [])


def removed_tags(handle: Handle, name: str = "Tags") -> list[str]:
    """Keys of tags that the resource had and shall not have any more."""
    wanted = {tag["Key"] for tag in tag_list(handle, name)}
    return [tag["Key"] for tag in handle.before.get(name) or [] if tag["Key"] not in wanted]


def tags_as_map(handle: Handle, name: str = "Tags") -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tag_list(handle, name)}


def retagging(arn_attribute: str, untag: str, tag: str, *, arn: str, keys: str, tags: str) -> Step:
    """A step that changes tags by two calls and the names of their arguments; tags of a new resource were given when it was made."""

    def retag(handle: Handle) -> None:
        if not handle.before:
            return
        whose = {arn: handle.attributes[arn_attribute]}
        if removed_tags(handle):
            handle.call(untag, **whose, **{keys: removed_tags(handle)})
        if tag_list(handle):
            handle.call(tag, **whose, **{tags: tag_list(handle)})

    return retag
