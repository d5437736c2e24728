# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one object in twelve steps: create, again, update, again, delete, again, each in check mode and for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, Tasks

pytestmark = pytest.mark.server

HTML = '<html><body>{{ template "content" . }}</body></html>\n'


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a module is told in each phase, and where the object is seen on the server."""

    module: str
    returned: str
    """Key of the object in the result."""
    first: Mapping[str, Any]
    later: Mapping[str, Any]
    route: str
    volatile: tuple[str, ...] = ("updated_at",)
    """What the server chooses; it cannot be predicted."""
    chosen: tuple[str, ...] = ("id", "uuid", "created_at", "updated_at")


LIVES = {
    "list": Life(
        module="listmonk_list",
        returned="list",
        first={"name": "Twelve: (steps) & more!", "type": "public", "optin": "double", "tags": ["a b", " c "], "description": "About"},
        later={"name": "Twelve: (steps) & more!", "tags": [], "type": "private"},
        route="/api/lists?minimal=true",
    ),
    "template": Life(
        module="listmonk_template",
        returned="template",
        first={"name": "Zwölf Schritte", "type": "campaign", "body": HTML},
        later={"name": "Zwölf Schritte", "body": HTML.replace("body", "div")},
        route="/api/templates",
    ),
    "tx template": Life(
        module="listmonk_template",
        returned="template",
        first={"name": "Order", "type": "tx", "subject": "Hello {{ .Subscriber.Name }}", "body": "<p>{{ .Tx.Data.a }}</p>"},
        later={"name": "Order", "type": "tx", "subject": "Dear {{ .Subscriber.Name }}"},
        route="/api/templates",
    ),
}


def objects(server: FreshListmonk, life: Life) -> list[Any]:
    rows = server.api("GET", life.route)
    rows = rows["results"] if isinstance(rows, dict) else rows
    return [row for row in rows if row["name"] == life.first["name"]]


def told(result: Result, life: Life, *ignored: str) -> Any:
    told = result[life.returned]
    return None if told is None else {key: value for key, value in told.items() if key not in ignored}


@pytest.mark.parametrize("kind", LIVES)
def test_check_mode_predicts_each_step_of_a_life_and_the_second_time_nothing_changes(tasks: Tasks, kind: str) -> None:
    life = LIVES[kind]
    for wish, expected_rows in ((dict(life.first), 1), (dict(life.later), 1), ({"name": life.first["name"], "state": "absent"}, 0)):
        before = objects(tasks.server, life)
        predicted = tasks.run(life.module, check=True, **wish)
        assert predicted.changed
        assert not predicted.writes
        assert objects(tasks.server, life) == before

        done = tasks.run(life.module, **wish)
        assert done.changed
        assert told(predicted, life, *life.chosen) == told(done, life, *life.chosen)
        assert predicted["diff"] == done["diff"]
        after = objects(tasks.server, life)
        assert len(after) == expected_rows

        for check in (True, False):
            again = tasks.run(life.module, check=check, **wish)
            assert not again.changed
            assert not again.writes
            assert again["diff"] == []
            if wish.get("state") != "absent":
                assert told(again, life) == told(done, life)
        assert objects(tasks.server, life) == after
