# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image stands for on this machine: programs, found by the image's name.

There is no registry and no container runtime here. An image whose name contains ``listmonk`` is the program that SANDBOX_LISTMONK
names, else the sandbox's own listmonk; with SANDBOX_LISTMONK_CWD the files beside the real program (static, i18n …) are in its
directory. One whose name contains ``postgres`` or ``tools`` has PostgreSQL's client programs on its PATH. Any other cannot be pulled.
Whatever else an image would hold (another libc, a user, a read-only root) is this machine's.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ... import postgres_binaries
from ...processes import REPOSITORY
from .cannot_start import CannotStart

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Image:
    """``files`` are linked into the working directory, directories with all that is in them.

    ``workdir`` is the path that the working directory has inside the real image.
    """

    workdir: str
    command: tuple[str, ...]
    files: dict[str, Path] = field(default_factory=dict)
    path: tuple[Path, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def image_named(name: str) -> Image:
    """Raises CannotStart as ECS does for an image that is in no registry."""
    repository = name.partition("@")[0].lower()
    if "listmonk" in repository:
        return _listmonk()
    if "postgres" in repository or "tools" in repository:
        return Image(workdir="/", command=("psql",), path=(postgres_binaries.find().directory,))
    raise CannotStart(
        f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {name}: not found"
        " (the sandbox knows images with listmonk, postgres or tools in their names)"
    )


def _listmonk() -> Image:
    program = Path(os.environ.get("SANDBOX_LISTMONK") or REPOSITORY / "sandbox" / "bin" / "listmonk").absolute()
    beside = os.environ.get("SANDBOX_LISTMONK_CWD")
    files = {entry.name: entry.absolute() for entry in Path(beside).iterdir()} if beside else {}
    return Image(
        workdir="/listmonk",
        command=("./listmonk",),
        files={**files, "listmonk": program},
        environment={"PYTHON": sys.executable},  # for the sandbox's own; a real listmonk does not look at it
    )
