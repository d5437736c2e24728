# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What listmonk itself says: it is there, it answers as the probes say, and they left nothing behind."""

from __future__ import annotations

import os

import requests

url = os.environ["LISTMONK_URL"]
token = {"Authorization": f"token {os.environ['LISTMONK_USERNAME']}:{os.environ['LISTMONK_API_TOKEN']}"}

assert requests.get(f"{url}/health", timeout=10).json() == {"data": True}
assert requests.get(f"{url}/api/config", timeout=10).status_code == 403
for page in ("/", "/admin/login"):
    answer = requests.get(url + page, timeout=10)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"), page

users = requests.get(f"{url}/api/users", headers=token, timeout=10).json()["data"]
assert sorted(user["username"] for user in users) == ["admin", "api"]
lists = requests.get(f"{url}/api/lists", headers=token, timeout=10).json()["data"]
assert sorted(one["name"] for one in lists["results"]) == ["Default list", "Opt-in list"]
