# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make test` must not pass by mistake."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from dev.check import run as runner
from dev.check.run import Counts, Result, environment, run_stage
from dev.check.steps import NEWEST, STAGES, Step, pytest_step


@pytest.fixture(autouse=True)
def reports_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of these tests write their output beside the test, not over that of the run they are part of."""
    monkeypatch.setattr("dev.check.steps.REPORTS", tmp_path)
    monkeypatch.setattr(runner, "REPORTS", tmp_path)


def ran(step: Step) -> Result:
    (result,) = run_stage([step])
    return result


def given_tests(folder: Path, source: str) -> Step:
    (folder / "test_given.py").write_text(source)
    return pytest_step("given", "tests of a test", str(folder / "test_given.py"), "-c", str(folder / "none.ini"), end=NEWEST)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "none.ini").write_text("[pytest]\n")
    return tmp_path


def test_a_step_that_ends_with_an_error_has_failed() -> None:
    assert ran(Step("right", "", ("true",))).passed
    assert not ran(Step("wrong", "", ("false",))).passed


@pytest.mark.parametrize("ctrl_c", [signal.SIG_DFL, signal.SIG_IGN], ids=["in the foreground", "in the background of a shell"])
def test_a_step_that_never_ends_is_ended_and_has_failed(ctrl_c: signal.Handlers) -> None:
    before = signal.signal(signal.SIGINT, ctrl_c)
    try:
        result = ran(Step("hangs", "", ("sleep", "60"), limit=0.2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert not result.passed
    assert result.returncode == -signal.SIGINT, "it did not hear the first, gentle signal"
    assert "Ended because it took longer than 0.2 s." in result.step.output.read_text()


def test_tests_are_counted_by_what_pytest_reports(folder: Path) -> None:
    result = ran(given_tests(folder, "import pytest\ndef test_a(): pass\ndef test_b(): pass\n@pytest.mark.skip\ndef test_c(): pass\n"))
    assert result.passed
    assert result.counts == Counts(passed=2, failed=0, skipped=1)


def test_an_error_in_a_fixture_counts_as_a_failure(folder: Path) -> None:
    source = "import pytest\n@pytest.fixture\ndef broken(): raise OSError\ndef test_a(broken): pass\ndef test_b(): assert False\n"
    result = ran(given_tests(folder, source))
    assert not result.passed
    assert result.counts == Counts(passed=0, failed=2, skipped=0)


@pytest.mark.parametrize("source", ["", "import os\ndef test_a(): os._exit(0)\n"], ids=["no test at all", "pytest died with exit code 0"])
def test_a_test_run_without_a_passed_test_has_failed(folder: Path, source: str) -> None:
    assert not ran(given_tests(folder, source)).passed


def test_steps_share_the_cores_and_all_of_them_run() -> None:
    steps = [Step(f"step {number}", "", ("true",), cores=cores) for number, cores in enumerate((1, 2, 1, 1))]
    assert {result.step.name for result in run_stage(steps)} == {step.name for step in steps}


def test_no_step_can_reach_a_listmonk_that_the_callers_environment_names() -> None:
    kept = environment(
        STAGES[0][0], {"PATH": "/bin", "LISTMONK_URL": "https://lists.example.com", "ANSIBLE_CONFIG": "mine", "HOME": "/tmp"}
    )
    assert "LISTMONK_URL" not in kept
    assert "ANSIBLE_CONFIG" not in kept
    assert kept["HOME"] == "/tmp"


def test_every_step_writes_to_a_file_of_its_own() -> None:
    steps = [step for stage in STAGES for step in stage]
    assert len({step.output for step in steps}) == len(steps)


def test_no_step_needs_more_cores_than_there_are() -> None:
    assert all(step.cores <= runner.CORES for stage in STAGES for step in stage)
