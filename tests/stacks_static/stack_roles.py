# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that own a stack: their template, what they say about their variables, and how the two are joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from cfnlint.decode import cfn_yaml

from tests.fresh_listmonk import ROOT


@dataclass(frozen=True)
class StackRole:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def template_file(self) -> Path:
        return self.folder / "files/stack.template"

    @cached_property
    def template(self) -> dict[str, Any]:
        """The template, short forms such as !Ref written out."""
        loaded: dict[str, Any] = cfn_yaml.load(str(self.template_file))
        return loaded

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return dict(self.template["Parameters"])

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return dict(self.template["Resources"])

    @cached_property
    def options(self) -> dict[str, dict[str, Any]]:
        """What meta/argument_specs.yml says about the variables."""
        specs = yaml.safe_load((self.folder / "meta/argument_specs.yml").read_text())
        return dict(specs["argument_specs"]["main"]["options"])

    @cached_property
    def internal(self) -> dict[str, Any]:
        """vars/main.yml, without the role's name: parameters, outputs, rules."""
        variables = yaml.safe_load((self.folder / "vars/main.yml").read_text())
        return {name.removeprefix(f"__{self.name}_"): value for name, value in variables.items()}

    def variable_of(self, parameter: str) -> str | None:
        """The variable that a parameter simply repeats, if it does."""
        source = str(self.internal["parameters"][parameter]).strip().removeprefix("{{").removesuffix("}}").strip()
        return source if source in self.options else None


STACK_ROLES = [StackRole(path.parent.parent) for path in sorted(ROOT.glob("roles/*/files/stack.template"))]


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Everything in a part of a template, with where it stands."""
    yield path, value
    children: Mapping[Any, Any] = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
    for key, child in children.items():
        yield from nodes(child, (*path, key))
