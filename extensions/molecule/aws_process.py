# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS of a scenario as a process in the background: ``python aws_process.py start|end FOLDER [option of sandbox.aws ...]``.

How it is reached is in ``aws.json`` in the folder. It ends by itself after two hours, should nobody be left to end it. Where SANDBOX_ENDS_WITH
names a pipe (mkfifo), it ends as soon as nobody holds that open for writing any more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from sandbox.processes import Process, end_of, start_time

LONGEST_LIFE_S = 7200
START_TIMEOUT_S = 300.0
END_TIMEOUT_S = 60.0


def start(folder: Path, options: list[str]) -> None:
    said, log = folder / "aws.out", folder / "aws.log"
    pipe = os.environ.get("SANDBOX_ENDS_WITH")
    command = [sys.executable, "-m", "sandbox.aws", "--home", str(folder / "aws"), *options, *(["--end-with-stdin"] if pipe else [])]
    # Without waiting for a writer: there is none any more if whoever wanted this has ended meanwhile.
    descriptor = os.open(pipe or os.devnull, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with open(descriptor, "rb") as stdin, said.open("wb") as stdout, log.open("wb") as stderr:
        process = subprocess.Popen(
            ["timeout", "--signal=TERM", str(LONGEST_LIFE_S), *command], stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while not said.read_text().endswith("\n"):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            sys.exit(f"the sandbox's AWS did not start: {end_of(log)}")
        time.sleep(0.05)
    facts = json.loads(said.read_text())
    (folder / "aws.json").write_text(json.dumps({**facts, "started": start_time(facts["pid"]) or 0}))


def end(folder: Path) -> None:
    """It, and with it all that runs for it. Nothing happens if it has ended already, or never began."""
    if (folder / "aws.json").exists():
        facts = json.loads((folder / "aws.json").read_text())
        Process(facts["pid"], facts["started"]).end(END_TIMEOUT_S)


if __name__ == "__main__":
    if sys.argv[1] == "start":
        start(Path(sys.argv[2]), sys.argv[3:])
    else:
        end(Path(sys.argv[2]))
