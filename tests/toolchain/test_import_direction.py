# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which room may import which: _core nothing of ours, _listmonk only _core, the edge both, a module the edge and one declaration."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.toolchain.project import files, text

OURS = ("ansible_collections", "clarivum", "mailing")


@dataclass(frozen=True)
class Room:
    rooms: frozenset[str]
    libraries: frozenset[str]


def room(*rooms: str, libraries: tuple[str, ...] = ()) -> Room:
    return Room(frozenset(rooms), frozenset(libraries))


# What the controller has anyway, because ansible-core needs it.
CONTROLLER = ("ansible", "jinja2", "yaml")
ALLOWED = {
    "module_utils/_core": room("module_utils/_core"),
    "module_utils/_listmonk": room("module_utils/_core", "module_utils/_listmonk", libraries=("requests", "urllib3")),
    "module_utils/_aws": room("module_utils/_core", "module_utils/_aws", libraries=("boto3", "botocore", "dns", "yaml")),
    "module_utils/_edge": room(
        "module_utils/_core", "module_utils/_listmonk", "module_utils/_aws", "module_utils/_edge", libraries=("ansible",)
    ),
    "modules": room("module_utils/_edge", "module_utils/_listmonk", "module_utils/_aws"),
    "action": room(
        "module_utils/_core", "module_utils/_listmonk", "module_utils/_aws", "module_utils/_edge", "plugin_utils", libraries=CONTROLLER
    ),
    "plugin_utils": room(
        "module_utils/_core", "module_utils/_listmonk", "module_utils/_aws", "module_utils/_edge", "plugin_utils", libraries=CONTROLLER
    ),
    "lookup": room("module_utils/_core", "module_utils/_aws", "module_utils/_edge", libraries=CONTROLLER),
    "test": room(libraries=CONTROLLER),
    "doc_fragments": room(),
}


def room_of(parts: tuple[str, ...]) -> str:
    """The room of plugins/<parts>."""
    return "/".join(parts[:2]) if parts[0] == "module_utils" else parts[0]


def imported_modules(path: Path) -> list[tuple[str, ...]]:
    """What the file imports, as absolute module names split at the dots; `from . import x` counts as importing x."""
    package = (*OURS, *path.parent.parts)
    found = []
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            found += [module] if node.module else [(*module, alias.name) for alias in node.names]
    return found


def plugin_files() -> list[Path]:
    return [path for path in files(".py", under=("plugins",)) if len(path.parts) > 2 and path.name != "__init__.py"]


@pytest.mark.parametrize("path", plugin_files(), ids=str)
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    here = room_of(path.parts[1:])
    allowed = ALLOWED[here]
    for module in imported_modules(path):
        if module[:3] == OURS:
            assert room_of(module[4:]) in allowed.rooms, f"{here} must not import {'.'.join(module[3:])}"
        else:
            assert module[0] in sys.stdlib_module_names or module[0] in allowed.libraries, f"{here} must not import {module[0]}"


@pytest.mark.parametrize("path", files(".py", under=("plugins",)), ids=str)
def test_module_utils_import_each_other_relatively(path: Path) -> None:
    # Only so does a copy of the tree under another name work on itself, and not on an installed collection.
    if path.parts[1] == "module_utils":
        absolute = [node.module for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.ImportFrom) and node.level == 0]
        assert not [module for module in absolute if module and module.startswith("ansible_collections.")]


@pytest.mark.parametrize("path", [path for path in plugin_files() if path.parts[1] == "modules"], ids=str)
def test_a_module_imports_the_edge_and_at_most_one_declaration(path: Path) -> None:
    ours = [".".join(module[5:]) for module in imported_modules(path) if module[:3] == OURS]
    declarations = [module for module in ours if not module.startswith("_edge")]
    assert len(declarations) <= 1
    assert len(text(path).split('"""')[-1].splitlines()) < 60, "what a module does belongs into module_utils"
