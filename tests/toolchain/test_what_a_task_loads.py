# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module compiles every file that it imports, on every run: the task that changes nothing must not pay for those that do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.toolchain.project import ROOT

PROGRAM = """
import sys
from ansible_collections.clarivum.mailing.plugins.modules import listmonk_list
ours = "ansible_collections.clarivum.mailing.plugins.module_utils."
sys.stdout.write(" ".join(name.removeprefix(ours) for name in sys.modules if name.startswith(ours)))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The files that the module of lists has loaded when it begins."""
    environment = {"PYTHONPATH": str(ROOT / ".ansible/collections")}
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, env=environment)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "idea",
    [
        "_core.planned_writes",
        "_core.refusals",
        "_core.diff",
        "_edge.listmonk_info",
        "_listmonk.address_reading",
        "_listmonk.causes",
        "_listmonk.download",
        "_listmonk.fulfilment",
        "_listmonk.preview",
        "_listmonk.redirects",
        "_listmonk.refusals",
        "_listmonk.rest_refusals",
        "_listmonk.rest_writes",
        "_listmonk.upload",
        "_listmonk.wanted_twice",
    ],
)
def test_a_task_begins_without_what_only_changes_refusals_and_failures_need(idea: str, loaded: set[str]) -> None:
    assert (ROOT / "plugins/module_utils" / idea.replace(".", "/")).with_suffix(".py").is_file()
    assert "_core.plan" in loaded
    assert idea not in loaded
