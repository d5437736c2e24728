# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What some of the modules' tests need of a server, for runs against older ones."""

from __future__ import annotations

import pytest

from tests.fresh_listmonk import FreshListmonk


@pytest.fixture
def split_overwrite(listmonk: FreshListmonk) -> None:
    """The import changes people who are there already, which it refuses before listmonk 6.0: test_import_faults.py pins how."""
    if listmonk.version < (6, 0):
        pytest.skip("this listmonk has one flag that overwrites everything, so that the import refuses to change people; 6.0 has two")
