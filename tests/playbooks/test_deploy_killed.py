# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deploy that is killed after each of its steps, one after the other, on one account: each run goes on where the last one broke off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.ansible_playbook import Run, run_playbook
from tests.faults.scenario import ALL, SEED
from tests.fresh_aws import start_aws
from tests.playbooks.estate import LONGEST_RUN_S, READABLE, RECORD, Estate, estate_on
from tests.playbooks.publisher import changed

pytestmark = pytest.mark.long

CALLBACKS = Path(__file__).parent / "callbacks"
STEPS = (
    "Take the run lock",
    "Apply the stack of the network",
    "Apply the stack of the storage",
    "Apply the stack of the secrets",
    "Apply the stack of the database",
    "Apply the stack of the ingress",
    "Apply the stack of the service",
    "Give listmonk its place in the database",
    "Keep in mind what was done",
    "Note that the public tasks may have to be started anew",
    "Give automation an API user with a token",
    "See whether listmonk answers as it must",
    "Put listmonk into the declared state",
    "Start the public tasks anew",
)


# Every kill takes a deploy; a few of them are tried, unless REHEARSE=1 asks for all. They stay in their order: each goes on from the last.
CHOSEN = STEPS if ALL else tuple(sorted(Random(SEED).sample(STEPS, 3), key=STEPS.index))


@pytest.fixture(scope="module")
def estate(slot: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate_on(start_aws(f"{slot}-killed", data_plane=True), tmp_path_factory.mktemp("killed")) as found:
        yield found


def killed_after(estate: Estate, step: str) -> Run:
    environment = {**READABLE, "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS), "ANSIBLE_CALLBACKS_ENABLED": "kill_after", "KILL_AFTER": step}
    return run_playbook(Path("clarivum.mailing.deploy"), estate.folder, *estate.arguments(), environment=environment, timeout=LONGEST_RUN_S)


@pytest.mark.parametrize("step", CHOSEN)
def test_a_run_is_killed_after(step: str, estate: Estate) -> None:
    print(f"FAULTS_SEED={SEED} chose this step; REHEARSE=1 tries all of them")
    run = killed_after(estate, step)
    assert run.code == -9, run.output[-4000:]
    if step != CHOSEN[0]:
        assert "was taken over from" in " ".join(run.output.split())


def test_the_next_run_completes_what_was_begun_and_the_one_after_it_changes_nothing(estate: Estate) -> None:
    run = estate.deploy()
    assert run.code == 0, run.output[-6000:]
    assert estate.report()["public_tasks_started_anew"] >= 1, "the killed run had not struck out that this was to be done"
    assert estate.parameters() == {RECORD}
    assert changed(estate.deploy()) == 0
