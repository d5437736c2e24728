# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that several kinds of tests share."""

from __future__ import annotations

import os

import pytest

from tests.fresh_listmonk import FreshListmonk, start_fresh
from tests.module_in_process import Tasks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that keep a worker busy for minutes, so that none of them runs on alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def slot() -> str:
    """A name of its own for each process that runs tests side by side, on each interpreter."""
    return f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.environ.get('TEST_END', os.getpid())}"


@pytest.fixture(scope="module")
def listmonk(slot: str) -> FreshListmonk:
    """An empty server for the tests of one file."""
    return start_fresh(slot)


@pytest.fixture
def pristine_listmonk(slot: str) -> FreshListmonk:
    """An empty server for one test that needs it untouched or leaves it unusable."""
    return start_fresh(f"{slot}-pristine")


@pytest.fixture(scope="module")
def tasks(listmonk: FreshListmonk) -> Tasks:
    """Tasks against the server of the file."""
    return Tasks(listmonk)


@pytest.fixture
def pristine_tasks(pristine_listmonk: FreshListmonk) -> Tasks:
    """Tasks against a server of the test's own."""
    return Tasks(pristine_listmonk)
