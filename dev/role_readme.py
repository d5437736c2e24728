# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of variables in each role's README, made from its argument specs.

`python -m dev.role_readme` writes the tables anew between their two marks; a test fails while one is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROLES = Path(__file__).resolve().parent.parent / "roles"
BEGIN = "<!-- Variables: made by `python -m dev.role_readme` from meta/argument_specs.yml -->"
END = "<!-- End of the variables -->"
_MARKUP = re.compile(r"\b([A-Z])\(([^()]*)\)")


def readmes() -> Iterator[tuple[Path, str]]:
    """Each role's README and what should stand in it."""
    for path in sorted(ROLES.glob("*/README.md")):
        head, _begin, rest = path.read_text().partition(BEGIN)
        _table, _end, tail = rest.partition(END)
        yield path, f"{head}{BEGIN}\n\n{table(path.parent)}\n{END}{tail}"


def table(role: Path) -> str:
    """The variables, and for each dictionary whose keys are declared a table of those."""
    options = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    keys = [
        f"\nKeys of `{name}`:\n\n{_rows('key', option['options'])}"  # such as the fact that a role leaves behind
        for name, option in options.items()
        if "options" in option
    ]
    return "".join([_rows("variable", options), *keys])


def _rows(kind: str, options: dict[str, Any]) -> str:
    rows = [f"| `{name}` | {_type(option)} | {_default(option)} | {_text(option['description'])} |" for name, option in options.items()]
    return "\n".join([f"| {kind} | type | default | what it says |", "|---|---|---|---|", *rows, ""])


def _type(option: dict[str, Any]) -> str:
    elements = {"raw": " of dict"}.get(option.get("elements", ""), f" of {option.get('elements')}") if "elements" in option else ""
    choices = ": " + ", ".join(f"`{choice}`" for choice in option["choices"]) if "choices" in option else ""
    return f"{option['type']}{elements}{choices}"


def _default(option: dict[str, Any]) -> str:
    if option.get("required"):
        return "required"
    if option.get("default") == "":
        return '`""`'
    return f"`{option['default']}`".replace("|", "\\|") if "default" in option else ""


def _text(description: str | list[str]) -> str:
    """Ansible's markup as Markdown, in one line."""
    text = description if isinstance(description, str) else " ".join(description)
    return _MARKUP.sub(lambda found: f"`{found.group(2).removesuffix('#role')}`", text).replace("|", "\\|")


def main() -> None:
    for path, content in readmes():
        path.write_text(content)


if __name__ == "__main__":
    main()
