# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AssociateKmsKey and DisassociateKmsKey of log groups, which moto 5.2.5 has not."""

from __future__ import annotations

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse


def close() -> None:
    LogsResponse.associate_kms_key = _associate  # type: ignore[attr-defined]
    LogsResponse.disassociate_kms_key = _disassociate  # type: ignore[attr-defined]


def _associate(response: LogsResponse) -> str:
    _group(response).kms_key_id = response._get_param("kmsKeyId")
    return ""


def _disassociate(response: LogsResponse) -> str:
    _group(response).kms_key_id = None
    return ""


def _group(response: LogsResponse) -> Any:
    name = response._get_param("logGroupName") or str(response._get_param("resourceIdentifier")).partition(":log-group:")[2]
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException
    return response.logs_backend.groups[name]
