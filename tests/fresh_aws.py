# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty AWS account on this machine for tests: one server for each slot, emptied whenever somebody asks for it anew.

The server ends with the process that started it.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

from sandbox.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 90.0
_RUNNING: dict[tuple[str, bool], tuple[subprocess.Popen[bytes], FreshAws]] = {}


@dataclass(frozen=True)
class FreshAws:
    """The account, and plain boto3 to look at it with (not the client under test)."""

    endpoint_url: str
    region: str
    account: str
    pid: int
    home: Path
    https_port: int
    """Where the first HTTPS listener of a load balancer will be."""

    @property
    def connection(self) -> dict[str, Any]:
        """The options with which a module reaches it."""
        return {"endpoint_url": self.endpoint_url, "region": self.region, "access_key": "sandbox", "secret_key": "sandbox"}

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which a module, or any AWS tool, reaches it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        return _client(self.endpoint_url, self.region, service)

    def fail(self, *faults: dict[str, Any]) -> None:
        """Order failures of stack operations (sandbox/aws/cloudformation/faults.py)."""
        requests.post(f"{self.endpoint_url}/sandbox/faults", json=list(faults), timeout=10).raise_for_status()

    def reset(self) -> None:
        requests.post(f"{self.endpoint_url}/sandbox/reset", timeout=60).raise_for_status()


@functools.cache  # a client takes a quarter of a second to make
def _client(endpoint_url: str, region: str, service: str) -> Any:
    make: Any = boto3.client  # typed by overloads for each service's name
    return make(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def start_aws(slot: str, *, data_plane: bool = False) -> FreshAws:
    """An empty account; what the slot's account held before is gone."""
    key = (slot, data_plane)
    if key in _RUNNING:
        process, aws = _RUNNING[key]
        if process.poll() is None:
            aws.reset()
            return aws
    _RUNNING[key] = _start(data_plane=data_plane)
    return _RUNNING[key][1]


def _start(*, data_plane: bool) -> tuple[subprocess.Popen[bytes], FreshAws]:
    home = Path(tempfile.mkdtemp(prefix="aws-"))
    https_port = free_port()
    command = [sys.executable, "-m", "sandbox.aws", "--home", str(home), "--https-port", str(https_port), "--end-with-stdin"]
    log = (home / "server.log").open("ab")
    process = subprocess.Popen(
        [*command, *([] if data_plane else ["--no-data-plane"])],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
    )
    atexit.register(_stop, process, home)
    assert process.stdout is not None
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if select.select([process.stdout], [], [], 0.2)[0]:
            line = process.stdout.readline()
            if line:
                return process, FreshAws(**json.loads(line), home=home, https_port=https_port)
    process.kill()
    raise RuntimeError(f"the sandbox's AWS did not start:\n{(home / 'server.log').read_text()[-3000:]}")


def _stop(process: subprocess.Popen[bytes], home: Path) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
    shutil.rmtree(home, ignore_errors=True)
