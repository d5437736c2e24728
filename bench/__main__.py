# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take every measure of this folder, one after the other, and end with a table of what was promised and what came out."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FIGURE = ("at most", "at least")
"""What a line of a measure holds that states a figure and its limit."""


@dataclass(frozen=True)
class Measure:
    """A measure that was taken."""

    name: str
    kept: bool
    seconds: float
    figures: tuple[str, ...]


def main() -> int:
    measures = [take(path.stem) for path in sorted(Path(__file__).parent.glob("[!_]*.py"))]
    print("\n".join(table(measures)))
    return 0 if all(measure.kept for measure in measures) else 1


def take(name: str) -> Measure:
    """Run one measure; what it prints is seen while it runs."""
    print(f"── {name}", flush=True)
    began = time.monotonic()
    figures = []
    with subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if any(word in line for word in FIGURE):
                figures.append(line.strip())
    return Measure(name, process.returncode == 0, time.monotonic() - began, tuple(figures))


def table(measures: Iterable[Measure]) -> list[str]:
    lines = ["", f"{'measure':16} {'limits':8} {'took':>7}  figures"]
    for measure in measures:
        first, *more = measure.figures or ("none: it did not come to an end",)
        lines.append(f"{measure.name:16} {'kept' if measure.kept else 'MISSED':8} {measure.seconds:5.0f} s  {first}")
        lines += [" " * 35 + figure for figure in more]
    return lines


if __name__ == "__main__":
    sys.exit(main())
