# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks, as data. A stage starts only when the one before it passed, so that a misspelt name is known after seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REPORTS = ROOT / ".cache/check"


@dataclass(frozen=True)
class End:
    """One end of the support range: an environment that dev/setup made."""

    folder: str

    @property
    def exists(self) -> bool:
        return (ROOT / self.folder / ".ready").exists()

    @property
    def python(self) -> str:
        """Its Python as people write it: 3.13."""
        if not self.exists:
            return "?"
        settings = dict(line.split(" = ", 1) for line in (ROOT / self.folder / "pyvenv.cfg").read_text().splitlines() if " = " in line)
        return ".".join(settings["version_info"].split(".")[:2])


NEWEST = End(".venv")
OLDEST = End(".venv-oldest")


@dataclass(frozen=True)
class Step:
    name: str
    does: str
    command: tuple[str, ...]
    cores: int = 1
    end: End = NEWEST
    lint: bool = True
    limit: float = 1200
    """Seconds after which the step is ended and has failed; far more than it ever needs."""

    @property
    def label(self) -> str:
        return self.name if self.lint else f"{self.name} on {self.end.python}"

    @property
    def output(self) -> Path:
        return REPORTS / f"{self.slug}.log"

    @property
    def report(self) -> Path | None:
        """Where pytest writes what it counted (JUnit's XML); only test runs have one."""
        return None if self.lint else REPORTS / f"{self.slug}.xml"

    @property
    def slug(self) -> str:
        return f"{self.name.replace(' ', '-')}{'-oldest' if self.end == OLDEST else ''}"


WAITING = 1
"""How many more processes than cores run the tests of a server: about a third of their time they wait for it to restart."""


def pytest_step(name: str, does: str, *arguments: str, end: End = NEWEST, cores: int = 1, limit: float = 1200) -> Step:
    # In the order of tests/conftest.py: otherwise xdist begins with the files of many tests, and the longest one would run on alone at the end.
    workers = ("-n", str(cores + WAITING), "--dist", "loadfile", "--no-loadscope-reorder") if cores > 1 else ()
    command = ("python", "-m", "pytest", "-v", "--tb=short", *workers, *arguments)
    return Step(name, does, command, cores=cores, end=end, lint=False, limit=limit)


DOCS_LINT = (
    "antsibull-docs",
    "lint-collection-docs",
    "--plugin-docs",
    "--validate-collection-refs=all",
    "--disallow-unknown-collection-refs",
    "--check-extra-docs-refs",
    ".",
)

STAGES: tuple[tuple[Step, ...], ...] = (
    (
        Step("ruff", "mistakes, imports and names in Python", ("ruff", "check", "--output-format", "concise")),
        Step("ruff format", "the layout of Python (make format mends it)", ("ruff", "format", "--check", "--output-format", "concise")),
        Step("yamllint", "the layout of YAML", ("yamllint", "--strict", ".")),
        Step("reuse", "every file has a licence and a copyright holder", ("reuse", "lint", "--lines")),
        Step("changelog", "the changelog fragments", ("antsibull-changelog", "lint")),
        Step("mypy plugins", "types of the plugins, strictly", ("mypy", "-p", "ansible_collections.clarivum.mailing.plugins")),
        Step("mypy programs", "types of the sandbox and of these tools, strictly", ("mypy", "-p", "sandbox", "-p", "dev")),
    ),
    (
        # The longest first, beside which the others run.
        Step("sanity", "ansible-test sanity", ("python", "-m", "dev.sanity")),
        pytest_step("units", "plugins without a server", "tests/unit"),
        pytest_step("units", "plugins without a server", "tests/unit", end=OLDEST),
        pytest_step("project", "the project's own conventions, the built artefact", "tests/toolchain"),
        Step("docs", "documentation of modules and roles, and what it refers to", DOCS_LINT),
        Step("ansible-lint", "playbooks and roles, profile production", ("ansible-lint", "--strict", "--offline")),
        Step("cfn-lint", "templates against AWS's schemas, for three regions", ("cfn-lint",)),
        Step("checkov", "templates against rules of security", ("python", "-m", "dev.checkov")),
    ),
    (
        pytest_step(
            "servers",
            "modules, roles, whole deploys and the sandbox, against running servers",
            "tests",
            "--ignore=tests/unit",
            "--ignore=tests/toolchain",
            cores=2,
            limit=3000,
        ),
        pytest_step(
            "contract",
            "modules against a running listmonk",
            # Not tests/contract: it holds the sandbox's server against the original, and that server runs on the newest Python either way.
            "tests/modules",
            end=OLDEST,
            cores=2,
        ),
    ),
)
