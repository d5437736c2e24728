# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaying a recording against a server: which of its steps are answered otherwise than recorded."""

from __future__ import annotations

from collections.abc import Mapping

from .comparison import Comparison, Difference
from .conversation import Conversation, NoAnswer, Target
from .paths import MISSING, look_up
from .recording import Recording, Step


def replay(recording: Recording, target: Target) -> dict[str, list[Difference]]:
    """The differences by step, named by its number and name; steps that agree are not in it."""
    conversation = Conversation(recording, target)
    comparison = Comparison({(value, conversation.variables[name]) for name, value in recording.sink.items()})
    differing: dict[str, list[Difference]] = {}
    for number, step in enumerate(recording.steps):
        label = f"{number} {step.name}"
        try:
            answer = conversation.step(step)
        except NoAnswer as error:
            differing[label] = [Difference("no answer", step.response["status"], str(error))]
            break
        _note_captured(step, conversation.variables, comparison)
        texts = [str(conversation.filled_in(text)) for text in step.response.get("text_contains", ())]
        differences = comparison.answer(step, answer, texts)
        if differences:
            differing[label] = differences
    return differing


def _note_captured(step: Step, variables: Mapping[str, object], comparison: Comparison) -> None:
    """A value that both sides captured may differ from now on, in this answer too."""
    for name, path in step.capture.items():
        recorded = look_up(step.response.get("json"), path)
        if recorded is not MISSING and name in variables:
            comparison.same.add((recorded, variables[name]))
