# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run an action plugin in this process, through its edge, as Ansible's task executor would."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, requests_noted

ACTIONS = "ansible_collections.clarivum.mailing.plugins.action"


@dataclass(frozen=True)
class Actions:
    """Tasks of one action plugin against one server; relative paths begin in ``folder``."""

    server: FreshListmonk
    name: str
    folder: Path

    def run(self, *, check: bool = False, task: Mapping[str, Any] | None = None, **options: Any) -> Result:
        return run_action(self.name, {**self.server.connection, **options}, self.folder, check=check, task=task)

    def fails(self, **options: Any) -> Result:
        """A task that must fail without writing anything, in check mode and for real."""
        for check in (True, False):
            result = self.run(check=check, **options)
            assert result.failed, f"expected a failure, got {result.values}"
            assert not result.writes, f"wrote {result.writes} before it failed: {result.msg}"
        return result


def run_action(
    name: str, options: Mapping[str, Any], folder: Path, *, check: bool = False, diff: bool = True, task: Mapping[str, Any] | None = None
) -> Result:
    """Run the action plugin ``name``; ``task`` holds keywords of the task such as environment, no_log or delegate_to."""
    loader = DataLoader()
    loader.set_basedir(str(folder))
    keywords = {"environment": None, "no_log": False, "async_val": 0, "delegate_to": None, "module_defaults": [], **(task or {})}
    description = SimpleNamespace(
        action=f"clarivum.mailing.{name}",
        args=dict(options),
        check_mode=check,
        diff=diff,
        get_search_path=lambda: [str(folder)],
        **keywords,
    )
    plugin = importlib.import_module(f"{ACTIONS}.{name}")
    action = plugin.ActionModule(
        task=description,
        connection=mock.MagicMock(),
        play_context=mock.MagicMock(),
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )
    with requests_noted() as sent:
        values = action.run(task_vars={})
    return Result(values, sent, str(values))
