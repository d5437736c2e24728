# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each scenario of molecule: check, converge, idempotence, check, verify, destroy, against an AWS or a listmonk of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.molecule.scenario import SCENARIOS, scenario

LIMIT_S = 900.0
"""A scenario takes at most a minute on an idle machine."""


def the_longest_first() -> list[str]:
    """Those with much to prepare take longest; whatever runs beside them then ends about when they do."""
    described = {path.parent.name: path.read_text() for path in sorted(SCENARIOS.glob("*/molecule.yml"))}
    return sorted(described, key=lambda name: -described[name].count("aws_"))


@pytest.mark.slow
@pytest.mark.parametrize("name", the_longest_first())
def test_a_role_does_what_its_check_foretold_and_then_nothing_more(name: str, tmp_path: Path) -> None:
    with scenario(name, tmp_path) as found:
        ended = found.molecule("test", LIMIT_S)
    # molecule's recap calls a scenario successful that was not idempotent; only its exit code can be trusted.
    assert ended.code == 0, ended.output[-16000:]
    assert "idempotence" in ended.output
