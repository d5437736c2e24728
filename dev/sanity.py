# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `ansible-test sanity` on a staged copy, with everything it keeps under .cache.

Its own virtual environments take about a minute the first time and are kept in .cache/home.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dev.stage import ROOT, stage

HOME = ROOT / ".cache/home"
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


def main() -> int:
    place_pip_bootstrap()
    collection = stage(ROOT / ".cache/stage")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    environment |= {"HOME": str(HOME), "PATH": search_path(), "ANSIBLE_TEST_CONTENT_ROOT": str(collection), "LC_ALL": "C.UTF-8"}
    command = ["ansible-test", "sanity", "--local", "--color", "no", *sys.argv[1:]]
    return subprocess.run(command, cwd=collection, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
