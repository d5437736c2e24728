# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``{{resolve:secretsmanager:…}}`` and ``{{resolve:ssm:…}}``: resolved for the call only, a stack keeps the reference."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError

from ..cloud import Cloud
from .errors import NotInSandbox, Refusal

REFERENCE = re.compile(r"\{\{resolve:([a-z-]+):(.+?)\}\}")
# An ARN contains colons itself: arn:aws:secretsmanager:region:account:secret:name.
SECRET = re.compile(r"(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?")


def resolved(cloud: Cloud, value: Any) -> Any:
    """The value with every dynamic reference replaced.

    Raises:
        Refusal: what it names does not exist.
    """
    if isinstance(value, dict):
        return {name: resolved(cloud, part) for name, part in value.items()}
    if isinstance(value, list):
        return [resolved(cloud, part) for part in value]
    if isinstance(value, str):
        return REFERENCE.sub(lambda match: _look_up(cloud, match.group(1), match.group(2)), value)
    return value


def _look_up(cloud: Cloud, service: str, reference: str) -> str:
    if service == "secretsmanager":
        return _secret(cloud, reference)
    if service in ("ssm", "ssm-secure"):
        return read_parameter(cloud, reference, decrypt=service == "ssm-secure")
    raise NotInSandbox(f"dynamic references to {service}")


def read_parameter(cloud: Cloud, reference: str, *, decrypt: bool = False) -> str:
    """An SSM parameter's value, of a version if the reference names one."""
    try:
        answer = cloud.client("ssm").get_parameter(Name=reference, WithDecryption=decrypt)
    except ClientError:
        raise Refusal(f"Parameters: [{reference}] cannot be found.") from None
    return str(answer["Parameter"]["Value"])


def _secret(cloud: Cloud, reference: str) -> str:
    match = SECRET.fullmatch(reference)
    if match is None:
        raise Refusal(f"Incorrect format is used in the following SecretsManager dynamic reference: [{reference}]")
    name, kind, key, stage, version = match.groups()
    if kind not in (None, "", "SecretString"):
        raise Refusal(f"Could not parse SecretString JSON: {kind} is not SecretString")
    which = {"VersionStage": stage} if stage else {"VersionId": version} if version else {}
    try:
        text = cloud.client("secretsmanager").get_secret_value(SecretId=name, **which)["SecretString"]
    except ClientError as error:
        raise Refusal(f"Secrets Manager can't find the specified secret. ({error.response['Error']['Code']})") from None
    if not key:
        return str(text)
    try:
        return str(json.loads(text)[key])
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"Could not find a value associated with JSONKey in SecretString: {key}") from None
