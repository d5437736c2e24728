# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run any task of the collection in this process, whether a module or an action plugin is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.action_in_process import run_action
from tests.fresh_listmonk import ROOT
from tests.module_in_process import Result, run_module

PROBES = {"listmonk_verify"}
"""What goes wrong is what these look for; tests/modules/test_listmonk_verify.py has it."""

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("listmonk_*.py") if path.stem not in PROBES)
"""The modules of listmonk's API."""

ON_THE_CONTROLLER = {path.stem for path in (ROOT / "plugins" / "action").glob("[!_]*.py")}


def run_task(module: str, options: Mapping[str, Any], folder: Path, *, check: bool = False) -> Result:
    """Relative paths among the options of an action plugin begin in ``folder``."""
    if module in ON_THE_CONTROLLER:
        return run_action(module, options, folder, check=check)
    return run_module(module, options, check=check)
