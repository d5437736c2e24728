# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An execution environment built from the collection's metadata has the libraries that its plugins import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

from tests.toolchain.project import MODULES, ROOT, documentation, files, text
from tests.toolchain.test_import_direction import CONTROLLER, OURS, imported_modules

# Comes with the library that needs it, or is called otherwise than what is installed.
BROUGHT_ALONG = {"urllib3": "requests", "botocore": "boto3", "dns": "dnspython"}
FRAGMENTS = ("listmonk", "aws")


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
    asked = [line for name in FRAGMENTS for line in fragment(name)["requirements"]]
    asked += [line for module in MODULES for line in documentation(module).get("requirements") or ()]
    # What is said in brackets behind it, such as where it is needed, is for people.
    assert {str(Requirement(line.partition(" (")[0])) for line in asked} == {str(requirement) for requirement in required()}
    assert documentation("listmonk_list").get("requirements") is None, "the fragment says it for all"


def fragment(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text(Path(f"plugins/doc_fragments/{name}.py")).split('r"""')[1].split('"""')[0])
    return loaded
