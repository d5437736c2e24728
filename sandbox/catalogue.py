# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sandboxes there are in this clone, and of which kind each is."""

from __future__ import annotations

import os
import re

from .aws_instance import AwsSandbox
from .failure import SandboxFailed
from .home import Home
from .instance import Sandbox
from .processes import state_directory

AnySandbox = Sandbox | AwsSandbox
TAKEN = ("postgres", "fresh", "nursery")  # directories beside those of the sandboxes


def name() -> str:
    """SANDBOX_NAME, "default" without one."""
    given = os.environ.get("SANDBOX_NAME") or "default"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,30}", given) or given in TAKEN:
        raise SandboxFailed(f"SANDBOX_NAME is {given!r}; use up to 31 of a-z, 0-9 and _ (but not {', '.join(map(repr, TAKEN))})")
    return given


def named(given: str) -> AnySandbox:
    """The sandbox of that name as it was started; one without AWS when there is none."""
    return AwsSandbox(given) if Home(state_directory() / given).knows("aws") else Sandbox(given)


def all_there_are() -> list[AnySandbox]:
    return [named(file.parent.name) for file in sorted(state_directory().glob("*/processes.json"))]
