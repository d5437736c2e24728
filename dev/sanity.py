# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `ansible-test sanity` on a copy of what users get, with everything it keeps under .cache.

Its rules are made for plugins, which run on other people's machines. The sandbox, the tests and these tools stay at home and are judged
by ruff and mypy alone. ansible-test's own virtual environments take about a minute the first time and are kept in .cache/home.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.stage import ROOT, stage

CACHE = ROOT / ".cache"
HOME = CACHE / "home"
FOR_USERS = ("changelogs", "docs", "meta", "playbooks", "plugins", "roles")
CONFIGURATION = ("tests/config.yml", "tests/sanity/")
# ansible-test fetches pip's bootstrap script from a site of its own, unless the script lies in its cache (names as in ansible-core
# 2.19 and 2.21). The one that comes with Python serves as well and needs no site.
BOOTSTRAP_NAMES = ("get_pip_24_2.py", "get_pip_25_2.py")
BOOTSTRAP = "import ensurepip\nensurepip.bootstrap(upgrade=True)\n"


def place_pip_bootstrap() -> None:
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in BOOTSTRAP_NAMES:
        (cache / name).write_text(BOOTSTRAP)


def interpreter_folders() -> list[str]:
    """Where the Pythons behind our environments really are: `home` in pyvenv.cfg."""
    folders = []
    for environment in (".venv", ".venv-oldest"):
        configuration = ROOT / environment / "pyvenv.cfg"
        if configuration.exists():
            settings = dict(line.split(" = ", 1) for line in configuration.read_text().splitlines() if " = " in line)
            folders.append(settings["home"])
    return folders


def search_path() -> str:
    # pyenv's shims exist for versions that are not selected, too, and then fail; ansible-test would take them for Pythons.
    inherited = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if not folder.endswith("/shims")]
    return os.pathsep.join([str(Path(sys.executable).parent), *interpreter_folders(), *inherited])


def is_for_users(name: Path) -> bool:
    return name.parts[0] in FOR_USERS or len(name.parts) == 1 or name.as_posix().startswith(CONFIGURATION)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two runs would take the copy away from each other."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "sanity.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    with alone():
        return run()


def run() -> int:
    place_pip_bootstrap()
    collection = stage(CACHE / "stage", is_for_users)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    environment |= {"HOME": str(HOME), "PATH": search_path(), "ANSIBLE_TEST_CONTENT_ROOT": str(collection), "LC_ALL": "C.UTF-8"}
    command = ["ansible-test", "sanity", "--local", "--color", "no", *sys.argv[1:]]
    return subprocess.run(command, cwd=collection, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
