# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty listmonk for tests: the sandbox's, or whatever the command in SANDBOX_FRESH starts."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
FRESH = os.environ.get("SANDBOX_FRESH") or str(ROOT / "sandbox" / "bin" / "fresh-listmonk")


@dataclass(frozen=True)
class FreshListmonk:
    """A server that was just installed, and a plain client to look at it with (not the client under test)."""

    base_url: str
    api_user: str
    api_token: str = field(repr=False)
    database_url: str | None = None
    pid: int | None = None

    @property
    def connection(self) -> dict[str, Any]:
        """The options with which a module reaches it."""
        return {"url": self.base_url, "username": self.api_user, "api_token": self.api_token}

    @property
    def version(self) -> tuple[int, ...]:
        """Tests run against older servers, too, and ask before they use what those lack."""
        return tuple(int(part) for part in re.findall(r"\d+", self.api("GET", "/api/config")["version"])[:3])

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which a module reaches it."""
        return {"LISTMONK_URL": self.base_url, "LISTMONK_USERNAME": self.api_user, "LISTMONK_API_TOKEN": self.api_token}

    def api(self, method: str, path: str, **how: Any) -> Any:
        """One request with the token; the ``data`` of the answer, or an error of requests."""
        headers = {"Authorization": f"token {self.api_user}:{self.api_token}"}
        response = requests.request(method, self.base_url + path, headers=headers, timeout=30, **how)
        response.raise_for_status()
        return response.json()["data"]


def start_fresh(slot: str, start: str = "fresh") -> FreshListmonk:
    """Start a server; the one that was started before in the same slot ends."""
    environment = {**os.environ, "FRESH_SLOT": slot, "REAL_SLOT": slot}
    ended = subprocess.run([*shlex.split(FRESH), start], env=environment, capture_output=True, text=True, timeout=120, check=False)
    if ended.returncode:
        raise RuntimeError(f"{FRESH} {start} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}")
    said = json.loads(ended.stdout.strip().splitlines()[-1])
    return FreshListmonk(**{key: said.get(key) for key in ("base_url", "api_user", "api_token", "database_url", "pid")})
