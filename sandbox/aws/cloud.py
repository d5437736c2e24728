# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's own API as the engine's resource providers call it: boto3, with arguments fitted to botocore's shapes."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config


class Unplaced(Exception):
    """An argument that the operation does not take: a property would be lost."""


class Cloud:
    """Clients of one region of the account on this machine; any credentials do."""

    def __init__(self, endpoint_url: str, region: str, account: str, *, runs: bool) -> None:
        """``runs``: whether something runs behind the API, so that it makes sense to wait for it."""
        self.endpoint_url, self.region, self.account, self.runs = endpoint_url, region, account, runs
        self._session: Any = boto3.session.Session(aws_access_key_id=account, aws_secret_access_key="sandbox", region_name=region)
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        with self._lock:  # making a client is not thread-safe, using one is
            if service not in self._clients:
                config = Config(
                    retries={"total_max_attempts": 1},
                    read_timeout=60,
                    max_pool_connections=20,
                    proxies={},  # whatever the environment says: it is this machine
                    s3={"addressing_style": "path"},
                )
                self._clients[service] = self._session.client(service, endpoint_url=self.endpoint_url, config=config)
            return self._clients[service]

    def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Call ``service.operation`` with the arguments in the shape that it wants.

        Raises:
            Unplaced: a member has no place in the operation.
            botocore.exceptions.ClientError, BotoCoreError: as boto3 does.
        """
        service, _dot, method = operation.partition(".")
        client = self.client(service)
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
        given = fitted(arguments, model.input_shape, operation) if model.input_shape else {}
        return getattr(client, method)(**given)


def fitted(value: Any, shape: Any, where: str) -> Any:
    """A template's value as an API takes it: member names without regard to case, documents as JSON, numbers and booleans from text."""
    kind = shape.type_name
    if kind == "structure":
        members = {name.lower(): name for name in shape.members}
        structure = {}
        for name, part in value.items():
            if name.lower() not in members:
                raise Unplaced(f"{where} takes no {name}")
            member = members[name.lower()]
            structure[member] = fitted(part, shape.members[member], f"{where}.{member}")
        return structure
    if kind == "list":
        return [fitted(part, shape.member, where) for part in (value if isinstance(value, list) else [value])]
    if kind == "map":
        return {name: fitted(part, shape.value, f"{where}.{name}") for name, part in value.items()}
    if kind == "string":
        if isinstance(value, dict | list):
            return json.dumps(value)
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "blob":
        return value.encode() if isinstance(value, str) else value
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    return value
