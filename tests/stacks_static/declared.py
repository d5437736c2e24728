# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role would do for the variables of an inventory, without AWS: the rules that do not hold, and the parameters of its stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from tests.fresh_listmonk import ROOT


@dataclass(frozen=True)
class Declared:
    """A role with variables as an inventory gives them."""

    role: str
    given: dict[str, Any]

    def broken_rules(self) -> dict[str, str]:
        """What is refused, by the rule's name: the sentence that a person reads."""
        return {rule["rule"]: rule["otherwise"] for rule in self._value(f"__{self.role}_rules") if not rule["holds"]}

    def parameters(self) -> dict[str, Any]:
        return dict(self._value(f"__{self.role}_parameters"))

    def _value(self, name: str) -> Any:
        folder = ROOT / "roles" / self.role
        variables: dict[str, Any] = {}
        for file in ("defaults/main.yml", "vars/main.yml"):
            variables |= _trusted(yaml.safe_load((folder / file).read_text()))
        return Templar(loader=DataLoader(), variables=variables | self.given).template(variables[name])


def _trusted(value: Any) -> Any:
    """As Ansible's own loader marks what it reads from a role: text that may be a template."""
    if isinstance(value, dict):
        return {key: _trusted(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_trusted(child) for child in value]
    return trust_as_template(value) if isinstance(value, str) else value
