# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of RDS's resources."""

from __future__ import annotations

from .calls import removed_tags, tag_list
from .kind import Handle, Step


def retag(arn_attribute: str) -> Step:
    """A step that changes tags; they were given when the resource was made."""

    def step(handle: Handle) -> None:
        if not handle.before:
            return
        arn = handle.attributes[arn_attribute]
        if removed_tags(handle):
            handle.call("rds.remove_tags_from_resource", ResourceName=arn, TagKeys=removed_tags(handle))
        if tag_list(handle):
            handle.call("rds.add_tags_to_resource", ResourceName=arn, Tags=tag_list(handle))

    return step
