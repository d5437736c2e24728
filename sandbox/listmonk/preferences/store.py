# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in the database: one row a key. Rows are only ever changed, never added: a key without a row is lost without a word."""

from __future__ import annotations

import json
import re
from typing import Any

from psycopg.types.json import Jsonb

from ..answers import Problem
from ..body import bind_value
from ..database import Cursor
from .shape import SETTINGS, without_blanks

_MISMATCH = re.compile(r"Unmarshal type error: expected=(?P<expected>.*), got=(?P<got>.*), field=(?P<field>.*), offset=\d+")


def read(cur: Cursor) -> dict[str, Any]:
    """The whole document with its secrets; Problem(500) when a stored value has the wrong type."""
    rows = cur.execute("SELECT key, value FROM settings ORDER BY key").fetchall()
    document = json.dumps({row["key"]: row["value"] for row in rows})
    try:
        return dict(bind_value(SETTINGS, document.encode()))
    except Problem as problem:
        raise Problem(500, f"Error encoding settings: {_in_json_words(problem.message)}") from problem


def write(cur: Cursor, settings: dict[str, Any]) -> None:
    for key, value in without_blanks(settings).items():
        cur.execute("UPDATE settings SET value = %s WHERE key = %s", [Jsonb(value), key])


def write_one(cur: Cursor, key: str, document: str) -> None:
    """The text goes to the database as it came: what is no JSON is refused there."""
    cur.execute("UPDATE settings SET value = %s::jsonb, updated_at = now() WHERE key = %s", [document, key])


def _in_json_words(sentence: str) -> str:
    """The framework's sentence about a wrong type, as encoding/json says it."""
    found = _MISMATCH.fullmatch(sentence)
    if found is None:
        return sentence
    return f"json: cannot unmarshal {found['got']} into Go struct field Settings.{found['field']} of type {found['expected']}"
