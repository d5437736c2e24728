# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole listmonk declared in one place: from what stands in variables to the wishes of one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .._core.errors import Refusal
from .._core.spec import Spec, argument_spec
from . import settings_write
from .resources.imports import IMPORT_STORE
from .resources.lists import LIST_STORE
from .resources.settings import SETTINGS_STORE
from .resources.smtp import SMTP_STORE
from .resources.templates import TEMPLATE_STORE
from .secret_reference import FORM, SUFFIX, SecretPlaces, resolve
from .store import Store
from .wish import Wish, wish_of

SECRETS = "secrets"
"""``settings_secrets`` holds references to the secrets of the settings."""

Coerce = Callable[[Spec, dict[str, Any], str], dict[str, Any]]
"""Brings an entry's values to the types of its options, as a task of its own would; raises ``Refusal``."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """The declarations of one kind."""

    option: str
    """Under which name they stand."""
    store: Store
    single: bool = False
    """One dictionary, which the kind's module takes in an option of the same name, instead of a list of entries."""
    stateless: bool = False
    """What it declares can only be there: an entry has no ``state``."""


EVERYWHERE: Spec = {
    **settings_write.OPTIONS,
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
}
"""Options of the whole that entries take over where they know them and do not say otherwise."""

SECTIONS: tuple[Section, ...] = (
    Section(option="settings", store=SETTINGS_STORE, single=True, stateless=True),
    Section(option="smtp", store=SMTP_STORE),
    Section(option="lists", store=LIST_STORE),
    Section(option="templates", store=TEMPLATE_STORE),
    Section(option="imports", store=IMPORT_STORE, stateless=True),
)
"""Everything that can be declared, in the order in which it is written.

Settings and SMTP servers come first: they are one document, its write restarts listmonk, and a restart ends whatever import runs. An
import also obeys settings as they were when listmonk started, such as the blocked domains. Lists come before what names them.
"""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a declaration refers to without holding it."""

    directory: Path
    """Where relative paths start."""
    secrets: SecretPlaces
    coerce: Coerce
    defaults: Mapping[str, Any]
    """What the options in ``EVERYWHERE`` are."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One declaration and the place where it stands, such as ``lists[3]``."""

    where: str
    values: Any


def entries_of(section: Section, declared: Any, secrets: Any = None) -> list[Entry]:
    """The declarations of one kind; what is missing or null declares nothing.

    ``secrets`` holds references to the secrets of a kind that is one dictionary.
    """
    if section.single:
        if declared is None and not secrets:
            return []
        if not isinstance(declared or {}, Mapping):
            raise Refusal(f"{section.option} must be a dictionary, not {_kind(declared)}.")
        return [Entry(where=section.option, values={section.option: declared, SECRETS + SUFFIX: secrets})]
    if declared is None:
        return []
    if not isinstance(declared, list):
        raise Refusal(f"{section.option} must be a list of dictionaries, not {_kind(declared)}.")
    return [Entry(where=f"{section.option}[{position}]", values=values) for position, values in enumerate(declared)]


def wishes_of(section: Section, entries: Iterable[Entry], around: Surroundings) -> tuple[list[Wish], set[str]]:
    """The wishes of one kind, and the secrets that were looked up for them. Raises ``Refusal`` naming the entry."""
    wishes: list[Wish] = []
    secrets: set[str] = set()
    for entry in entries:
        given, found = _given(section, entry, around)
        options = around.coerce(spec_of(section), given, entry.where)
        located = {key: _located(spec_of(section)[key], value, around) for key, value in options.items() if value is not None}
        wishes.append(wish_of(section.store, located, entry.where))
        secrets |= found
    return wishes, secrets


def spec_of(section: Section) -> Spec:
    """The options of an entry: those of the kind's own module."""
    spec = {**argument_spec(section.store.resource), **section.store.options}
    return spec if section.stateless else {**spec, "state": {"type": "str", "choices": ["present", "absent"]}}


def _given(section: Section, entry: Entry, around: Surroundings) -> tuple[dict[str, Any], set[str]]:
    """What an entry says, with secrets in place of the references to them; and those secrets."""
    spec = spec_of(section)
    if not isinstance(entry.values, Mapping):
        raise Refusal(f"{entry.where} must be a dictionary of options such as {{name: ...}}, not {_kind(entry.values)}.")
    secret_options = {name for name, option in spec.items() if option.get("no_log")}
    given = {key: value for key, value in entry.values.items() if value is not None}
    _refuse_unknown(given, set(spec), secret_options, entry.where)
    identity = section.store.resource.identity[:1]
    for name in identity:
        if given.get(name) is None:
            raise Refusal(f"{entry.where} has no {name}: that is what the {section.store.resource.kind} is known by.")
    found: set[str] = set()
    for name in secret_options:
        reference = given.pop(name + SUFFIX, None)
        if reference is not None:
            given[name] = _resolved(reference, spec[name], entry.where if section.single else f"{entry.where}.{name}{SUFFIX}", around)
            found |= set(given[name].values()) if isinstance(given[name], dict) else {given[name]}
    return {**{key: value for key, value in around.defaults.items() if key in spec}, **given}, found


def _resolved(reference: Any, option: Mapping[str, Any], where: str, around: Surroundings) -> Any:
    if option["type"] != "dict":
        return resolve(reference, where, around.secrets)
    if not isinstance(reference, Mapping):
        raise Refusal(f"{where}_{SECRETS} must be a dictionary of names of secrets and where they are to be found, not {_kind(reference)}.")
    return {name: resolve(inner, f"{where}_{SECRETS}: {name}", around.secrets) for name, inner in reference.items() if inner is not None}


def _refuse_unknown(given: Mapping[str, Any], options: set[str], secret_options: set[str], where: str) -> None:
    known = options - secret_options | {name + SUFFIX for name in secret_options}
    for key in given:
        if key in secret_options:
            raise Refusal(
                f"{where}.{key}: a secret does not stand in a configuration. Say where it is to be found, in {key}{SUFFIX}: {FORM}."
            )
        if key not in known:
            matches = get_close_matches(str(key), sorted(known), n=1, cutoff=0.6)
            hint = f" Did you mean {matches[0]!r}?" if matches else ""
            raise Refusal(f"{where} has an unknown key {key!r}.{hint} There are {', '.join(sorted(known))}.")


def _located(option: Mapping[str, Any], value: Any, around: Surroundings) -> Any:
    return str(around.directory / Path(value).expanduser()) if option["type"] == "path" else value


def _kind(value: Any) -> str:
    """What a value is, in words. Ansible hands over subclasses of the plain types."""
    words = (
        (type(None), "null"),
        (str, "a text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        (Mapping, "a dictionary"),
        (list, "a list"),
    )
    return next((word for kind, word in words if isinstance(value, kind)), type(value).__name__)
