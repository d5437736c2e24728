# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one object in twelve steps: create, again, update, again, delete, again, each in check mode and for real."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Result, Tasks
from tests.task_in_process import MODULES

pytestmark = pytest.mark.server

HTML = '<html><body>{{ template "content" . }}</body></html>\n'


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a module is told in each phase, and where the object is seen on the server."""

    module: str
    returned: str
    """Key of the object in the result."""
    wishes: tuple[Mapping[str, Any], ...]
    """What is wanted first, later and in the end; each is wanted twice, in check mode and for real."""
    objects: Callable[[FreshListmonk], list[Any]]
    """The object as the server has it; empty when there is none."""
    chosen: tuple[str, ...] = ("id", "uuid", "created_at", "updated_at")
    """What the server chooses; it cannot be predicted."""


def life_of(module: str, returned: str, route: str, first: Mapping[str, Any], later: Mapping[str, Any]) -> Life:
    """The life of an object that has a name and can be removed."""
    name = first["name"]

    def objects(server: FreshListmonk) -> list[Any]:
        rows = server.api("GET", route)
        return [row for row in (rows["results"] if isinstance(rows, dict) else rows) if row["name"] == name]

    wishes = (first, {"name": name, **later}, {"name": name, "state": "absent"})
    return Life(module=module, returned=returned, wishes=wishes, objects=objects)


def smtp_servers(server: FreshListmonk) -> list[Any]:
    return [block for block in server.api("GET", "/api/settings")["smtp"] if block["name"] == "email-twelve"]


def site(server: FreshListmonk) -> list[Any]:
    settings = server.api("GET", "/api/settings")
    return [{key: settings[key] for key in ("app.site_name", "app.message_rate", "privacy.domain_blocklist")}]


LIVES = {
    "list": life_of(
        "listmonk_list",
        "list",
        "/api/lists?minimal=true",
        {"name": "Twelve: (steps) & more!", "type": "public", "optin": "double", "tags": ["a b", " c "], "description": "About"},
        {"tags": [], "type": "private"},
    ),
    "template": life_of(
        "listmonk_template",
        "template",
        "/api/templates",
        {"name": "Zwölf Schritte", "type": "campaign", "body": HTML},
        {"body": HTML.replace("body", "div")},
    ),
    "tx template": life_of(
        "listmonk_template",
        "template",
        "/api/templates",
        {"name": "Order", "type": "tx", "subject": "Hello {{ .Subscriber.Name }}", "body": "<p>{{ .Tx.Data.a }}</p>"},
        {"type": "tx", "subject": "Dear {{ .Subscriber.Name }}"},
    ),
    "SMTP server": Life(
        module="listmonk_smtp",
        returned="smtp_server",
        wishes=(
            {"name": "twelve", "host": "relay.example.com", "smtp_username": "u", "password": "pass word", "email_headers": [{"X-A": "1"}]},
            {"name": "twelve", "port": 2525, "tls_type": "none", "email_headers": [], "hello_hostname": "mail.example.com"},
            {"name": "twelve", "state": "absent"},
        ),
        objects=smtp_servers,
    ),
    "settings": Life(
        module="listmonk_settings",
        returned="settings",
        wishes=(
            {"settings": {"app.site_name": "Twelve", "app.message_rate": 3, "privacy.domain_blocklist": ["spam.example"]}},
            {"settings": {"app.site_name": "Zwölf", "privacy.domain_blocklist": []}},
            {"settings": {"app.message_rate": 10}},
        ),
        objects=site,
    ),
}

LIVES_ELSEWHERE = {
    "listmonk_config": "it applies what the others declare: tests/playbooks/test_configure.py predicts, applies and repeats a whole one",
    "listmonk_subscriber_import": "an import is an operation: tests/modules/test_import_cases.py predicts, runs and repeats each",
}


def told(result: Result, life: Life, *ignored: str) -> Any:
    told = result[life.returned]
    return None if told is None else {key: value for key, value in told.items() if key not in ignored}


@pytest.mark.parametrize("kind", LIVES)
def test_check_mode_predicts_each_step_of_a_life_and_the_second_time_nothing_changes(tasks: Tasks, kind: str) -> None:
    life = LIVES[kind]
    for wish in life.wishes:
        gone = wish.get("state") == "absent"
        before = life.objects(tasks.server)
        predicted = tasks.run(life.module, check=True, **wish)
        assert predicted.changed
        assert not predicted.writes
        assert life.objects(tasks.server) == before

        done = tasks.run(life.module, **wish)
        assert done.changed
        assert told(predicted, life, *life.chosen) == told(done, life, *life.chosen)
        assert predicted["diff"] == done["diff"]
        after = life.objects(tasks.server)
        assert after != before
        assert len(after) == (0 if gone else 1)

        for check in (True, False):
            again = tasks.run(life.module, check=check, **wish)
            assert not again.changed
            assert not again.writes
            assert again["diff"] == []
            if not gone:
                assert told(again, life) == told(done, life)
        assert life.objects(tasks.server) == after


def test_every_module_that_changes_something_has_a_life_or_a_reason() -> None:
    changing = {module for module in MODULES if not module.endswith("_info")}
    lived = {life.module for life in LIVES.values()}
    assert lived.isdisjoint(LIVES_ELSEWHERE)
    assert lived | set(LIVES_ELSEWHERE) == changing
