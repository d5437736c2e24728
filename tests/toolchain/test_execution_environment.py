# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An execution environment built from the collection's metadata has the libraries that its plugins import."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from tests.toolchain.project import ROOT, documentation, files, text
from tests.toolchain.test_import_direction import CONTROLLER, OURS, imported_modules

# Comes with the library that needs it.
BROUGHT_ALONG = {"urllib3": "requests"}


def required() -> list[Requirement]:
    lines = text(Path("meta/ee-requirements.txt")).splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_the_metadata_names_files_that_exist() -> None:
    dependencies = yaml.safe_load(text(Path("meta/execution-environment.yml")))["dependencies"]
    assert all((ROOT / name).is_file() for name in dependencies.values())


def test_every_library_that_plugins_import_is_installed_there() -> None:
    imported = {module[0] for path in files(".py", under=("plugins",)) for module in imported_modules(path) if module[:3] != OURS}
    libraries = {BROUGHT_ALONG.get(name, name) for name in imported - sys.stdlib_module_names - set(CONTROLLER)}
    assert libraries == {requirement.name for requirement in required()}


def test_the_documentation_asks_for_the_same_libraries() -> None:
    fragment = yaml.safe_load(text(Path("plugins/doc_fragments/listmonk.py")).split('r"""')[1].split('"""')[0])
    assert [Requirement(line) for line in fragment["requirements"]] == required()
    assert documentation("listmonk_list").get("requirements") is None, "the fragment says it for all"
