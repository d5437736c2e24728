# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each scenario of molecule: check, converge, idempotence, check, verify, destroy, against an AWS or a listmonk of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fresh_listmonk import ROOT
from tests.molecule.scenario import scenario

SCENARIOS = sorted(path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml"))
LIMIT_S = 540.0
"""A scenario takes at most a minute on an idle machine. Shorter than faulthandler_timeout, so that what it said so far is shown."""

pytestmark = pytest.mark.long


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_role_does_what_its_check_foretold_and_then_nothing_more(name: str, tmp_path: Path) -> None:
    with scenario(name, tmp_path) as found:
        ended = found.molecule("test", LIMIT_S)
    # molecule's recap calls a scenario successful that was not idempotent; only its exit code can be trusted.
    assert ended.code == 0, ended.output[-16000:]
    assert "idempotence" in ended.output
