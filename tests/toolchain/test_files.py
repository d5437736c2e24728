# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How files are named, how long they are, how they begin, and what they must not contain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.toolchain.project import ROOT, files, text

# REUSE-IgnoreStart
HEADER = (
    "# Copyright: (c) 2026, the clarivum.mailing authors\n"
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
)
# REUSE-IgnoreEnd
LONGEST = 450
NAMED_FOR_NOTHING = {"utils", "util", "helper", "helpers", "common", "misc"}
# Folders of one machine. Paths of the programs that every Debian has (/usr, /etc, /tmp) are fine.
MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(work|farm|root|home|Users)/[a-z.]")
INDEX_HOST = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|/simple\b)", re.IGNORECASE)
DATA = ("tests/cases", "tests/contract/recordings")


def is_data(path: Path) -> bool:
    return path.as_posix().startswith(DATA)


def readable_files() -> list[Path]:
    """Text that people wrote: not data, not the licence."""
    return [path for path in files() if not is_data(path) and path.name not in {"LICENSE"} and b"\0" not in (ROOT / path).read_bytes()]


@pytest.mark.parametrize("path", files(".py", under=("plugins",)), ids=str)
def test_a_plugin_file_begins_with_the_licence(path: Path) -> None:
    if not text(path):
        assert path.name == "__init__.py"
        return
    lines = text(path)
    if path.parts[1] == "modules":
        assert lines.startswith("#!/usr/bin/python\n")
        lines = lines.removeprefix("#!/usr/bin/python\n")
    assert lines.startswith(HEADER)


@pytest.mark.parametrize("path", files(".py", under=("plugins", "sandbox", "dev", "bench", "tests")), ids=str)
def test_a_file_is_short_enough_to_be_one_idea(path: Path) -> None:
    assert is_data(path) or len(text(path).splitlines()) <= LONGEST


def test_a_file_is_named_for_what_it_holds() -> None:
    assert not [str(path) for path in files(".py", ".yml", ".sh") if path.stem.strip("_") in NAMED_FOR_NOTHING]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = [f"{path}: {match.group()}" for path in readable_files() for match in MACHINE_PATH.finditer(text(path))]
    assert not found


def test_no_file_names_a_package_index() -> None:
    found = [f"{path}: {match.group()}" for path in readable_files() for match in INDEX_HOST.finditer(text(path))]
    assert not found, "the index is the business of whoever installs"


def test_nothing_is_excused_from_the_sanity_tests() -> None:
    ignores = sorted((ROOT / "tests/sanity").glob("ignore-*.txt"))
    assert [path.name for path in ignores] == ["ignore-2.19.txt", "ignore-2.20.txt", "ignore-2.21.txt"]
    assert all(path.read_text() == "" for path in ignores)


def test_nothing_in_what_users_get_is_left_for_later() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX)\b")
    shipped = [path for path in readable_files() if path.parts[0] in {"plugins", "roles", "playbooks", "sandbox"}]
    assert not [f"{path}: {match.group()}" for path in shipped for match in left.finditer(text(path))]


def test_every_role_describes_its_arguments_and_itself() -> None:
    roles = {path.parts[1] for path in files(under=("roles",))}
    missing = [
        f"roles/{role}/{name}"
        for role in sorted(roles)
        for name in ("README.md", "meta/argument_specs.yml", "meta/main.yml")
        if not (ROOT / "roles" / role / name).exists()
    ]
    assert not missing


def test_the_bytes_that_tests_compare_are_never_converted_by_git() -> None:
    rules = text(Path(".gitattributes")).splitlines()
    assert {f"{folder}/** -text" for folder in DATA} <= set(rules)
