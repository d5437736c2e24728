# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudFormation template as data, the short forms of its functions written out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._core.errors import Refusal
from .template_yaml import BadYaml, read_yaml

INLINE_LIMIT = 51_200
"""Bytes that CloudFormation takes inline; larger ones it reads from a bucket (CreateChangeSet, TemplateBody)."""
BUCKET_LIMIT = 1_048_576
HOLDING_DATA = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
"""Deletion policies that say: there is data in it."""

_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:")


@dataclass(frozen=True)
class Template:
    """``text`` is what is sent to AWS, byte for byte; ``where`` names it in messages."""

    text: str
    where: str
    content: Mapping[str, Any]

    def section(self, name: str) -> Mapping[str, Any]:
        """Parameters, Conditions, Resources, Outputs or Mappings; empty if the template has none."""
        found = self.content.get(name) or {}
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def size(self) -> int:
        return len(self.text.encode())

    @property
    def fits_inline(self) -> bool:
        return self.size <= INLINE_LIMIT

    @cached_property
    def holding_data(self) -> dict[str, str]:
        """Logical ids of the resources that hold data, with the deletion policy that says so."""
        return {
            logical_id: str(resource["DeletionPolicy"])
            for logical_id, resource in self.section("Resources").items()
            if isinstance(resource, Mapping) and resource.get("DeletionPolicy") in HOLDING_DATA
        }

    @cached_property
    def depends_on_the_outside(self) -> str:
        """Why the same text can mean something else tomorrow; empty if it cannot."""
        if _DYNAMIC_REFERENCE.search(self.text):
            return "dynamic references"
        if "Transform" in self.content or any(name == "Fn::Transform" for name in functions_in(self.content)):
            return "a transform"
        if any(_looks_elsewhere(parameter) for parameter in self.section("Parameters").values()):
            return "parameters from the parameter store"
        return ""


def parse_template(text: str, where: str) -> Template:
    """Read a template; raises Refusal with the place of what cannot be read."""
    text = str(text)  # Ansible's texts are of a class of its own, which the parser in C does not take
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else read_yaml(text)
    except BadYaml as error:
        raise Refusal(f"{where}{error.place}: this is no YAML: {error}.") from error
    except ValueError as error:
        raise Refusal(f"{where}: this is neither JSON nor YAML: {error}.") from error
    if not isinstance(content, Mapping) or not isinstance(content.get("Resources"), Mapping) or not content["Resources"]:
        raise Refusal(f"{where}: a CloudFormation template is a mapping with at least one entry under Resources.")
    wrong = [name for name, resource in content["Resources"].items() if not isinstance(resource, Mapping) or "Type" not in resource]
    if wrong:
        raise Refusal(f"{where}: the resource {wrong[0]} has no Type.")
    return Template(text, where, content)


def functions_in(value: Any) -> Iterator[str]:
    """The names of all functions that are used anywhere in the value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str) and (key.startswith("Fn::") or key == "Ref"):
                yield key
            yield from functions_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from functions_in(inner)


def _looks_elsewhere(parameter: Any) -> bool:
    return isinstance(parameter, Mapping) and str(parameter.get("Type", "")).startswith("AWS::SSM::")
