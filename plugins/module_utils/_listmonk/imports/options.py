# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an import: one declaration for the module's documentation, the action and the configuration role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.errors import Refusal
from .consent import NO_WORDS, YES_WORDS, ConsentRule
from .mapping import Columns, parse_columns
from .source import ENCODINGS

IMPORT_OPTIONS: dict[str, dict[str, Any]] = {
    "src": {"type": "path", "required": True},
    "format": {"type": "str", "choices": ["auto", "csv", "tsv", "zip"], "default": "auto"},
    "member": {"type": "str"},
    "delimiter": {"type": "str"},
    "encoding": {"type": "str", "choices": list(ENCODINGS), "default": "auto"},
    "columns": {
        "type": "dict",
        "options": {"email": {"type": "str", "default": "email"}, "name": {"type": "raw"}, "attributes": {"type": "raw"}},
    },
    "constants": {"type": "dict"},
    "attributes_mode": {"type": "str", "choices": ["merge", "replace"], "default": "merge"},
    "lists": {"type": "list", "elements": "str", "default": []},
    "mode": {"type": "str", "choices": ["subscribe", "blocklist"], "default": "subscribe"},
    "subscription_status": {"type": "str", "choices": ["unconfirmed", "confirmed", "unsubscribed"], "default": "unconfirmed"},
    "overwrite_userinfo": {"type": "bool", "default": False},
    "overwrite_subscription_status": {"type": "bool", "default": False},
    "resubscribe_people_who_left": {"type": "bool", "default": False},
    "consent_column": {"type": "str"},
    "consent_yes": {"type": "list", "elements": "str", "default": list(YES_WORDS)},
    "consent_no": {"type": "list", "elements": "str", "default": list(NO_WORDS)},
    "deleted_column": {"type": "str"},
    "max_rejected": {"type": "str"},
    "allow_local_domains": {"type": "bool", "default": True},
    "allow_address_literals": {"type": "bool", "default": True},
    "send": {"type": "str", "choices": ["changed", "all"], "default": "changed"},
    "wait_timeout": {"type": "int", "default": 7200},
}

_TABS = ("\\t", "\t")


@dataclass(frozen=True)
class Limit:
    """How many rows may be rejected: a number, or a share of the rows."""

    count: int | None = None
    percent: float | None = None

    def allows(self, rejected: int, rows: int) -> bool:
        if self.percent is not None:
            return rejected * 100 <= self.percent * rows
        return self.count is None or rejected <= self.count

    def __str__(self) -> str:
        return f"{self.percent:g}%" if self.percent is not None else str(self.count)


@dataclass(frozen=True)
class ImportOptions:
    """What one import is asked to do, with every impossible wish refused already."""

    src: str
    format: str
    member: str | None
    delimiter: str | None
    encoding: str
    columns: Columns
    lists: tuple[str, ...]
    mode: str
    subscription_status: str
    overwrite_userinfo: bool
    overwrite_subscription_status: bool
    resubscribe_people_who_left: bool
    replace_attributes: bool
    consent: ConsentRule | None
    limit: Limit
    allow_local_domains: bool
    allow_address_literals: bool
    send_all: bool
    wait_timeout: float


def parse_options(params: Mapping[str, Any]) -> ImportOptions:
    """Return the import that ``params`` (of ``IMPORT_OPTIONS``, missing ones at their defaults) ask for, or raise ``Refusal``."""
    given: dict[str, Any] = {name: params.get(name) for name in IMPORT_OPTIONS}
    for name, option in IMPORT_OPTIONS.items():
        if given[name] is None:
            given[name] = option.get("default")
    if not given["src"]:
        raise Refusal("src is missing: the path of the file to import.")
    _refuse_contradictions(given)
    return ImportOptions(
        src=str(given["src"]),
        format=given["format"],
        member=given["member"],
        delimiter=_delimiter(given["delimiter"], given["format"]),
        encoding=given["encoding"],
        columns=parse_columns(given["columns"], given["constants"], given["consent_column"], given["deleted_column"]),
        lists=tuple(dict.fromkeys(given["lists"])) if given["mode"] == "subscribe" else (),
        mode=given["mode"],
        subscription_status=given["subscription_status"],
        overwrite_userinfo=given["overwrite_userinfo"],
        overwrite_subscription_status=given["overwrite_subscription_status"],
        resubscribe_people_who_left=given["resubscribe_people_who_left"],
        replace_attributes=given["attributes_mode"] == "replace",
        consent=_consent(given),
        limit=_limit(given["max_rejected"]),
        allow_local_domains=given["allow_local_domains"],
        allow_address_literals=given["allow_address_literals"],
        send_all=given["send"] == "all",
        wait_timeout=float(given["wait_timeout"]),
    )


def _refuse_contradictions(given: Mapping[str, Any]) -> None:
    consent = given["consent_column"] or given["deleted_column"]
    if given["mode"] == "subscribe" and not given["lists"]:
        raise Refusal("lists is missing: mode subscribe needs the names of one or more lists.")
    if given["mode"] == "blocklist" and given["lists"]:
        raise Refusal("lists has no meaning with mode blocklist: a blocklisted person gets no mail from any list. Leave lists out.")
    if given["mode"] == "blocklist" and consent:
        raise Refusal("consent_column and deleted_column belong to mode subscribe; mode blocklist blocks every accepted row.")
    if given["mode"] == "blocklist" and given["overwrite_userinfo"]:
        raise Refusal("overwrite_userinfo has no effect with mode blocklist: listmonk changes nothing but the status there. Leave it out.")
    if consent and given["subscription_status"] == "unsubscribed":
        raise Refusal(
            "consent_column and deleted_column already end the subscriptions of people who said no; "
            "subscription_status is what people who said yes get, so it must be confirmed or unconfirmed."
        )
    if given["resubscribe_people_who_left"] and not given["overwrite_subscription_status"]:
        raise Refusal("resubscribe_people_who_left needs overwrite_subscription_status: true; without it no subscription is changed.")
    if given["wait_timeout"] <= 0:
        raise Refusal(f"wait_timeout must be a number of seconds above 0, not {given['wait_timeout']}.")


def _delimiter(wish: str | None, file_format: str) -> str | None:
    if wish is None or wish in ("", "auto"):
        return "\t" if file_format == "tsv" else None
    if wish in _TABS:
        return "\t"
    if len(wish) != 1 or not wish.isascii() or wish.isalnum() or wish in '"\r\n\0 @.':
        raise Refusal(
            f"delimiter must be one character such as a comma, a semicolon, a tab (written '\\t') or a vertical bar, not {wish!r}. "
            "Leave it out to have it recognised from the header line."
        )
    if file_format == "tsv":
        raise Refusal(f"format tsv means tabs, but delimiter is {wish!r}; use format csv, or leave delimiter out.")
    return wish


def _consent(given: Mapping[str, Any]) -> ConsentRule | None:
    if not (given["consent_column"] or given["deleted_column"]):
        return None
    both = {word.strip().casefold() for word in given["consent_yes"]} & {word.strip().casefold() for word in given["consent_no"]}
    if both:
        raise Refusal(f"{', '.join(sorted(both)) or 'The empty word'} stands in both consent_yes and consent_no.")
    return ConsentRule(given["consent_yes"], given["consent_no"])


def _limit(wish: object) -> Limit:
    if wish is None:
        return Limit()
    text = str(wish).strip()
    if re.fullmatch(r"\d+", text):
        return Limit(count=int(text))
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if match and float(match.group(1)) <= 100:
        return Limit(percent=float(match.group(1)))
    raise Refusal(f"max_rejected must be a number of rows such as 3, or a share of the rows such as 5%, not {text!r}.")
