# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each scenario of molecule: check, converge, idempotence, check, verify, destroy, against an AWS or a listmonk of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fresh_listmonk import ROOT

SCENARIOS = sorted(path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml"))
LIMIT = 900.0
"""Seconds; a scenario takes half a minute on an idle machine."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_role_does_what_its_check_foretold_and_then_nothing_more(scenario: str, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "ANSIBLE_", "MOLECULE_"))}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_HOME": str(ROOT / ".ansible"),
        "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
    }
    # molecule's recap calls a scenario successful that was not idempotent; only its exit code can be trusted.
    ended = subprocess.run(
        [sys.executable, "-m", "molecule", "test", "-s", scenario],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout[-12000:]}\n{ended.stderr[-4000:]}"
    assert "idempotence" in ended.stdout + ended.stderr
