# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a wish cannot be fulfilled, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import Refusal
from .fields import Field, Version, fits
from .resource import Resource

_IN_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a dictionary",
}


def impossible(resource: Resource, name: str, key: str, value: Any, version: Version) -> Refusal:
    """The refusal of a value that no server of that version would store."""
    title = f"{resource.kind} {name!r}"
    try:
        field = resource.field(key)
    except KeyError:
        known = ", ".join(sorted(field.option for field in resource.writable))
        return Refusal(f"{title}: there is no {key!r}; what can be set is {known}.")
    if field.read_only:
        return Refusal(f"{title}: {field.option} is set by the server and cannot be chosen.")
    if not field.exists_in(version):
        return Refusal(f"{title}: {field.option} {_lifetime(field)}; this server is {_dotted(version)}. Leave the option out.")
    if not fits(value, field.type):
        return Refusal(f"{title}: {field.option} must be {_article(field.type)}, not {type(value).__name__} ({_shown(field, value)}).")
    return Refusal(f"{title}: {field.option} must be one of {', '.join(map(str, field.choices))}, not {_shown(field, value)}.")


def incomplete(resource: Resource, name: str, missing: Sequence[Field]) -> Refusal:
    """The refusal to create an object of which too little is said."""
    options = _listed([field.option for field in missing])
    return Refusal(f"{resource.kind} {name!r} does not exist yet, and to create it {options} must be given.")


def stuck(resource: Resource, name: str, field: Field, before: Any, after: Any) -> Refusal:
    """The refusal to change what the server would keep as it is."""
    title = f"{resource.kind} {name!r}"
    if field.immutable:
        return Refusal(
            f"{title}: {field.option} is {_shown(field, before)} and cannot become {_shown(field, after)}; "
            "the server fixes it on creation. Create another one, or leave the option as it is."
        )
    return Refusal(
        f"{title}: {field.option} cannot be cleared: listmonk keeps the old text ({_shown(field, before)}) when it is given a blank "
        "one. Leave the option out, or give another text."
    )


def _shown(field: Field, value: Any) -> str:
    if field.write_only:
        return "a value that is not shown"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _article(option_type: str) -> str:
    return _IN_WORDS.get(option_type, option_type)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _lifetime(field: Field) -> str:
    if field.since and field.until:
        return f"exists from listmonk {_dotted(field.since)} to before {_dotted(field.until)}"
    return f"exists since listmonk {_dotted(field.since)}" if field.since else f"existed before listmonk {_dotted(field.until)}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
