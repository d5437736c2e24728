# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that is killed in the middle of a stack: the next one takes over, and no change set of the dead one stays."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ansible_playbook import environment_of, run_playbook
from tests.stacks.stack_tasks import StackTasks

TEMPLATE = "Resources:\n  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}\n"


def task(template: str, **more: Any) -> dict[str, Any]:
    return {"name": "The stack", "clarivum.mailing.aws_stack": {"name": "paperboat", "template_body": template, **more}}


def killed_while(stacks: StackTasks, folder: Path, template: str, moment: Callable[[], bool]) -> None:
    """Run the task as a playbook and kill all its processes once the moment has come."""
    playbook = folder / "killed.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task(template)]}]))
    process = subprocess.Popen(
        ["ansible-playbook", str(playbook)],
        cwd=folder,
        env=environment_of(folder, **stacks.aws.environment),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 80
    while not moment():
        assert time.monotonic() < deadline and process.poll() is None, "the moment never came"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def change_sets(stacks: StackTasks) -> list[str]:
    cloudformation = stacks.aws.client("cloudformation")
    if not cloudformation.describe_stacks()["Stacks"]:
        return []
    return [each["ChangeSetName"] for each in cloudformation.list_change_sets(StackName="paperboat")["Summaries"]]


def rerun(stacks: StackTasks, folder: Path, template: str) -> None:
    ended = run_playbook([task(template)], folder, environment=stacks.aws.environment)
    assert ended.code == 0, ended.output


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["first deploy", "update"])
def test_a_run_killed_while_its_change_set_is_made_leaves_an_orphan_that_the_next_run_removes(
    stacks: StackTasks, tmp_path: Path, first: bool
) -> None:
    if not first:
        stacks.run(name="paperboat", template_body=TEMPLATE)
    wanted = TEMPLATE if first else TEMPLATE.replace("7", "14")
    stacks.aws.fail({"logical_id": "Group", "action": "plan", "seconds": 3})
    killed_while(stacks, tmp_path, wanted, lambda: bool(change_sets(stacks)))
    rerun(stacks, tmp_path, wanted)
    status, left, _events = stacks.trace()["paperboat"]
    assert status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} and left == []


@pytest.mark.slow
def test_a_run_killed_while_aws_works_is_completed_by_the_next_one(stacks: StackTasks, tmp_path: Path) -> None:
    stacks.aws.fail({"logical_id": "Group", "action": "create", "seconds": 4})
    killed_while(stacks, tmp_path, TEMPLATE, lambda: stacks.trace().get("paperboat", ("",))[0] == "CREATE_IN_PROGRESS")
    rerun(stacks, tmp_path, TEMPLATE)
    assert stacks.trace()["paperboat"][:2] == ("CREATE_COMPLETE", [])


def test_a_killed_preview_is_cleared_away_by_the_next_check(stacks: StackTasks) -> None:
    stacks.run(name="paperboat", template_body=TEMPLATE)
    gone = subprocess.Popen(["true"])
    gone.wait()
    from ansible_collections.clarivum.mailing.plugins.module_utils._aws.change_set import new_name

    prefix, machine, _process, number = new_name().split("-")
    stacks.aws.client("cloudformation").create_change_set(
        StackName="paperboat",
        ChangeSetName=f"{prefix}-{machine}-{gone.pid}-{number}",
        TemplateBody=TEMPLATE.replace("7", "14"),
        ChangeSetType="UPDATE",
    )
    assert len(change_sets(stacks)) == 1
    assert not stacks.run(name="paperboat", template_body=TEMPLATE, check=True).changed
    assert change_sets(stacks) == []
