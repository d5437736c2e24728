# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dev/requirements.txt is what `make lock` makes of dev/requirements.in; this is checked without a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.toolchain.project import text

# Both ends of the support range, as the markers see them.
PYTHONS = ("3.11", "3.13")
ASKED = "-r dev/requirements.in"


def wanted() -> list[Requirement]:
    lines = text(Path("dev/requirements.in")).splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def pinned() -> list[tuple[Requirement, str]]:
    """Each pin of the lock with the lines below it: hashes and who asked for it."""
    entries = re.findall(r"^(\S[^\n]*)\n((?:[ ]+[^\n]*\n)*)", text(Path("dev/requirements.txt")), flags=re.MULTILINE)
    return [(Requirement(line.rstrip(" \\")), below) for line, below in entries]


def applies(requirement: Requirement, python: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    return requirement.marker is None or requirement.marker.evaluate(environment)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_what_is_asked_for(python: str) -> None:
    pins = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin, _ in pinned() if applies(pin, python)}
    for requirement in wanted():
        if applies(requirement, python):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), f"{requirement}: run make lock"


def test_the_lock_holds_nothing_on_behalf_of_a_line_that_is_gone() -> None:
    asked = {canonicalize_name(pin.name) for pin, below in pinned() if re.search(rf"# +(via )?{ASKED}$", below, flags=re.MULTILINE)}
    assert asked == {canonicalize_name(requirement.name) for requirement in wanted()}, "run make lock"


def test_every_pin_has_a_hash() -> None:
    assert not [str(pin) for pin, below in pinned() if "--hash=sha256:" not in below]


def test_the_lock_covers_both_ends_of_ansible_core() -> None:
    cores = {python: str(pin.specifier) for python in PYTHONS for pin, _ in pinned() if pin.name == "ansible-core" and applies(pin, python)}
    assert cores["3.11"].startswith("==2.19.")
    assert cores["3.13"].startswith("==2.21.")
