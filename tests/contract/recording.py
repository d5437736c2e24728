# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations that were recorded from real listmonk servers: what was asked, what was answered, what of it is comparable.

A recording is a JSON file; its fields are those of the dataclasses here. Requests may hold ``${name}``: variables that are known
from the start (conversation.py) or captured from earlier answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parent / "recordings" / "listmonk-6.2.0"


@dataclass(frozen=True)
class Poll:
    """Ask again until the value at ``path`` is one of ``values``; the recorded answer is the last one."""

    path: str
    values: tuple[Any, ...]
    interval_s: float
    timeout_s: float


@dataclass(frozen=True)
class Step:
    name: str
    request: Mapping[str, Any]
    response: Mapping[str, Any]
    capture: Mapping[str, str]  # variable -> path in the answer
    volatile: tuple[str, ...]  # paths whose value differs from run to run; the JSON type must agree
    elided: tuple[str, ...]  # paths that are not compared
    unordered: tuple[str, ...]  # arrays compared as sets
    masks: tuple[tuple[str, str], ...]  # path and regular expression of what is replaced on both sides
    poll: Poll | None
    restarts: bool  # the server restarts after this answer
    pause_s: float


@dataclass(frozen=True)
class Recording:
    name: str
    about: str
    start: str  # "fresh" or "fresh-no-admin"
    sink: Mapping[str, Any]  # host and port of the mail server while it was recorded
    auths: Mapping[str, Mapping[str, str]]  # credentials of "limited:…" steps
    steps: tuple[Step, ...]


def load(path: Path) -> Recording:
    document = json.loads(path.read_text("utf-8"))
    return Recording(
        name=path.stem,
        about=document["about"],
        start=document["start"],
        sink=document.get("sink") or {},
        auths=document.get("auths") or {},
        steps=tuple(_step(step) for step in document["steps"]),
    )


def names() -> list[str]:
    return sorted(path.stem for path in RECORDINGS.glob("*.json"))


def _step(step: Mapping[str, Any]) -> Step:
    poll = step.get("poll_until")
    return Step(
        name=step["name"],
        request=step["request"],
        response=step["response"],
        capture=step.get("capture") or {},
        volatile=tuple(step.get("volatile") or ()),
        elided=tuple(step.get("elided") or ()),
        unordered=tuple(step.get("unordered") or ()),
        masks=tuple((mask["path"], mask["regex"]) for mask in step.get("masks") or ()),
        poll=Poll(poll["path"], tuple(poll["in"]), poll.get("interval_s", 0.1), poll.get("timeout_s", 0)) if poll else None,
        restarts=bool(step.get("then_wait_restart")),
        pause_s=float(step.get("then_sleep_s") or 0),
    )
