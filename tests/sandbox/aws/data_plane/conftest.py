# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on this machine whose tasks, databases and load balancers are real."""

from __future__ import annotations

import pytest

from tests.fresh_aws import start_aws
from tests.sandbox.aws.data_plane.estate import Estate


@pytest.fixture(scope="module")
def estate(slot: str) -> Estate:
    """An account with a network, a cluster and a log group, for the tests of one file."""
    return Estate.made_in(start_aws(f"{slot}-data-plane", data_plane=True))
