# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of RDS's resources."""

from __future__ import annotations

from .calls import retagging
from .kind import Step


def retag(arn_attribute: str) -> Step:
    """A step that changes the tags of what has this attribute as its ARN."""
    untag, tag = "rds.remove_tags_from_resource", "rds.add_tags_to_resource"
    return retagging(arn_attribute, untag, tag, arn="ResourceName", keys="TagKeys", tags="Tags")
