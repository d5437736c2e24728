# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an estate costs: its deployment from nothing on the sandbox, and its six stacks once more when nothing changes.

The latter is measured in turns: the six roles as a deploy runs them, a task of aws_stack for each stack, and a task of
amazon.aws.cloudformation with the same template, parameters and tags. What an empty play takes is subtracted from all three. amazon.aws
comes from the package that dev/bench-requirements.txt pins; nothing else needs it.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import yaml

ROOT = Path(__file__).resolve().parent.parent
INVENTORY = ROOT / "inventories" / "sandbox"
OTHER_COLLECTIONS = ROOT / ".cache" / "bench-collections"
NAME = "bench_estate"
STACKS = ("network", "storage", "secrets", "database", "ingress", "service")
ROUNDS = 3
ROLES, OURS, THEIRS = "roles", "aws_stack", "amazon.aws.cloudformation"
DEPLOY_LIMIT = 60.0
SECONDS_A_STACK = 0.8
TIMES_FASTER = 3


def main() -> int:
    install_amazon_aws()
    with sandbox() as aws:
        deployed = play_of("clarivum.mailing.deploy")
        print(f"deploy from nothing on the sandbox: {deployed:.1f} s (at most {DEPLOY_LIMIT:.0f})", flush=True)
        same = same_tasks(aws)
        contents = {ROLES: [role(stack) for stack in STACKS], OURS: [aws_stack(task) for task in same], THEIRS: same}
        took: dict[str, list[float]] = {name: [] for name in contents}
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder, "empty.yml")
            empty.write_text(yaml.safe_dump(play("empty", [])))
            for _round in range(ROUNDS):
                nothing = play_of(str(empty))
                for name, tasks in contents.items():
                    playbook = Path(folder, f"{name}.yml")
                    playbook.write_text(yaml.safe_dump(play(name, tasks)))
                    took[name].append(play_of(str(playbook), changes_nothing=True) - nothing)
    for name, seconds in took.items():
        print(f"{name:26} {', '.join(f'{one:.1f}' for one in seconds)} s for {len(STACKS)} stacks")
    a_stack = statistics.median(took[OURS]) / len(STACKS)
    print(f"the stacks of the estate when nothing changes: {a_stack:.2f} s each (at most {SECONDS_A_STACK})")
    faster = times(took[THEIRS], took[OURS])
    print(f"the same stacks through {THEIRS} take {faster:.1f} × as long (at least {TIMES_FASTER})")
    whole = statistics.median(took[ROLES]) / len(STACKS)
    print(
        f"with all that the roles do beside it (judge variables, hand on facts, look after what no template can do): {whole:.2f} s a stack"
    )
    return 0 if deployed <= DEPLOY_LIMIT and a_stack <= SECONDS_A_STACK and faster >= TIMES_FASTER else 1


def times(one: list[float], other: list[float]) -> float:
    """How many times as long as the other one takes; median of the rounds."""
    return statistics.median(here / there for here, there in zip(one, other, strict=True))


def install_amazon_aws() -> None:
    if (OTHER_COLLECTIONS / "ansible_collections" / "amazon" / "aws").is_dir():
        return
    command = ["uv", "pip", "install", "-q", "--no-deps", "--require-hashes", "--target", str(OTHER_COLLECTIONS)]
    subprocess.run([*command, "-r", str(ROOT / "dev" / "bench-requirements.txt")], check=True)


@contextlib.contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """An empty account in a sandbox of its own; what ``python -m sandbox`` wrote about it."""
    command = [sys.executable, "-m", "sandbox"]
    subprocess.run([*command, "down"], cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)
    try:
        subprocess.run([*command, "up", "--aws"], cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)
        aws: dict[str, Any] = json.loads((ROOT / ".cache" / "sandbox" / NAME / "aws.json").read_text())
        yield aws
    finally:
        subprocess.run([*command, "down"], cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "SANDBOX_NAME": NAME,
        "ANSIBLE_HOME": str(ROOT / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": f"{ROOT / '.ansible' / 'collections'}:{OTHER_COLLECTIONS}",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def play(name: str, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    defaults = {"group/clarivum.mailing.aws": "{{ aws_connection }}", "amazon.aws.cloudformation": "{{ aws_connection }}"}
    return [{"name": name, "hosts": "listmonk", "connection": "local", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}]


def role(stack: str) -> dict[str, Any]:
    return {"ansible.builtin.import_role": {"name": f"clarivum.mailing.aws_{stack}"}}


def aws_stack(task: dict[str, Any]) -> dict[str, Any]:
    """The task of amazon.aws.cloudformation as one of ours."""
    theirs = dict(task[THEIRS])
    renamed = {"name": theirs.pop("stack_name"), "parameters": theirs.pop("template_parameters")}
    return {"name": task["name"], "clarivum.mailing.aws_stack": {**renamed, **theirs}}


def same_tasks(aws: dict[str, Any]) -> list[dict[str, Any]]:
    """A task of amazon.aws.cloudformation for each stack, with the template and the parameters that the stack has."""
    client: Any = boto3.client(
        "cloudformation", endpoint_url=aws["endpoint_url"], region_name=aws["region"], aws_access_key_id="any", aws_secret_access_key="any"
    )
    tasks = []
    for stack in client.describe_stacks()["Stacks"]:
        kind = stack["StackName"].rpartition("-")[2]
        task = {
            "stack_name": stack["StackName"],
            "template_body": f"{{{{ lookup('ansible.builtin.file', '{ROOT}/roles/aws_{kind}/files/stack.template', rstrip=false) }}}}",
            "template_parameters": {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
            "tags": {one["Key"]: one["Value"] for one in stack.get("Tags", [])},
            "capabilities": stack.get("Capabilities", []),
            "termination_protection": stack["EnableTerminationProtection"],
        }
        tasks.append((STACKS.index(kind), {"name": stack["StackName"], THEIRS: task}))
    if len(tasks) != len(STACKS):
        raise SystemExit(f"the estate has {len(tasks)} stacks, not {len(STACKS)}")
    return [task for _order, task in sorted(tasks, key=lambda one: one[0])]


def play_of(playbook: str, *, changes_nothing: bool = False) -> float:
    """Run a playbook to its end; seconds."""
    began = time.monotonic()
    done = subprocess.run(
        ["ansible-playbook", playbook, "-i", str(INVENTORY)], env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode or (changes_nothing and "changed=0 " not in done.stdout):
        raise SystemExit(f"{playbook} {'failed' if done.returncode else 'changed something'}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
