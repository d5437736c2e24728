# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of what Git would commit, at a path that Ansible accepts as a collection.

ansible-test follows links to their target and then finds no collection; ansible-galaxy builds whatever lies in the folder, caches
included. Both work on this copy instead.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLLECTION = Path("ansible_collections/clarivum/mailing")


def project_files() -> list[Path]:
    """The files of the working tree that are tracked, or new and not ignored; relative to the root."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [Path(name) for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).exists()]


def stage(collections: Path, wanted: Callable[[Path], bool] = lambda name: True) -> Path:
    """Makes the copy under the folder `collections` anew, of the files that are wanted, and returns its root."""
    copy = collections / COLLECTION
    shutil.rmtree(copy, ignore_errors=True)
    for name in filter(wanted, project_files()):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    return copy
