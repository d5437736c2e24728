# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's place in a database, and its tables there: made by one-off tasks, once for each database and each password.

The order keeps everybody out: roles and grants, a look at what the database holds, the installation with the first admin, and another
look, which proves that a person can sign in. Only then may a listmonk be started; one without a person who can sign in would let
whoever comes first become its admin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._core.errors import MailingError, Refusal
from .connection import Aws
from .database_script import EMPTY, HALF, INSTALLED, PREPARE_AND_SEE, SEE
from .one_off_task import Clock, Ended, OneOffTask, run_one_off_task
from .record import Record
from .secret import admin_credentials, login_credentials, read_secret

Progress = Callable[[str], None]
SHELL = ("sh", "-c")
INSTALL = ("./listmonk", "--config=", "--install", "--idempotent", "--yes")
"""Without --idempotent it would wipe what is there. It runs only on a database that holds nothing of listmonk all the same: where the
probe of --idempotent fails, listmonk falls through to the installation that wipes (6.2.0, cmd/install.go)."""


@dataclass(frozen=True)
class Schema:
    """Where and as whom listmonk's tables are to be. ``database`` is the identity of the database, ``record`` an SSM parameter."""

    cluster: str
    tools_task_definition: str
    schema_task_definition: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]
    assign_public_ip: bool
    database: str
    owner: str
    admin_secret: str
    login_secret: str
    record: str
    timeout: float

    def tools(self, script: str, *expected: int) -> OneOffTask:
        return replace(
            self._task(self.tools_task_definition, "tools"),
            command=(*SHELL, script),
            environment={"LISTMONK_OWNER": self.owner},
            expected_exit_codes=frozenset(expected),
        )

    def installation(self) -> OneOffTask:
        return replace(self._task(self.schema_task_definition, "listmonk"), command=INSTALL)

    def _task(self, definition: str, container: str) -> OneOffTask:
        return OneOffTask(
            cluster=self.cluster,
            task_definition=definition,
            container=container,
            subnets=self.subnets,
            security_groups=self.security_groups,
            assign_public_ip=self.assign_public_ip,
            timeout=self.timeout,
        )


@dataclass(frozen=True)
class Plan:
    """``value`` is what the record says once everything is done; nothing is to be done if it says so already."""

    value: Mapping[str, Any]
    recorded: Mapping[str, Any] | None

    @property
    def is_done(self) -> bool:
        return self.recorded == self.value

    @property
    def is_same_database(self) -> bool:
        """Whether listmonk has had its place in this very database before, so that one may run there."""
        return self.recorded is not None and self.recorded.get("database") == self.value["database"]

    @property
    def reasons(self) -> list[str]:
        """Why something is to be done, for people."""
        if self.recorded is None:
            return ["nothing is recorded about this environment's database"]
        return [_WHY[key] for key in _WHY if self.recorded.get(key) != self.value.get(key)]


_WHY = {
    "database": "it is another database",
    "login": "the secret of the login role has another version",
    "owner": "another role is to own the tables",
    "script": "what is granted has changed",
}


@dataclass(frozen=True)
class Done:
    """``installed`` is false if the database held a listmonk already."""

    installed: bool
    log: tuple[str, ...]


def plan(aws: Aws, wish: Schema) -> Plan:
    """Compare what is recorded with what is wanted, and see that the secrets will do. Reads only. Raises Refusal."""
    admin_credentials(read_secret(aws, wish.admin_secret))
    login = read_secret(aws, wish.login_secret)
    name, _password = login_credentials(login)
    if name == wish.owner:
        raise Refusal(
            f"owner is {wish.owner!r}, which is also the login role of the secret {login.name}. The owner cannot sign in; use another name."
        )
    script = hashlib.sha256(PREPARE_AND_SEE.encode()).hexdigest()[:16]
    stored = Record(aws, wish.record).read()
    value = {"database": wish.database, "owner": wish.owner, "login": login.version, "script": script}
    return Plan(value, stored.value if stored else None)


def carry_out(aws: Aws, wish: Schema, planned: Plan, progress: Progress, clock: Clock | None = None) -> Done:
    """Run the tasks and record it. Safe to run again wherever it broke off. Raises MailingError."""
    prepared = run_one_off_task(aws, wish.tools(PREPARE_AND_SEE, EMPTY, INSTALLED, HALF), progress, clock)
    if prepared.exit_code == HALF:
        raise _half_installed(prepared)
    log = prepared.log
    if prepared.exit_code == EMPTY:
        log += run_one_off_task(aws, wish.installation(), progress, clock).log
        seen = run_one_off_task(aws, wish.tools(SEE, EMPTY, INSTALLED, HALF), progress, clock)
        log += seen.log
        if seen.exit_code != INSTALLED:
            raise MailingError(
                "listmonk was installed, but nobody could sign in to it, so that the first visitor would become its admin. Do not start it. "
                f"The task definition {wish.schema_task_definition} must give its container LISTMONK_ADMIN_USER and LISTMONK_ADMIN_PASSWORD.",
                log=list(log),
            )
    Record(aws, wish.record).write(dict(planned.value))
    return Done(prepared.exit_code == EMPTY, log)


def _half_installed(seen: Ended) -> MailingError:
    return MailingError(
        "The database holds tables of listmonk, but not all of them, or nobody who could sign in as super admin: an installation broke off, "
        "or was made by hand. Nothing is installed over it, since that would wipe what is there. If nothing of it is wanted, drop these tables; "
        "if it is, sign in once from a place that only you can reach and create the admin.",
        log=list(seen.log),
    )
