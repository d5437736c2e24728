# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what a role of the estate plans would interrupt a listmonk that sends; documented in interrupts_sending.yml.

Which changes do is known from AWS's documentation of the resource types, and from how the templates hang together:

- ECS replaces the core's task when its service or its task definition changes. What the task definition consists of (roles, log group, secrets)
  can only be changed by changing it, too.
- RDS may restart the instance with almost any change of it, and listmonk sends out of its database.
- What the task stands on (cluster, file system, network) goes away from under it when it is removed or replaced.
- A change of nothing but tags interrupts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

CHANGED_AT_ALL = {
    ("AWS::ECS::Service", "CoreService"),
    ("AWS::ECS::TaskDefinition", "CoreTaskDefinition"),
    ("AWS::RDS::DBInstance", "Instance"),
}
"""Type and name in the template."""
REMOVED_OR_REPLACED = ("AWS::ECS::Cluster", "AWS::EFS::", "AWS::EC2::")
"""Beginnings of types."""
HARMLESS = ("AWS::EC2::FlowLog",)


def interrupts_sending(result: Mapping[str, Any]) -> bool:
    """Raises AnsibleFilterError for what is no result of a task."""
    if not isinstance(result, Mapping):
        raise AnsibleFilterError(f"interrupts_sending takes what aws_stack returned, not {type(result).__name__}")
    return any(_interrupts(change) for change in result.get("changes") or ())


def _interrupts(change: Mapping[str, Any]) -> bool:
    kind = str(change["type"])
    replaced = change["replacement"] != "never"
    if change["action"] in ("add", "import") or (list(change["scope"]) == ["Tags"] and not replaced):
        return False
    if (kind, change["logical_id"]) in CHANGED_AT_ALL:
        return True
    gone = change["action"] == "remove" or replaced
    return gone and kind.startswith(REMOVED_OR_REPLACED) and kind not in HARMLESS


class TestModule:
    """The tests of this file."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"interrupts_sending": interrupts_sending}
