# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks to which everything happens once: each module's ways to write, and its way to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.scenario import POLLED, Scenario, World
from tests.faults.scripted_server import Kind
from tests.module_in_process import Result
from tests.task_in_process import run_task

HTML = '<html><body>{{ template "content" . }}</body></html>'
OPEN = {"host": "relay.example.com", "tls_type": "none", "auth_protocol": "none"}

IDLE = ("GET /api/campaigns", "GET /api/import/subscribers")
RESTART = f"GET /api/logs{POLLED}"
WRITE = ("GET /api/settings", "GET /api/logs", "PUT /api/settings", RESTART, "GET /api/settings")
STATE = "/api/import/subscribers"


def lists(world: World, name: str) -> list[dict[str, Any]]:
    return [row for row in world.server.api("GET", "/api/lists?minimal=true")["results"] if row["name"] == name]


def templates(world: World, name: str) -> list[dict[str, Any]]:
    return [row for row in world.server.api("GET", "/api/templates") if row["name"] == name]


def setting(world: World, key: str) -> Any:
    return world.server.api("GET", "/api/settings")[key]


def ports(world: World, name: str) -> list[int]:
    """Ports of the SMTP servers of that name."""
    return [block["port"] for block in setting(world, "smtp") if block["name"] == f"email-{name}"]


def with_list(name: Callable[[int], str], **attributes: Any) -> Callable[[World, int], None]:
    def prepare(world: World, number: int) -> None:
        world.server.api("POST", "/api/lists", json={"name": name(number), "type": "private", "optin": "single", **attributes})

    return prepare


def with_smtp_server(world: World, number: int) -> None:
    task(world, "listmonk_smtp", name=f"there-{number}", port=2525, **OPEN)


def task(world: World, module: str, **options: Any) -> Result:
    done = run_task(module, {**world.server.connection, **options}, world.folder)
    assert not done.failed, done.msg
    return done


def the_restart_is_waited_out(request: str, kind: Kind) -> bool:
    """A write whose answer is lost is found in the document; whatever a server in the middle of a restart answers passes."""
    if request == "PUT /api/settings":
        return kind in ("reset_after", "502_after", "truncated")
    return request == RESTART


AUDIENCE = "email,name\nnew-{0}@example.com,New\nann-{0}@example.com,Ann\nleft-{0}@example.com,Left\nblocked-{0}@example.com,Blocked\n"


def with_audience(world: World, number: int) -> None:
    """Ann has subscribed, somebody has left the list, somebody is blocklisted; the file knows nothing of it."""
    (world.folder / f"people-{number}.csv").write_text(AUDIENCE.format(number))
    list_id = world.server.api("POST", "/api/lists", json={"name": f"News {number}", "type": "private", "optin": "single"})["id"]
    for name, status in (("ann", "enabled"), ("left", "enabled"), ("blocked", "blocklisted")):
        body = {
            "email": f"{name}-{number}@example.com",
            "name": name,
            "status": status,
            "lists": [list_id],
            "preconfirm_subscriptions": True,
        }
        made = world.server.api("POST", "/api/subscribers", json=body)["id"]
        if name == "left":
            body = {"ids": [made], "action": "unsubscribe", "target_list_ids": [list_id]}
            world.server.api("PUT", "/api/subscribers/lists", json=body)


def audience(world: World, number: int) -> list[tuple[str, str, list[str]]]:
    """Everybody of the file: name in the address, status, status of the subscriptions."""
    rows = world.server.api("GET", "/api/subscribers", params={"per_page": 5000, "order_by": "id"})["results"]
    mine = [row for row in rows if row["email"].endswith(f"-{number}@example.com")]
    return sorted((row["email"].partition("-")[0], row["status"], [one["subscription_status"] for one in row["lists"]]) for row in mine)


SCENARIOS = {
    "a list is created": Scenario(
        module="listmonk_list",
        requests=("GET /api/lists", "GET /api/config", "POST /api/lists", "GET /api/lists"),
        options=lambda number: {"name": f"Made {number}", "tags": ["a"]},
        seen=lambda world, number: [row["tags"] for row in lists(world, f"Made {number}")],
        wanted=lambda number: [["a"]],
    ),
    "a list is changed": Scenario(
        module="listmonk_list",
        requests=("GET /api/lists", "PUT /api/lists/", "GET /api/lists"),
        options=lambda number: {"name": f"Changed {number}", "tags": ["new"]},
        prepare=with_list(lambda number: f"Changed {number}", tags=["old"]),
        seen=lambda world, number: [row["tags"] for row in lists(world, f"Changed {number}")],
        wanted=lambda number: [["new"]],
    ),
    "a list is removed": Scenario(
        module="listmonk_list",
        requests=("GET /api/lists", "DELETE /api/lists/"),
        options=lambda number: {"name": f"Gone {number}", "state": "absent"},
        prepare=with_list(lambda number: f"Gone {number}"),
        seen=lambda world, number: lists(world, f"Gone {number}"),
        wanted=lambda number: [],
    ),
    "a template is created": Scenario(
        module="listmonk_template",
        requests=(
            "GET /api/templates",
            "GET /api/config",
            "POST /api/templates/preview",
            "POST /api/templates",
            "GET /api/templates",
            "GET /api/templates/",
        ),
        options=lambda number: {"name": f"Framed {number}", "type": "campaign", "body": HTML},
        seen=lambda world, number: [row["body"] for row in templates(world, f"Framed {number}")],
        wanted=lambda number: [HTML],
    ),
    "lists are read": Scenario(module="listmonk_list_info", requests=("GET /api/lists",), options=lambda number: {}),
    "templates are read": Scenario(
        module="listmonk_template_info", requests=("GET /api/templates",), options=lambda number: {"include_body": False}
    ),
    "SMTP servers are read": Scenario(module="listmonk_smtp_info", requests=("GET /api/settings",), options=lambda number: {}),
    "settings are read": Scenario(
        module="listmonk_settings_info", requests=("GET /api/settings", "GET /api/config"), options=lambda number: {}
    ),
    "an SMTP server is created": Scenario(
        module="listmonk_smtp",
        requests=("GET /api/settings", "GET /api/config", *IDLE, *IDLE, *WRITE),
        options=lambda number: {"name": f"made-{number}", "port": 25, **OPEN},
        seen=lambda world, number: ports(world, f"made-{number}"),
        wanted=lambda number: [25],
        survives=the_restart_is_waited_out,
        expensive=True,
    ),
    "an SMTP server is changed": Scenario(
        module="listmonk_smtp",
        requests=("GET /api/settings", "GET /api/config", *IDLE, *IDLE, *WRITE),
        options=lambda number: {"name": f"there-{number}", "port": 26},
        prepare=with_smtp_server,
        seen=lambda world, number: ports(world, f"there-{number}"),
        wanted=lambda number: [26],
        survives=the_restart_is_waited_out,
        expensive=True,
    ),
    "an SMTP server is removed": Scenario(
        module="listmonk_smtp",
        requests=("GET /api/settings", *IDLE, *IDLE, *WRITE),
        options=lambda number: {"name": f"there-{number}", "state": "absent"},
        prepare=with_smtp_server,
        seen=lambda world, number: ports(world, f"there-{number}"),
        wanted=lambda number: [],
        survives=the_restart_is_waited_out,
        expensive=True,
    ),
    "settings are changed": Scenario(
        module="listmonk_settings",
        requests=("GET /api/settings", "GET /api/config", *IDLE, *IDLE, *WRITE),
        options=lambda number: {"settings": {"app.site_name": f"Site {number}"}},
        seen=lambda world, number: setting(world, "app.site_name"),
        wanted=lambda number: f"Site {number}",
        survives=the_restart_is_waited_out,
        expensive=True,
    ),
    "people are imported": Scenario(
        module="listmonk_subscriber_import",
        requests=(
            "GET /api/config",
            "GET /api/profile",
            f"GET {STATE}",
            "GET /api/lists",
            "GET /api/settings",
            *["GET /api/subscribers/export"] * 4,
            f"GET {STATE}",
            f"POST {STATE}",
            f"GET {STATE}{POLLED}",
            f"GET {STATE}/logs",
            "GET /api/subscribers/export",
        ),
        options=lambda number: {"src": f"people-{number}.csv", "lists": [f"News {number}"], "subscription_status": "confirmed"},
        prepare=with_audience,
        seen=audience,
        wanted=lambda number: [
            ("ann", "enabled", ["confirmed"]),
            ("blocked", "blocklisted", ["unsubscribed"]),
            ("left", "enabled", ["unsubscribed"]),
            ("new", "enabled", ["confirmed"]),
        ],
        survives=lambda request, kind: (
            kind in ("reset_after", "502_after", "truncated") if request == f"POST {STATE}" else request == f"GET {STATE}{POLLED}"
        ),
        expensive=True,
    ),
    "a whole configuration is applied": Scenario(
        module="listmonk_config",
        requests=(
            "GET /api/settings",
            "GET /api/config",
            *IDLE,
            "GET /api/lists",
            "GET /api/templates",
            "POST /api/templates/preview",
            *IDLE,
            *WRITE,
            "POST /api/lists",
            "POST /api/templates",
            "GET /api/lists",
            "GET /api/templates",
            "GET /api/templates/",
        ),
        options=lambda number: {
            "settings": {"app.site_name": f"Whole {number}"},
            "lists": [{"name": f"Whole {number}"}],
            "templates": [{"name": f"Whole {number}", "body": HTML}],
        },
        seen=lambda world, number: (
            setting(world, "app.site_name"),
            len(lists(world, f"Whole {number}")),
            [row["body"] for row in templates(world, f"Whole {number}")],
        ),
        wanted=lambda number: (f"Whole {number}", 1, [HTML]),
        survives=the_restart_is_waited_out,
        expensive=True,
    ),
}
