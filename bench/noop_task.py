# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listmonk_list task costs that changes nothing, against ansible.builtin.ping in the same run; at most 1.5 times.

The two alternate, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.fresh_listmonk import ROOT, start_fresh

ROUNDS = 25
LIMIT = 1.5


def main() -> int:
    server = start_fresh("bench-noop")
    tasks = [
        {"name": "ping", "ansible.builtin.ping": {}},
        {"name": "list", "clarivum.mailing.listmonk_list": {"name": "Default list"}},
    ]
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks * ROUNDS}]
    with tempfile.TemporaryDirectory() as folder:
        playbook, seconds = Path(folder) / "play.yml", Path(folder) / "seconds.jsonl"
        playbook.write_text(yaml.safe_dump(play))
        environment = {
            **os.environ,
            **server.environment,
            "ANSIBLE_HOME": str(ROOT / ".ansible"),
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "bench" / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "task_seconds",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "TASK_SECONDS": str(seconds),
        }
        command = [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        rows = [json.loads(line) for line in seconds.read_text().splitlines()]
    if any(row["changed"] for row in rows):
        print("a task changed something: this is no measure of doing nothing")
        return 1
    took = {name: [row["seconds"] for row in rows if row["name"] == name] for name in ("ping", "list")}
    for name, values in took.items():
        print(f"{name:5} median {statistics.median(values):.3f} s, fastest {min(values):.3f} s, of {len(values)}")
    ratio = statistics.median(one / other for one, other in zip(took["list"], took["ping"], strict=True))
    print(f"a listmonk_list task that changes nothing costs {ratio:.2f} × ansible.builtin.ping (median of pairs; at most {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
