# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on stacks against the sandbox's AWS, which is emptied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fresh_aws import start_aws
from tests.stacks.stack_tasks import StackTasks


@pytest.fixture
def stacks(slot: str, tmp_path: Path) -> StackTasks:
    """An empty account, and tasks in it."""
    return StackTasks(start_aws(slot), tmp_path)
