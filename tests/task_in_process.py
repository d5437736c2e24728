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

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
ON_THE_CONTROLLER = {path.stem for path in (ROOT / "plugins" / "action").glob("[!_]*.py")}


def run_task(module: str, options: Mapping[str, Any], folder: Path, *, check: bool = False) -> Result:
    """Relative paths among the options of an action plugin begin in ``folder``."""
    if module in ON_THE_CONTROLLER:
        return run_action(module, options, folder, check=check)
    return run_module(module, options, check=check)
