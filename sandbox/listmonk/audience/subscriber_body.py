# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of the subscriber calls, as listmonk's Go structs name them in type errors."""

from __future__ import annotations

from typing import Any

from ..body import BOOL, INT, INTS, OBJECT, STRING, STRINGS, Kind, Struct, optional
from ..json_text import Node


class _Embedded(Kind):
    """A field of a Go struct inside a struct: errors name the path, keys do not."""

    path: str

    def read(self, node: Node, field: str) -> Any:
        return super().read(node, f"{self.path}.{field}")


def _embedded(path: str, kind: Kind, go: str | None = None) -> Kind:
    embedded = _Embedded(go or kind.go, kind.zero, kind.accepts, kind.convert)
    object.__setattr__(embedded, "path", path)
    return embedded


_ID = _embedded("Subscriber.Base", INT)
_TEXT = _embedded("Subscriber", STRING)
_KEPT_TEXT = _embedded("Subscriber", optional(STRING))
_ATTRIBS = _embedded("Subscriber", OBJECT, "models.JSON")

_ANONYMOUS = 'struct {{ models.Subscriber; Lists {lists} "json:\\"lists\\""; PreconfirmSubs bool "json:\\"preconfirm_subscriptions\\"" }}'

NEW = Struct(
    "subimporter.SubReq",
    id=_ID,
    email=_TEXT,
    name=_TEXT,
    status=_TEXT,
    attribs=_ATTRIBS,
    lists=INTS,
    list_uuids=STRINGS,
    preconfirm_subscriptions=BOOL,
)
WHOLE = Struct(
    _ANONYMOUS.format(lists="[]int"),
    id=_ID,
    email=_TEXT,
    name=_TEXT,
    status=_TEXT,
    attribs=_ATTRIBS,
    lists=INTS,
    preconfirm_subscriptions=BOOL,
)
# In a PATCH, null leaves what is there, but for attribs and lists (6.2.0).
PART = Struct(
    _ANONYMOUS.format(lists="*[]int"),
    id=_ID,
    email=_KEPT_TEXT,
    name=_KEPT_TEXT,
    status=_KEPT_TEXT,
    attribs=_ATTRIBS,
    lists=INTS,
    preconfirm_subscriptions=BOOL,
)
SELECTION = Struct(
    "main.subQueryReq",
    search=STRING,
    query=STRING,
    list_ids=INTS,
    target_list_ids=INTS,
    ids=INTS,
    action=STRING,
    status=STRING,
    subscription_status=STRING,
    all=BOOL,
)
