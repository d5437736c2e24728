# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the server started ends with it, however it ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.fresh_aws import FreshAws, start_aws
from tests.sandbox.aws.data_plane.estate import Estate, address_of, wait_for

pytestmark = pytest.mark.slow


def processes_of(aws: FreshAws) -> list[str]:
    """Command lines of tasks, databases and whatever else names the sandbox's folder or carries it in its environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in (os.getpid(), aws.pid):
            continue
        try:
            command, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:
            continue
        if command and (str(aws.home).encode() in command or str(aws.home).encode() in environment):
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_tasks_their_children_and_databases_end_with_the_server(slot: str, number: signal.Signals) -> None:
    aws = start_aws(f"{slot}-dies-{number}", data_plane=True)
    estate = Estate.made_in(aws)
    task = estate.run(estate.definition(["sh", "-c", "setsid sleep 300 & sleep 300"]))
    estate.until(task, "RUNNING")
    assert address_of(task).startswith("127.")
    rds = aws.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="d",
        Engine="postgres",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        MasterUsername="m",
        MasterUserPassword="password",
    )
    wait_for(lambda: rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"], lambda status: status == "available")
    assert sum("sleep 300" in command for command in processes_of(aws)) >= 2
    assert any("postgres" in command for command in processes_of(aws))
    os.kill(aws.pid, number)
    wait_for(lambda: processes_of(aws), lambda left: not left)


def test_an_emptied_account_runs_nothing(slot: str) -> None:
    aws = start_aws(f"{slot}-emptied", data_plane=True)
    estate = Estate.made_in(aws)
    estate.create_service("web", estate.web("1"), count=2)
    estate.settled("web")
    aws.reset()
    wait_for(lambda: processes_of(aws), lambda left: all("watchdog" in command for command in left))
    assert aws.client("ecs").list_clusters()["clusterArns"] == []
