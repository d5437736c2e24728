# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML and JSON templates as plain data: ``!Sub x`` becomes ``{"Fn::Sub": "x"}``, dates stay text, anchors are refused as AWS does."""

from __future__ import annotations

from typing import Any

import yaml

from .errors import Refusal

BARE = ("Ref", "Condition")  # the short forms whose long form has no Fn::


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, ten times as fast, where PyYAML was built with it


class _Loader(_Base):  # type: ignore[misc]
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            line = node.start_mark.line + 1
            raise Refusal(f"Template format error: YAML not well-formed. (line {line}): {', '.join(twice)} is given more than once")
        constructed: dict[Any, Any] = super().construct_mapping(node, deep)
        return constructed


# "2010-09-09" and "2012-10-17" are versions, not dates.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, name: str, node: Any) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in BARE else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(text: str) -> dict[str, Any]:
    """The document as a mapping.

    Raises:
        Refusal: it is no YAML, or no mapping.
    """
    try:
        if any(isinstance(event, yaml.events.AliasEvent) for event in yaml.parse(text, _Base)):
            raise Refusal("Template error: YAML aliases are not allowed in CloudFormation templates")
        document = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark
        place = f" (line {where.line + 1}, column {where.column + 1})" if where else ""
        raise Refusal(f"Template format error: YAML not well-formed.{place}") from None
    except yaml.YAMLError as error:
        raise Refusal(f"Template format error: YAML not well-formed. {error}") from None
    if not isinstance(document, dict):
        raise Refusal("Template format error: unsupported structure.")
    return document
