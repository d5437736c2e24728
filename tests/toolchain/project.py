# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the project's conventions look at."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dev.stage import ROOT, project_files

MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")


@cache
def files(*suffixes: str, under: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Files of the project (relative) with one of these suffixes, in one of these folders; no argument means any."""
    return tuple(
        path
        for path in project_files()
        if (not suffixes or path.suffix in suffixes) and (not under or path.parts[0] in under) and (ROOT / path).is_file()
    )


def text(path: Path) -> str:
    # Sample data comes in the encodings that people use; what is looked for in it is ASCII.
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def assigned(module: str) -> dict[str, Any]:
    """The constants that a module file assigns at its top level: DOCUMENTATION, EXAMPLES, RETURN."""
    constants = {}
    for statement in ast.parse(text(Path(f"plugins/modules/{module}.py"))).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and isinstance(statement.value, ast.Constant):
            constants[statement.targets[0].id] = statement.value.value
    return constants


class AnsibleYaml(yaml.SafeLoader):
    """YAML with Ansible's tag for text that is no template."""


AnsibleYaml.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def documentation(module: str, part: str = "DOCUMENTATION") -> Any:
    return yaml.load(assigned(module).get(part) or "", Loader=AnsibleYaml)  # a SafeLoader
