# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing a million people costs over letting curl upload the same file and waiting; and importing them again.

The module's own time is what it spends beside the upload and the server's work: reading, judging, comparing, deciding, reading
back. SANDBOX_FRESH names another listmonk than the sandbox's, BENCH_ROWS another number of rows.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from tests.fresh_listmonk import ROOT, FreshListmonk, start_fresh

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
CHANGED = max(1, ROWS // 100)
OVERHEAD_LIMIT = 20.0
"""Seconds for a million rows."""

MEMORY_LIMIT = 150
"""Megabytes."""

TIMES_FASTER = 6
"""How much faster the second import must be than sending everybody again; only on a real listmonk."""

STATE = "/api/import/subscribers"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        original, changed = Path(folder) / "people.csv", Path(folder) / "again.csv"
        write_people(original, renamed=0)
        write_people(changed, renamed=CHANGED)
        print(f"{ROWS:,} rows, {original.stat().st_size / 1e6:.0f} MB", flush=True)

        server = start_fresh("bench-import")
        by_curl = curl_and_wait(server, original, overwrite_userinfo=False)
        report("curl, everybody new", by_curl)

        server = start_fresh("bench-import")
        first = module(server, original, Path(folder))
        report("module, everybody new", first["wall"], first)
        again = module(server, changed, Path(folder), overwrite_userinfo=True)
        report(f"module, {CHANGED:,} changed", again["wall"], again)
        all_by_curl = curl_and_wait(server, changed, overwrite_userinfo=True)
        report("curl, everybody again", all_by_curl)

    own = first["seconds"] - first["uploads"][0]["seconds"]
    memory = max(first["memory"], again["memory"])
    faster = all_by_curl / again["wall"]
    limit = OVERHEAD_LIMIT * max(1.0, ROWS / 1_000_000)
    print(f"over curl: {first['wall'] - by_curl:+.1f} s; the module's own work: {own:.1f} s (at most {limit:.0f})")
    print(f"peak memory: {memory:.0f} MB (at most {MEMORY_LIMIT})")
    print(f"{CHANGED:,} changed rows: {faster:.1f} × faster than sending everybody (at least {TIMES_FASTER} on a real listmonk)")
    if (first["created"], again["updated"], again["sent"]) != (ROWS, CHANGED, CHANGED):
        print("the numbers of people are wrong")
        return 1
    real = "SANDBOX_FRESH" in os.environ
    return 0 if own <= limit and memory <= MEMORY_LIMIT and (faster >= TIMES_FASTER or not real) else 1


def write_people(path: Path, *, renamed: int) -> None:
    """People in no particular order, each with attributes of their own; the first ``renamed`` have another name."""
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,attributes\n")
        for number in range(ROWS):
            person = number * 7919 % ROWS
            name = f"{'Renamed' if number < renamed else 'Person'} Number {person}"
            attributes = f'{{""customer"": ""C-{person:07d}"", ""town"": ""Graz"", ""rating"": {person % 5}}}'
            file.write(f'person{person:07d}@example{person % 97}.com,{name},"{attributes}"\n')


def curl_and_wait(server: FreshListmonk, path: Path, *, overwrite_userinfo: bool) -> float:
    parameters = {
        "mode": "subscribe",
        "subscription_status": "confirmed",
        "delim": ",",
        "lists": [1],
        "overwrite_userinfo": overwrite_userinfo,
    }
    began = time.monotonic()
    with tempfile.NamedTemporaryFile("w", suffix=".curl") as options:  # the token is nobody's business in the process list
        options.write(f'header = "Authorization: token {server.api_user}:{server.api_token}"\n')
        options.flush()
        form = ["-F", f"params={json.dumps(parameters)}", "-F", f"file=@{path}"]
        subprocess.run(["curl", "-sSf", "-K", options.name, "-o", os.devnull, *form, server.base_url + STATE], check=True)
    while (state := server.api("GET", STATE))["status"] == "importing":
        time.sleep(0.5)
    if (state["status"], state["imported"]) != ("finished", ROWS):
        raise SystemExit(f"the import by curl ended as {state}")
    return time.monotonic() - began


def module(server: FreshListmonk, path: Path, folder: Path, **options: Any) -> dict[str, Any]:
    """Run the task in an ansible-playbook of its own; its result, with the time from start to end and the largest process's memory."""
    task = {"src": str(path), "lists": ["Default list"], "subscription_status": "confirmed", **options}
    playbook = folder / "playbook.yml"
    playbook.write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [{"clarivum.mailing.listmonk_subscriber_import": task}]}])
    )
    environment = {
        **os.environ,
        **server.environment,
        "ANSIBLE_HOME": str(ROOT / ".ansible"),
        "ANSIBLE_STDOUT_CALLBACK": "minimal",
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)]
    child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = child.communicate()[0]
    wall = time.monotonic() - began
    if child.returncode:
        raise SystemExit(output[-3000:])
    result: dict[str, Any] = json.loads(output[output.index("=> {") + 3 :])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**result, "wall": wall, "cpu": cpu, "memory": after.ru_maxrss / 1024}


def report(what: str, seconds: float, result: dict[str, Any] | None = None) -> None:
    phases = " ".join(f"{name} {value:.1f}" for name, value in result["phases"].items()) + f" cpu {result['cpu']:.1f}" if result else ""
    print(f"{what:28} {seconds:7.1f} s  {phases}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
