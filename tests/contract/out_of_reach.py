# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""out_of_reach.yml: the recorded steps that the sandbox's listmonk does not answer as recorded, with the reasons."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).parent / "out_of_reach.yml"


def load() -> dict[str, dict[str, list[str]]]:
    """``{recording: {reason: [step, …]}}``"""
    return yaml.safe_load(FILE.read_text("utf-8")) or {}


def steps_of(recording: str) -> set[str]:
    return {step for steps in load().get(recording, {}).values() for step in steps}
