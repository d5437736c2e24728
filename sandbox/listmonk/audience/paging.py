# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters page, per_page, order and order_by, and ids and flags in a query string."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEFAULT_PER_PAGE = 20

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)


class NotAnInteger(ValueError):
    """str(e) is Go's message of strconv.Atoi."""

    def __init__(self, message: str, nearest: int = 0) -> None:
        super().__init__(message)
        self.nearest = nearest


@dataclass(frozen=True)
class Page:
    number: int
    size: int  # 0: all

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Page:
        """Nonsense is the first page of 20; "all" and negative sizes are everything; there is no largest size."""
        size = -1 if query.get("per_page") == "all" else _integer_or_zero(query.get("per_page", ""))
        return cls(max(_integer_or_zero(query.get("page", "")), 1), 0 if size < 0 else size or DEFAULT_PER_PAGE)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def limit(self) -> str | None:
        """As text for ``LIMIT %s::int``: PostgreSQL refuses what is no integer to it, as on the real server."""
        return str(self.size) if self.size else None

    def envelope(self, results: list[dict[str, Any]] | None, total: int, *, query: str = "", search: str = "") -> dict[str, Any]:
        return {"results": results, "search": search, "query": query, "total": total, "per_page": self.size, "page": self.number}


def order_by(query: Mapping[str, str], columns: Sequence[str], default: str) -> str:
    """An ORDER BY expression of known columns: what is unknown is `default`, and descending."""
    column = query.get("order_by", "")
    direction = query.get("order", "")
    return f"{column if column in columns else default} {direction if direction in ('asc', 'desc') else 'desc'}"


def integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None:
        raise NotAnInteger(f'strconv.Atoi: parsing "{text}": invalid syntax')
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise NotAnInteger(f'strconv.Atoi: parsing "{text}": value out of range', 2**63 - 1 if number > 0 else -(2**63))
    return number


def truth(text: str) -> bool:
    """Go's strconv.ParseBool, its errors being false."""
    return text in _TRUE


def ids(texts: Iterable[str]) -> list[int]:
    """Numbers of at least 1."""
    found = []
    for text in texts:
        number = integer(text)
        if number < 1:
            raise NotAnInteger(f"{number} is not a valid ID")
        found.append(number)
    return found


def _integer_or_zero(text: str) -> int:
    try:
        return integer(text)
    except NotAnInteger as error:
        return error.nearest
