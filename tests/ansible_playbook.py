# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook as a person runs it: a process of its own, whose whole output is looked at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.fresh_listmonk import ROOT

AS_JSON = {"ANSIBLE_STDOUT_CALLBACK": "minimal", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
"""Environment of a run that prints nothing but the results of its tasks."""


@dataclass(frozen=True)
class Run:
    """A finished run. ``seen`` holds what other users of the machine could read in the process list meanwhile."""

    code: int
    stdout: str
    stderr: str
    seen: set[str] = field(default_factory=set)

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    def results(self) -> list[dict[str, Any]]:
        """The result of each task in order, of a run with ``AS_JSON`` in its environment."""
        decoder = json.JSONDecoder()
        heads = re.finditer(r"^\S+ \| (\w+)!? => ", self.stdout, re.MULTILINE)
        return [{**decoder.raw_decode(self.stdout, head.end())[0], "failed": head[1] == "FAILED"} for head in heads]


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a run that leaves its traces in ``folder`` and works on the live tree."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "LISTMONK_"))}
    bin_folder = str(Path(sys.executable).parent)
    return {
        **kept,
        "PATH": os.pathsep.join([bin_folder, kept.get("PATH", "")]),
        "ANSIBLE_HOME": str(ROOT / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible" / "collections"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local_tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote_tmp"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        **more,
    }


def run_playbook(
    play: Sequence[Mapping[str, Any]] | Path, folder: Path, *arguments: str, environment: Mapping[str, str], timeout: float = 300
) -> Run:
    """Run tasks on localhost, or a playbook file, with these arguments and variables of the environment."""
    if isinstance(play, Path):
        playbook = play
    else:
        playbook = folder / "playbook.yml"
        playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(play)}], allow_unicode=True))
    command = ["ansible-playbook", *arguments, str(playbook)]
    process = subprocess.Popen(
        command, cwd=folder, env=environment_of(folder, **environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    seen: set[str] = set()
    watcher = threading.Thread(target=_watch, args=(process, seen), daemon=True)
    watcher.start()
    stdout, stderr = process.communicate(timeout=timeout)
    watcher.join()
    return Run(process.returncode, stdout, stderr, seen)


def _watch(process: subprocess.Popen[str], seen: set[str]) -> None:
    """Note every command line on the machine until the process ends.

    Looking without a pause would take one of two cores away from what is looked at; a Python that starts lives longer than the pause.
    """
    while process.poll() is None:
        time.sleep(0.02)
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
