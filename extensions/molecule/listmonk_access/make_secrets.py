# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two secrets as the role aws_secrets leaves them, made without it: the admin that this listmonk has, and a token that nobody has."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import boto3

prefix = os.environ["NAME_PREFIX"]
values = {
    "admin_secret_arn": (f"{prefix}-admin", {"username": "admin", "password": "adminpass1"}),
    "api_token_secret_arn": (f"{prefix}-api-token", {"username": "automation", "token": secrets.token_hex(16)}),
}
manager = boto3.client("secretsmanager")
arns = {key: manager.create_secret(Name=name, SecretString=json.dumps(value))["ARN"] for key, (name, value) in values.items()}
Path(sys.argv[1]).write_text(json.dumps(arns))
