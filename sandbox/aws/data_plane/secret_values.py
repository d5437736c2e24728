# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that a container's ``secrets`` name: in Secrets Manager, or in Systems Manager's Parameter Store."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import ServiceException
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from .cannot_start import CannotStart

PULL = "ResourceInitializationError: unable to pull secrets or registry auth: "
PARTS_OF_AN_ARN = 7  # arn:aws:secretsmanager:region:account:secret:name, then json-key:version-stage:version-id


def secret_value(value_from: str, account: str, region: str) -> str:
    """Raises CannotStart with the name of what is missing, never with a value."""
    if ":secretsmanager:" in value_from:
        return _from_secrets_manager(value_from, account)
    return _from_parameter_store(value_from, account, region)


def _from_secrets_manager(value_from: str, account: str) -> str:
    parts = value_from.split(":")
    arn, rest = ":".join(parts[:PARTS_OF_AN_ARN]), [*parts[PARTS_OF_AN_ARN:], "", "", ""]
    key, stage, version = rest[:3]
    backend = secretsmanager_backends[account][parts[3]]
    if arn not in backend.secrets:
        raise CannotStart(
            f"{PULL}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s):"
            f" failed to fetch secret {arn} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."
        )
    try:
        # moto takes None for what is not asked for; its annotations say str
        found: dict[str, Any] = backend.get_secret_value(arn, version or None, stage or None)  # type: ignore[arg-type]
    except ServiceException as error:
        raise CannotStart(f"{PULL}failed to fetch secret {arn} from secrets manager: {error.message}") from error
    text = str(found["SecretString"])
    if not key:
        return text
    try:
        value = json.loads(text)[key]
    except (ValueError, KeyError, TypeError):
        raise CannotStart(f"{PULL}retrieved secret from Secrets Manager did not contain json key {key}") from None
    return value if isinstance(value, str) else json.dumps(value)


def _from_parameter_store(value_from: str, account: str, region: str) -> str:
    parts = value_from.split(":")
    is_arn = len(parts) > 5
    name = parts[5].removeprefix("parameter") if is_arn else value_from
    backend = ssm_backends[account][parts[3] if is_arn else region]
    parameter = backend.get_parameter(name) or backend.get_parameter(name.removeprefix("/"))
    if parameter is None:
        raise CannotStart(f"{PULL}unable to retrieve secrets from ssm: Invalid ssm parameters: {name}")
    return str(parameter.decrypt(parameter.value))
