# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m dev.check [--lint] [--keep-going] [step …]"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from dev.check.run import CORES, Counts, Result, run_stage
from dev.check.steps import OLDEST, REPORTS, ROOT, STAGES, Step

SHOWN_LINES = 150
NOT_TESTED = ROOT / ".cache/not-tested"


def chosen(lint_only: bool, names: list[str]) -> list[list[Step]]:
    """The stages to run. An end whose interpreter is missing has no steps; the summary says so (NOT_TESTED)."""

    def wanted(step: Step) -> bool:
        return step.end.exists and (step.lint or not lint_only) and (not names or step.name in names)

    return [[step for step in stage if wanted(step)] for stage in STAGES]


def what_is_not_tested() -> str:
    return NOT_TESTED.read_text().strip() if NOT_TESTED.exists() else "one end of the support range, because dev/setup has not made it"


def show(result: Result) -> None:
    word = "ok" if result.passed else "FAILED"
    counted = f" · {result.counts.passed} passed" if result.counts else ""
    print(f"{word:>7}  {result.seconds:6.1f} s  {result.step.label}: {result.step.does}{counted}", flush=True)
    if not result.passed:
        lines = result.step.output.read_text(errors="replace").splitlines()
        left_out = max(0, len(lines) - SHOWN_LINES)
        if left_out:
            print(f"         | ({left_out} lines before these are in {result.step.output.relative_to(ROOT)})")
        for line in lines[left_out:]:
            print(f"         | {line}")
        print(f"         | (exit code {result.returncode})", flush=True)


def summarise(results: list[Result], not_run: list[Step], missing_end: str, seconds: float) -> None:
    print(f"\n{'step':<24} {'result':<8} {'seconds':>8}   {'passed':>6} {'failed':>6} {'skipped':>7}")
    for result in results:
        counts = f"{result.counts.passed:>6} {result.counts.failed:>6} {result.counts.skipped:>7}" if result.counts else ""
        print(f"{result.step.label:<24} {'ok' if result.passed else 'FAILED':<8} {result.seconds:>8.1f}   {counts}".rstrip())
    for step in not_run:
        print(f"{step.label:<24} not run")
    print(f"{'all':<24} {'':<8} {seconds:>8.1f}   (two at a time)\n")
    if missing_end:
        print(f"NOT TESTED: {missing_end}.\n")
    failed = [result.step.label for result in results if not result.passed]
    if failed:
        print(f"Failed: {', '.join(failed)}. The output of each is above and in {REPORTS.relative_to(ROOT)}/.")
        if not_run:
            print("The steps after that stage were not run.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dev.check", description="Run the project's checks.")
    parser.add_argument("--lint", action="store_true", help="only the steps that run no test of ours")
    parser.add_argument("--keep-going", action="store_true", help="run the later stages even when an earlier one failed")
    names = {step.name for stage in STAGES for step in stage}
    parser.add_argument("steps", nargs="*", metavar="step", help=f"only these: {', '.join(sorted(names))}")
    arguments = parser.parse_args()
    unknown = set(arguments.steps) - names
    if unknown:
        parser.error(f"there is no step named {', '.join(sorted(unknown))}; see --help for the names")

    # Ended from outside, it ends its steps as well.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    stages = chosen(arguments.lint, arguments.steps)
    print(f"{sum(map(len, stages))} steps, {CORES} at a time; the output of each goes to {REPORTS.relative_to(ROOT)}/\n", flush=True)
    began = time.monotonic()
    results: list[Result] = []
    not_run: list[Step] = []
    for stage in stages:
        if arguments.keep_going or all(result.passed for result in results):
            results += stage_results(stage)
        else:
            not_run += stage

    tested = any(not step.lint for stage in stages for step in stage)
    missing_end = what_is_not_tested() if tested and not OLDEST.exists else ""
    summarise(results, not_run, missing_end, time.monotonic() - began)
    counts = sum((result.counts for result in results if result.counts), Counts())
    if tested:
        print(f"{counts.passed} passed, {counts.failed} failed" + (f", {counts.skipped} skipped" if counts.skipped else ""))
    return 0 if all(result.passed for result in results) and not not_run else 1


def stage_results(stage: list[Step]) -> list[Result]:
    results = []
    for result in run_stage(stage):
        show(result)
        results.append(result)
    return results


if __name__ == "__main__":
    sys.exit(main())
