# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stored token opens in listmonk, and what it does not."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3
import requests

url = os.environ["LISTMONK_URL"]
manager = boto3.client("secretsmanager")


def get(path: str, username: str, token: str) -> requests.Response:
    return requests.get(url + path, headers={"Authorization": f"token {username}:{token}"}, timeout=10)


stored = json.loads(manager.get_secret_value(SecretId=f"{os.environ['NAME_PREFIX']}-api-token")["SecretString"])
assert sorted(stored) == ["token", "username"] and stored["username"] == "automation"
for path, status in (("/api/lists", 200), ("/api/settings", 200), ("/api/users", 403), ("/api/subscribers", 403)):
    assert get(path, **stored).status_code == status, path

listmonk = (os.environ["LISTMONK_USERNAME"], os.environ["LISTMONK_API_TOKEN"])
users: list[dict[str, Any]] = get("/api/users", *listmonk).json()["data"]
(automation,) = [user for user in users if user["username"] == "automation"]
assert (automation["type"], automation["status"]) == ("api", "enabled")
assert automation["user_role"]["name"] == "Automation"
assert sorted(user["username"] for user in users) == ["admin", "api", "automation"], "nobody else"
(role,) = [role for role in get("/api/roles/users", *listmonk).json()["data"] if role["name"] == "Automation"]
assert sorted(role["permissions"]) == ["lists:get_all", "settings:get"]

admin = manager.describe_secret(SecretId=f"{os.environ['NAME_PREFIX']}-admin")
assert len(admin["VersionIdsToStages"]) == 1, "the admin's secret is only read"
