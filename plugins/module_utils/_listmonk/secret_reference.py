# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a secret is to be found, instead of the secret: what may stand in a configuration, in role arguments and in Git."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._core.errors import Refusal

SUFFIX = "_from"
"""``password_from`` says where the password is to be found."""
FORM = "{env: NAME of an environment variable}, {file: path of a file that holds nothing else} or {variable: NAME of an Ansible variable}"


def no_variables(name: str) -> Any:
    """For configurations that are read without Ansible."""
    raise KeyError(name)


@dataclass(frozen=True, kw_only=True)
class SecretPlaces:
    """How to look where a reference points. ``variable`` raises ``KeyError`` for a name that there is not."""

    directory: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    variable: Callable[[str], Any] = no_variables


def resolve(reference: Any, where: str, places: SecretPlaces) -> str:
    """The secret that a reference points to; raises ``Refusal`` with a sentence that never holds it."""
    if not isinstance(reference, Mapping) or len(reference) != 1 or not set(reference) <= {"env", "file", "variable"}:
        raise Refusal(f"{where} says where a secret is to be found: one of {FORM}. The secret itself does not belong there.")
    ((kind, name),) = reference.items()
    if not isinstance(name, str) or not name:
        raise Refusal(f"{where}.{kind} must be a text that is not empty.")
    if kind == "env":
        found: Any = places.environment.get(name)
        if found is None:
            raise Refusal(f"{where}: the environment variable {name} is not set where Ansible runs.")
    elif kind == "file":
        found = _file(places.directory / Path(name).expanduser(), where)
    else:
        found = _variable(name, where, places)
    if not isinstance(found, str):
        raise Refusal(f"{where}: the {kind} {name} does not hold a text.")
    if not found:
        raise Refusal(f"{where}: the {kind} {name} is empty.")
    return found


def _file(path: Path, where: str) -> str:
    """The file's text without the line break at its end, which editors add and no password has."""
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise Refusal(f"{where}: the file {str(path)!r} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{where}: the file {str(path)!r} is not a text file in UTF-8.") from error


def _variable(name: str, where: str, places: SecretPlaces) -> Any:
    try:
        return places.variable(name)
    except KeyError:
        raise Refusal(f"{where}: there is no variable {name!r}.") from None
