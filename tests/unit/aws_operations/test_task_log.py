# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container wrote is shown without what it should not have written."""

from __future__ import annotations

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.task_log import redacted


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('export LISTMONK_ADMIN_API_TOKEN="k3J9aa0qL"', "export LISTMONK_ADMIN_API_TOKEN=(hidden)"),
        ("password=hunter2 user=listmonk", "password=(hidden) user=listmonk"),
        ("postgres://listmonk:hunter2@db:5432/listmonk", "postgres://listmonk:(hidden)@db:5432/listmonk"),
        ("ALTER ROLE x PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$aaa=:bbb='", "ALTER ROLE x PASSWORD '(hidden)"),
        ("row (4, $2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy)", "row (4, (hidden))"),
        ('{"secret_key": "abc", "level": "info"}', '{"secret_key": (hidden), "level": "info"}'),
    ],
)
def test_what_looks_like_a_secret_is_hidden(line: str, shown: str) -> None:
    assert redacted(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "creating superadmin user 'admin'",
        "running migration v6.2.0",
        'pq: password authentication failed for user "listmonk"',
        "error connecting to DB: dial tcp 10.0.0.1:5432: connect: connection refused",
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert redacted(line) == line
