# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML with CloudFormation's short forms.

PyYAML is imported where it is used: it is on every controller, but module_utils must be importable without it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


class BadYaml(Exception):
    """``place`` is where it happened, as ", line 3, column 7", or empty."""

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem)
        self.place = place


def read_yaml(text: str) -> Any:
    """The data, short forms written out: !Ref x is {"Ref": "x"}, !Sub x is {"Fn::Sub": "x"}. Raises BadYaml."""
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise BadYaml(str(error.problem), place) from error
    except yaml.YAMLError as error:
        raise BadYaml(str(error)) from error


@cache
def _loader() -> Any:
    """A loader of safe data; dates stay text, as the version of the format is one. The one in C reads a template in milliseconds."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("TemplateLoader", (base,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    loader.add_multi_constructor("!", _function)
    return loader


def _function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if node.id == "scalar":
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif node.id == "sequence":
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}
