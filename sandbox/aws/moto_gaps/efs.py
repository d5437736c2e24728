# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto 5.2.5 has not of file systems: setting the backup policy and the throughput, taking the policy off."""

from __future__ import annotations

import json
from typing import Any

from moto.efs.responses import EFSResponse

JSON = {"Content-Type": "application/json"}


def close() -> None:
    for step in (put_backup_policy, delete_file_system_policy, update_file_system):
        setattr(EFSResponse, step.__name__, step)


def put_backup_policy(response: EFSResponse) -> tuple[str, dict[str, Any]]:
    policy = response._get_param("BackupPolicy")
    system = _system(response)
    system._backup = policy["Status"].startswith("ENABL")
    return json.dumps({"BackupPolicy": system.backup_policy or {"Status": "DISABLED"}}), JSON


def delete_file_system_policy(response: EFSResponse) -> tuple[str, dict[str, Any]]:
    _system(response).file_system_policy = None
    return "{}", JSON


def update_file_system(response: EFSResponse) -> tuple[str, dict[str, Any]]:
    system = _system(response)
    system.throughput_mode = response._get_param("ThroughputMode") or system.throughput_mode
    system.provisioned_throughput_in_mibps = response._get_param("ProvisionedThroughputInMibps")
    return json.dumps(system.info_json()), {**JSON, "status": 202}


def _system(response: EFSResponse) -> Any:
    identifier = response._get_param("FileSystemId")
    response.efs_backend.describe_file_systems(file_system_id=identifier)  # an unknown one is refused
    return response.efs_backend.file_systems_by_id[identifier]
