# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database instance that the API shows: moto's, with what moto leaves out or makes up."""

from __future__ import annotations

import json
import secrets
import string
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.rds.models import DBInstance, MasterUserSecret

from .database import new_password

NEWEST_MINOR = {"17": "17.9", "16": "16.13", "15": "15.17", "14": "14.22"}  # what RDS makes of a major version alone: its default minor
ALPHABET = string.ascii_uppercase + string.digits


class ShownInstance(DBInstance):
    def __init__(self, backend: Any, **given: Any) -> None:
        version = str(given.get("engine_version") or ("17" if given.get("engine") == "postgres" else ""))
        given["engine_version"] = NEWEST_MINOR.get(version, version) or None
        super().__init__(backend, **given)
        self.dbi_resource_id = "db-" + "".join(secrets.choice(ALPHABET) for _ in range(26))  # moto gives all the same
        self.loopback_address: str | None = None
        self.available_since: datetime | None = None  # the earliest moment that can be restored
        if self.storage_type == "gp3":
            self.iops = self.iops or "3000"
            self.storage_throughput = self.storage_throughput or 125

    @property
    def real(self) -> bool:
        """Is it one that the sandbox runs? moto's other engines stay records."""
        return self.engine == "postgres"

    @property
    def address(self) -> str:
        return self.loopback_address or super().address

    @property
    def endpoint(self) -> dict[str, Any] | None:  # type: ignore[override]  # RDS shows none before the instance is available
        if self.real and self.loopback_address is None:
            return None
        return {"Address": self.address, "Port": self.port}

    @property
    def latest_restorable_time(self) -> datetime | None:  # type: ignore[override]  # none before the first backup, as on RDS
        return None if self.real and self.available_since is None else utcnow()

    @property
    def given_password(self) -> str | None:
        """Of the master: managed by Secrets Manager, or given by the caller, or none, when what is restored has one."""
        if self.manage_master_user_password:
            return str(json.loads(current_value(self.master_user_secret))["password"])
        return getattr(self, "_master_user_password", None)


def current_value(managed: MasterUserSecret) -> str:
    found = managed.secretsmanager.get_secret_value(managed.secret_arn, "", "AWSCURRENT")
    return str(found["SecretString"])


def secret_string(managed: MasterUserSecret) -> str:
    """In the place of moto's, which has the user name ``admin`` and one password for all."""
    return json.dumps({"username": managed.resource.master_username, "password": new_password()})


def rotate(managed: MasterUserSecret) -> None:
    """A new current version at once, the former one as AWSPREVIOUS."""
    managed.secretsmanager.put_secret_value(
        managed.secret_arn,
        secret_string(managed),
        None,  # type: ignore[arg-type]  # neither a binary nor a token: moto's annotations do not know it
        None,  # type: ignore[arg-type]
        ["AWSCURRENT"],
    )
