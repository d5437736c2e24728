# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of EC2's resources: given while the resource is made, changed by calls of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .calls import removed_tags, tag_list
from .kind import Aspect, Handle


def tag_specification(resource_type: str) -> Callable[[Handle], Mapping[str, Any]]:
    """The argument of a create call."""

    def specification(handle: Handle) -> Mapping[str, Any]:
        tags = tag_list(handle)
        return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": tags}]} if tags else {}

    return specification


def _retag(handle: Handle) -> None:
    if not handle.before:
        return  # made with them
    resource = handle.attributes.get("AllocationId", handle.physical_id)
    gone = removed_tags(handle)
    if gone:
        handle.call("ec2.delete_tags", Resources=[resource], Tags=[{"Key": key} for key in gone])
    if tag_list(handle):
        handle.call("ec2.create_tags", Resources=[resource], Tags=tag_list(handle))


TAGS = Aspect(("Tags",), _retag)


def tags_seen(described: Mapping[str, Any]) -> list[dict[str, str]]:
    """For drift."""
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in described.get("Tags", []) if not tag["Key"].startswith("aws:")]
