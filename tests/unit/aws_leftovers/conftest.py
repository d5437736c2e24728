# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.action_in_process import run_action

CREDENTIALS = {"region": "eu-central-1", "access_key": "testing", "secret_key": "testing"}


class Cloud:
    """Tasks of this collection, and a plain client to look with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def task(self, name: str, *, check: bool = False, **options: Any) -> Mapping[str, Any]:
        return run_action(name, {**CREDENTIALS, **options}, self.folder, check=check).values

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name="eu-central-1")  # type: ignore[call-overload]  # the name is any service


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud(tmp_path)
