# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permission names of listmonk 6.2.0, in the order and grouping that GET /api/config reports."""

from __future__ import annotations

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lists", ("lists:get_all", "lists:manage_all")),
    (
        "subscribers",
        (
            "subscribers:get",
            "subscribers:get_all",
            "subscribers:manage",
            "subscribers:import",
            "subscribers:sql_query",
            "tx:send",
        ),
    ),
    (
        "campaigns",
        (
            "campaigns:get",
            "campaigns:get_all",
            "campaigns:get_analytics",
            "campaigns:manage",
            "campaigns:manage_all",
            "campaigns:send",
        ),
    ),
    ("bounces", ("bounces:get", "bounces:manage", "webhooks:post_bounce")),
    ("media", ("media:get", "media:manage")),
    ("templates", ("templates:get", "templates:manage")),
    ("users", ("users:get", "users:manage", "roles:get", "roles:manage")),
    ("settings", ("settings:get", "settings:manage", "settings:maintain")),
)
ALL_PERMISSIONS: tuple[str, ...] = tuple(name for _group, names in GROUPS for name in names)
LIST_PERMISSIONS = ("list:get", "list:manage")
