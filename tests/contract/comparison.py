# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an answer the recorded one? Differences are listed with their path, what was recorded and what came.

Status, content type and the noted headers must be equal; JSON must be equal except at volatile paths (same type) and elided ones;
values that both sides captured earlier (ids, tokens) may differ; of pages only title and marked texts count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .paths import below, is_among
from .recording import Step


@dataclass(frozen=True)
class Difference:
    path: str
    recorded: Any
    got: Any

    def __str__(self) -> str:
        return f"{self.path}: recorded {_short(self.recorded)}, got {_short(self.got)}"


@dataclass
class Comparison:
    """Compares one conversation's answers. ``same`` holds pairs of values that stand for the same thing on both sides."""

    same: set[tuple[Any, Any]] = field(default_factory=set)

    def answer(self, step: Step, got: Mapping[str, Any], page_texts: list[str]) -> list[Difference]:
        recorded = step.response
        found = [Difference(key, recorded[key], got[key]) for key in ("status", "content_type") if recorded[key] != got[key]]
        self._values(step, recorded.get("headers") or {}, got.get("headers") or {}, "$headers", found)
        if "json" in recorded:
            self._values(step, recorded["json"], got.get("json"), "$", found)
        elif "html_title" in recorded:
            self._values(step, recorded["html_title"], got.get("html_title"), "$html_title", found)
            page = got.get("html") or ""
            found += [Difference("$html", text, "a page without it") for text in page_texts if text not in page]
        elif "text" in recorded:
            masked = [_masked(text or "", "$text", step) for text in (recorded["text"], got.get("text"))]
            if masked[0] != masked[1]:
                found.append(Difference("$text", *masked))
        return found

    def _values(self, step: Step, recorded: Any, got: Any, path: str, found: list[Difference]) -> None:
        if is_among(path, step.elided):
            return
        kinds = _json_type(recorded), _json_type(got)
        if is_among(path, step.volatile):
            if kinds[0] != kinds[1]:
                found.append(Difference(path, recorded, got))
        elif kinds[0] != kinds[1]:
            found.append(Difference(path, recorded, got))
        elif kinds[0] == "object":
            self._objects(step, recorded, got, path, found)
        elif kinds[0] == "array":
            self._arrays(step, recorded, got, path, found)
        elif recorded != got and not self._stand_for_the_same(step, recorded, got, path):
            found.append(Difference(path, recorded, got))

    def _objects(self, step: Step, recorded: dict[str, Any], got: dict[str, Any], path: str, found: list[Difference]) -> None:
        for key, value in recorded.items():
            if key in got:
                self._values(step, value, got[key], below(path, key), found)
            else:
                found.append(Difference(below(path, key), value, "nothing"))
        found += [Difference(below(path, key), "nothing", value) for key, value in got.items() if key not in recorded]

    def _arrays(self, step: Step, recorded: list[Any], got: list[Any], path: str, found: list[Difference]) -> None:
        if is_among(path, step.unordered):
            recorded, got = (sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) for items in (recorded, got))
        if len(recorded) != len(got):
            found.append(Difference(path, recorded, got))
            return
        for index, (one, other) in enumerate(zip(recorded, got)):
            self._values(step, one, other, f"{path}[{index}]", found)

    def _stand_for_the_same(self, step: Step, recorded: Any, got: Any, path: str) -> bool:
        if not isinstance(recorded, bool) and (recorded, got) in self.same:
            return True
        if not isinstance(recorded, str):
            return False
        expected, actual = _masked(recorded, path, step), _masked(got, path, step)
        for one, other in self.same:
            if isinstance(one, str) and one:
                expected = expected.replace(one, str(other))
        return expected == actual


def _masked(text: str, path: str, step: Step) -> str:
    for mask_path, pattern in step.masks:
        if mask_path == path or is_among(path, [mask_path]):
            text = re.sub(pattern, "<masked>", text)
    return text


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return {str: "string", list: "array", dict: "object"}[type(value)]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"
