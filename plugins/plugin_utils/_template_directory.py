# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of HTML files, each of which declares a template.

``welcome.html`` is a template called *welcome*. What else there is to say stands beside it, in ``welcome.yml``, which Ansible never
renders, so that a subject may hold Go's curly braces. ``welcome.json`` holds the source of a template made in the visual editor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ..module_utils._core.errors import Refusal
from ..module_utils._listmonk.configuration import Entry

BESIDE = (".yml", ".json")
DECIDED_BY_FILES = ("body", "body_file", "body_source", "body_source_file")


def templates_in(directory: Path) -> Iterator[Entry]:
    """The declarations in a folder, by file name; raises ``Refusal`` for a folder or a file that cannot be read as such."""
    if not directory.is_dir():
        raise Refusal(f"templates_directory: there is no folder {str(directory)!r}. Relative paths start at the option directory.")
    pages = sorted(directory.glob("*.html"))
    if not pages:
        raise Refusal(
            f"templates_directory: the folder {str(directory)!r} holds no .html file. Leave the option out if there are no templates."
        )
    _refuse_orphans(directory, {page.stem for page in pages})
    for page in pages:
        where = f"templates_directory/{page.name}"
        more = _beside(page.with_suffix(".yml"), where)
        source = page.with_suffix(".json")
        visual = {"type": "campaign_visual", "body_source_file": str(source)} if source.exists() else {}
        yield Entry(where=where, values={"name": page.stem, "body_file": str(page), **visual, **more})


def _beside(path: Path, where: str) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refusal(f"{where}: the file {path.name} beside it is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(values, dict):
        raise Refusal(f"{where}: the file {path.name} beside it must hold a dictionary such as {{type: tx, subject: ...}}.")
    for option in DECIDED_BY_FILES:
        if option in values:
            raise Refusal(f"{where}: {path.name} says {option}, but the body is {path.stem}.html itself. Remove the line.")
    return {key: value for key, value in values.items() if value is not None}


def _refuse_orphans(directory: Path, names: set[str]) -> None:
    for path in sorted(directory.iterdir()):
        if path.suffix in BESIDE and path.stem not in names:
            raise Refusal(f"templates_directory: {path.name} describes a template, but there is no {path.stem}.html beside it.")
        if path.suffix.lower() in (".htm", ".yaml"):
            wanted = ".html" if path.suffix.lower() == ".htm" else ".yml"
            raise Refusal(f"templates_directory: {path.name} would be overlooked: name it {path.stem}{wanted}.")
