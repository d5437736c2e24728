# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is wanted is what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from .fields import Compare, Field


def same(field: Field, wanted: Any, current: Any) -> bool:
    """Whether the wanted value, once stored, would read back as the current one."""
    wanted, current = field.normalised(wanted), field.normalised(current)
    if field.compare is Compare.UNORDERED:
        return sorted(map(_key, wanted or ())) == sorted(map(_key, current or ()))
    if field.compare is Compare.SUBSET:
        return _covers(wanted or {}, current or {})
    if field.compare is Compare.INSTANT:
        return bool(_instant(wanted) == _instant(current))
    return equal(wanted, current)


def equal(one: Any, other: Any) -> bool:
    """Equality as JSON has it: ``true`` is not 1, but 1 and 1.0 are one number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if _is_list(one) and _is_list(other):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


def _covers(wanted: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    for key, value in wanted.items():
        if key not in current:
            return False
        if isinstance(value, Mapping) and isinstance(current[key], Mapping):
            if not _covers(value, current[key]):
                return False
        elif not equal(value, current[key]):
            return False
    return True


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
