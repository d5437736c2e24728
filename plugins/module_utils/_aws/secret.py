# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in Secrets Manager that hold a JSON object: read where they are used, judged without being shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.errors import Refusal
from .connection import Aws
from .errors import AwsError


@dataclass(frozen=True)
class Secret:
    """The texts of a secret and the version that they are from."""

    name: str
    values: Mapping[str, str] = field(repr=False)
    version: str

    def text(self, key: str) -> str:
        if not self.values.get(key):
            known = ", ".join(sorted(self.values)) or "nothing"
            raise Refusal(f"The secret {self.name} must hold a text under {key!r}; it holds {known}.")
        return self.values[key]


def read_secret(aws: Aws, name: str) -> Secret:
    """The current version of a secret. Raises Refusal if it does not hold a JSON object of texts."""
    answer = aws.call("secretsmanager", "get_secret_value", SecretId=name)
    try:
        values = json.loads(answer.get("SecretString") or "")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise Refusal(f'The secret {name} must hold a JSON object, such as {{"username": …, "password": …}}; it holds something else.')
    return Secret(name, {str(key): str(value) for key, value in values.items() if value is not None}, str(answer.get("VersionId", "")))


def find_secret(aws: Aws, name: str) -> Secret | None:
    """As read_secret; None if there is no such secret, or no value in it yet."""
    try:
        return read_secret(aws, name)
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return None
        raise


def is_as_created(aws: Aws, name: str) -> bool:
    """Whether the secret still has the value that it was made with: Secrets Manager keeps the version before the current one."""
    stages = aws.call("secretsmanager", "describe_secret", SecretId=name).get("VersionIdsToStages") or {}
    return not any("AWSPREVIOUS" in each for each in stages.values())


def write_secret(aws: Aws, name: str, values: Mapping[str, str], token: str) -> None:
    """Make these texts the current version. ``token`` makes a request that is sent twice one version."""
    aws.call("secretsmanager", "put_secret_value", SecretId=name, SecretString=json.dumps(dict(values)), ClientRequestToken=token)


def admin_credentials(secret: Secret) -> tuple[str, str]:
    """User name and password of the first admin, such as listmonk takes them.

    An installation with others would wipe the tables first and refuse them afterwards (6.2.0, measured). Raises Refusal.
    """
    username, password = secret.text("username"), secret.text("password")
    if not re.fullmatch(r"[a-zA-Z0-9_\-.@]{3,200}", username):
        raise Refusal(
            f"The username in the secret {secret.name} must have 3 to 200 of a-z, A-Z, 0-9, and _ - . @; listmonk takes no other."
        )
    if not 8 <= len(password.encode()) <= 72:
        raise Refusal(f"The password in the secret {secret.name} must have 8 to 72 bytes; listmonk takes no other.")
    return username, password


def login_credentials(secret: Secret) -> tuple[str, str]:
    """Name and password of the role with which listmonk signs in to its database.

    listmonk puts the password into its connection string as it stands, so blanks, quotes and backslashes would break it. Raises Refusal.
    """
    name, password = secret.text("username"), secret.text("password")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name) or name.startswith(("pg_", "rds")):
        raise Refusal(
            f"The username in the secret {secret.name} must be a plain role name of PostgreSQL: up to 63 of a-z, 0-9 and _, not beginning with "
            "a digit, pg_ or rds."
        )
    if len(password) < 12 or not re.fullmatch(r"[!-~]+", password) or re.search(r"[\"'\\]", password):
        raise Refusal(
            f"The password in the secret {secret.name} must have at least 12 printable ASCII characters without blanks, quotes and backslashes: "
            "listmonk puts it into its connection string as it stands."
        )
    return name, password
