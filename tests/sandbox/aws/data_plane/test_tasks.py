# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One-off tasks: processes with secrets, logs, exit codes and reasons as ECS gives them."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.request
import uuid
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.data_plane.container import at_address, container
from sandbox.aws.data_plane.place import Place
from tests.sandbox.aws.data_plane.estate import CLUSTER, Estate, address_of, wait_for

pytestmark = pytest.mark.slow


def test_a_task_runs_its_command_and_tells_its_exit_code_and_what_it_said(estate: Estate) -> None:
    ended = estate.run_to_its_end(estate.definition(["sh", "-c", "echo out; echo err >&2; exit 7"]))
    assert (ended["containers"][0]["exitCode"], ended["stopCode"]) == (7, "EssentialContainerExited")
    assert ended["stoppedReason"] == "Essential container in task exited"
    assert sorted(estate.lines(ended)) == ["err", "out"]
    assert ended["createdAt"] <= ended["startedAt"] <= ended["stoppedAt"]


def test_the_tools_image_has_the_client_programs_of_postgresql(estate: Estate) -> None:
    ended = estate.run_to_its_end(
        estate.definition(["sh", "-c", "psql --version && pg_dump --version"], image="docker.io/postgres@sha256:0")
    )
    assert ended["containers"][0].get("exitCode") == 0, ended["stoppedReason"]
    assert [line.split()[0] for line in estate.lines(ended)] == ["psql", "pg_dump"]


def test_the_listmonk_image_is_a_listmonk_in_its_working_directory(estate: Estate) -> None:
    ended = estate.run_to_its_end(estate.definition(["./listmonk", "--version"], image="listmonk/listmonk@sha256:0"))
    assert ended["containers"][0].get("exitCode") == 0, ended["stoppedReason"]
    assert estate.lines(ended)[0].startswith("v6.2.0")


def test_overrides_change_command_and_environment_of_one_run(estate: Estate) -> None:
    definition = estate.definition(["sh", "-c", "exit 1"], environment=[{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])
    override = {"name": "main", "command": ["sh", "-c", "echo $A $B"], "environment": [{"name": "B", "value": "3"}]}
    ended = estate.run_to_its_end(definition, overrides={"containerOverrides": [override]})
    assert (ended["containers"][0]["exitCode"], estate.lines(ended)) == (0, ["1 3"])


def test_an_override_for_a_container_that_does_not_exist_is_refused(estate: Estate) -> None:
    with pytest.raises(ClientError, match="Override for container named other is not a container in the TaskDefinition"):
        estate.run(estate.definition(["true"]), overrides={"containerOverrides": [{"name": "other", "command": ["false"]}]})


def test_secrets_are_read_when_the_task_starts_whole_or_by_their_json_key_and_parameters_too(estate: Estate) -> None:
    name = f"test/{uuid.uuid4()}"
    arn = estate.aws.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"password": "pa55", "port": 5432}))["ARN"]
    estate.aws.client("ssm").put_parameter(Name=f"/{name}", Value="from ssm", Type="SecureString")
    secrets = {"PASSWORD": f"{arn}:password::", "PORT": f"{arn}:port::", "WHOLE": arn, "PARAMETER": f"/{name}"}
    definition = estate.definition(
        ["sh", "-c", 'echo "$PASSWORD|$PORT|$WHOLE|$PARAMETER"'],
        secrets=[{"name": key, "valueFrom": value} for key, value in secrets.items()],
    )
    ended = estate.run_to_its_end(definition)
    assert estate.lines(ended) == ['pa55|5432|{"password": "pa55", "port": 5432}|from ssm']


def test_a_secret_that_is_missing_or_lacks_the_key_stops_the_task_before_it_starts(estate: Estate) -> None:
    arn = estate.aws.client("secretsmanager").create_secret(Name=f"test/{uuid.uuid4()}", SecretString='{"password": "pa55"}')["ARN"]
    missing = arn.replace("test/", "other/")
    for value, reason in ((f"{missing}:password::", "can't find the specified secret"), (f"{arn}:user::", "did not contain json key user")):
        ended = estate.run_to_its_end(estate.definition(["true"], secrets=[{"name": "X", "valueFrom": value}]))
        assert ended["stopCode"] == "TaskFailedToStart" and "exitCode" not in ended["containers"][0]
        assert "ResourceInitializationError: unable to pull secrets" in ended["stoppedReason"] and reason in ended["stoppedReason"]
        assert "pa55" not in ended["stoppedReason"]


@pytest.mark.parametrize(
    ("image", "command", "reason"),
    [("nginx:1", "true", "CannotPullContainerError"), ("tools:1", "no-such-program", "CannotStartContainerError")],
)
def test_what_cannot_start_says_why(estate: Estate, image: str, command: str, reason: str) -> None:
    ended = estate.run_to_its_end(estate.definition([command], image=image))
    assert ended["stopCode"] == "TaskFailedToStart" and ended["stoppedReason"].startswith(reason)


def test_a_missing_log_group_stops_the_task_before_it_starts(estate: Estate) -> None:
    options = {"awslogs-group": "/not/there", "awslogs-region": estate.aws.region, "awslogs-stream-prefix": "x"}
    ended = estate.run_to_its_end(estate.definition(["true"], logConfiguration={"logDriver": "awslogs", "options": options}))
    assert ended["stopCode"] == "TaskFailedToStart" and "The specified log group does not exist" in ended["stoppedReason"]


def test_stopping_asks_first_and_the_exit_code_is_the_programs_own(estate: Estate) -> None:
    task = estate.run(estate.definition(["sh", "-c", "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.1; done"]))
    estate.until(task, "RUNNING")
    wait_for(lambda: estate.lines(task), lambda lines: "ready" in lines)
    estate.ecs.stop_task(cluster=CLUSTER, task=task["taskArn"], reason="enough")
    ended = estate.until(task, "STOPPED")
    assert (ended["containers"][0]["exitCode"], ended["stopCode"], ended["stoppedReason"]) == (5, "UserInitiated", "enough")
    assert estate.lines(task) == ["ready", "bye"]


def test_who_does_not_listen_is_killed_after_the_stop_timeout_with_all_its_children(estate: Estate) -> None:
    task = estate.run(estate.definition(["sh", "-c", "trap '' TERM; echo ready; sleep 300 & wait; sleep 300"], stopTimeout=1))
    wait_for(lambda: estate.task(task)["lastStatus"] == "RUNNING" and estate.lines(task), bool)
    started = time.monotonic()
    estate.ecs.stop_task(cluster=CLUSTER, task=task["taskArn"])
    ended = estate.until(task, "STOPPED")
    assert ended["containers"][0]["exitCode"] == 128 + signal.SIGKILL
    assert 0.9 < time.monotonic() - started < 20


def test_the_same_client_token_starts_no_second_task_even_when_the_first_has_ended(estate: Estate) -> None:
    definition, token = estate.definition(["true"]), str(uuid.uuid4())
    first = estate.run_to_its_end(definition, clientToken=token)
    assert estate.run(definition, clientToken=token)["taskArn"] == first["taskArn"]
    with pytest.raises(ClientError, match="ConflictException"):
        estate.run(estate.definition(["false"]), clientToken=token)


def test_stopped_tasks_are_listed_only_when_they_are_asked_for_and_unknown_ones_are_failures(estate: Estate) -> None:
    mark = f"test {uuid.uuid4()}"
    task = estate.run_to_its_end(estate.definition(["true"]), startedBy=mark)
    assert estate.ecs.list_tasks(cluster=CLUSTER, startedBy=mark)["taskArns"] == []
    assert estate.ecs.list_tasks(cluster=CLUSTER, startedBy=mark, desiredStatus="STOPPED")["taskArns"] == [task["taskArn"]]
    answer = estate.ecs.describe_tasks(cluster=CLUSTER, tasks=[task["taskArn"], "0" * 32])
    assert [len(answer["tasks"]), answer["failures"][0]["reason"]] == [1, "MISSING"]


def test_each_task_has_an_address_of_its_own_so_that_all_can_have_the_same_port(estate: Estate) -> None:
    tasks = [estate.run(estate.web(version)) for version in ("a", "b")]
    addresses = [address_of(estate.until(task, "RUNNING")) for task in tasks]
    assert len(set(addresses)) == 2
    for address, version in zip(addresses, ("a", "b")):
        answer = wait_for(lambda address=address: _get(f"http://{address}:9000/"), bool)
        assert answer.startswith(f"{version} GET /")
    for task in tasks:
        estate.ecs.stop_task(cluster=CLUSTER, task=task["taskArn"])
        estate.until(task, "STOPPED")


def test_the_network_interface_of_a_task_goes_with_it(estate: Estate) -> None:
    task = estate.run(estate.definition(["sleep", "300"]))
    details = {detail["name"]: detail["value"] for detail in task["attachments"][0]["details"]}
    ec2 = estate.aws.client("ec2")
    assert details["privateIPv4Address"] == address_of(estate.until(task, "RUNNING"))
    assert ec2.describe_network_interfaces(NetworkInterfaceIds=[details["networkInterfaceId"]])["NetworkInterfaces"]
    estate.ecs.stop_task(cluster=CLUSTER, task=task["taskArn"])
    estate.until(task, "STOPPED")
    with pytest.raises(ClientError, match="InvalidNetworkInterfaceID"):
        ec2.describe_network_interfaces(NetworkInterfaceIds=[details["networkInterfaceId"]])


def test_a_container_health_check_is_run_and_shown(estate: Estate) -> None:
    check = {"command": ["CMD-SHELL", "test -e well"], "retries": 2, "startPeriod": 0, "timeout": 5}
    script = "import time, pathlib; print('up', flush=True); time.sleep(3); pathlib.Path('well').touch(); time.sleep(300)"
    task = estate.run(estate.definition([sys.executable, "-c", script], healthCheck=check))
    seen: list[str] = []

    def status() -> str:
        now = str(estate.task(task)["healthStatus"])
        if now not in seen:
            seen.append(now)
        return now

    wait_for(status, lambda now: now == "HEALTHY")
    assert seen[-2:] == ["UNHEALTHY", "HEALTHY"]
    estate.ecs.stop_task(cluster=CLUSTER, task=task["taskArn"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.0.0.0:9000", "127.9.9.9:9000"),
        ("wget -qO- http://localhost:9000/health || exit 1", "wget -qO- http://127.9.9.9:9000/health || exit 1"),
        ("127.0.0.1:90001", "127.0.0.1:90001"),
        ("10.127.0.0.1:9000", "10.127.0.0.1:9000"),
        ("0.0.0.0:5432", "0.0.0.0:5432"),
    ],
)
def test_only_the_tasks_own_ports_on_its_own_addresses_are_renamed(text: str, meant: str) -> None:
    assert at_address(text, [9000], "127.9.9.9") == meant


def test_what_lies_beside_a_real_listmonk_is_beside_it_in_the_task_unless_a_mount_hides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("static/email/base.html", "queries/lists.sql", "uploads/old.png", "listmonk-6.2.0"):
        (tmp_path / "image" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "image" / file).write_text(file)
    monkeypatch.setenv("SANDBOX_LISTMONK", str(tmp_path / "image" / "listmonk-6.2.0"))
    monkeypatch.setenv("SANDBOX_LISTMONK_CWD", str(tmp_path / "image"))
    place = Place(tmp_path / "home", "http://127.0.0.1:1", "123456789012", "eu-central-1")
    volume = {"name": "uploads", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
    definition = {"name": "main", "image": "listmonk:6", "mountPoints": [{"sourceVolume": "uploads", "containerPath": "/listmonk/uploads"}]}
    task = {"id": "one", "volumes": [volume], "region": "eu-central-1"}
    directory = container(definition, task, {}, "127.0.0.2", place).directory
    assert (directory / "listmonk").read_text() == "listmonk-6.2.0"
    walked = {str(Path(folder, name).relative_to(directory)) for folder, _folders, names in os.walk(directory) for name in names}
    assert {"static/email/base.html", "queries/lists.sql"} <= walked, "found without following links to directories"
    assert not (directory / "uploads" / "old.png").exists()


def test_tasks_that_mount_a_file_system_share_what_they_write_there(estate: Estate) -> None:
    volumes = [{"name": "uploads", "efsVolumeConfiguration": {"fileSystemId": "fs-0123456789abcdef0", "rootDirectory": "/"}}]
    points = [{"sourceVolume": "uploads", "containerPath": "/listmonk/uploads"}]

    def run(command: str) -> list[str]:
        definition = estate.definition(["sh", "-c", command], image="listmonk:1", volumes=volumes, mountPoints=points)
        return estate.lines(estate.run_to_its_end(definition))

    run("echo a picture > uploads/logo.png")
    assert run("cat uploads/logo.png") == ["a picture"]


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""
