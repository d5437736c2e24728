# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account for the tests of a process, emptied before each."""

from __future__ import annotations

import pytest

from tests.fresh_aws import FreshAws, start_aws
from tests.sandbox.aws.engine.stacks import Stacks


@pytest.fixture
def aws(slot: str) -> FreshAws:
    return start_aws(slot)


@pytest.fixture
def stacks(aws: FreshAws) -> Stacks:
    return Stacks(aws)
