# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that the API shows: moto's, without moto's own idea of how a task's status goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ecs.models import Task


class ShownTask(Task):
    """Of moto's class, since moto answers from its attributes by their names in the API (stop_code is stopCode)."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.created_at: datetime = utcnow()
        self.started_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.stop_code: str | None = None
        self.connectivity = "CONNECTED"
        self.health_status = "UNKNOWN"
        container: Any = self.containers[0]  # moto's annotations know neither an exit code that is missing nor its addresses
        container.exitCode = None  # moto says 0 before anything has run
        container.last_status = "PENDING"
        container.health_status = "UNKNOWN"
        container.task_arn = self.task_arn  # moto gives the task definition's
        self.last_status = "PROVISIONING"

    def advance(self) -> None:
        """moto would go on to the next status with each look at the task."""

    def place_at(self, address: str) -> None:
        self.containers[0].network_interfaces = []
        attachments: list[dict[str, Any]] = self.attachments
        for attachment in attachments:
            self.containers[0].network_interfaces.append({"attachmentId": attachment["id"], "privateIpv4Address": address})
            for detail in attachment["details"]:
                if detail["name"] == "privateIPv4Address":
                    detail["value"] = address

    def show_running(self) -> None:
        self.started_at = utcnow()
        self.containers[0].last_status = "RUNNING"
        self.last_status = "RUNNING"

    def show_health(self, status: str) -> None:
        self.containers[0].health_status = status
        self.health_status = status

    def show_stopped(self, exit_code: int | None, code: str, reason: str) -> None:
        """The status comes last: whoever waits for it finds the rest."""
        self._give_network_interfaces_back()
        container: Any = self.containers[0]
        container.exitCode = exit_code
        container.last_status = "STOPPED"
        if exit_code is None:
            container.reason = reason
        self.stop_code = code
        self.stopped_reason = reason
        self.stopped_at = utcnow()
        self.desired_status = "STOPPED"
        self.last_status = "STOPPED"

    def _give_network_interfaces_back(self) -> None:
        """ECS deletes them with the task; moto keeps them."""
        attachments: list[dict[str, Any]] = self.attachments
        for attachment in attachments:
            for detail in attachment["details"]:
                if detail["name"] == "networkInterfaceId":
                    ec2_backends[self._account_id][self.region_name].enis.pop(detail["value"], None)
            attachment["status"] = "DELETED"
