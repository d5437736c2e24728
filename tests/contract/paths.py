# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths into JSON values, as recordings write them: ``$.data.results[*].uuid``, ``$.data['app.lang']``, ``$.data[0]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

Part = str | int
_PARTS = re.compile(r"\.([A-Za-z_]\w*)|\['([^']*)'\]|\[(\*|\d+)\]")

MISSING = object()


@cache
def parse(path: str) -> tuple[Part, ...]:
    return tuple(name or key or (index if index == "*" else int(index)) for name, key, index in _PARTS.findall(path))


def below(path: str, key: str) -> str:
    return f"{path}.{key}" if re.fullmatch(r"[A-Za-z_]\w*", key) else f"{path}['{key}']"


def look_up(value: Any, path: str) -> Any:
    """The value at the path, or MISSING."""
    for part in parse(path):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value


def is_among(path: str, patterns: Iterable[str]) -> bool:
    parts = parse(path)
    return any(
        len(parts) == len(pattern) and all(want in ("*", part) for part, want in zip(parts, pattern)) for pattern in map(parse, patterns)
    )
