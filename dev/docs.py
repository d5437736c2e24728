# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection's documentation as HTML: .cache/docs/build/html/index.html."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from dev.stage import ROOT, stage

SITE = ROOT / ".cache/docs"


def main() -> int:
    # The documentation is taken from a copy: antsibull reads every file of a collection, and here that would be the caches as well.
    collections = ROOT / ".cache/docs-stage"
    stage(collections)
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(collections)}
    subprocess.run(
        ["antsibull-docs", "sphinx-init", "--use-current", "--squash-hierarchy", "--lenient", "--fail-on-error"]
        + ["--project", "clarivum.mailing", "--title", "clarivum.mailing", "--copyright", "the clarivum.mailing authors"]
        + ["--dest-dir", str(SITE), "clarivum.mailing"],
        env=environment,
        check=True,
    )
    built = subprocess.run(["./build.sh"], cwd=SITE, env=environment, check=False)
    if built.returncode == 0:
        print(f"The documentation: {SITE / 'build/html/index.html'}")
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
