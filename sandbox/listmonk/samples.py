# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that a fresh listmonk has: two lists, two subscribers, four templates and a draft campaign.

Names, addresses and ids are listmonk's (clients and recordings meet them); the texts of the bodies are our own.
"""

from __future__ import annotations

import json
import uuid

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[DictRow]

_PAGE = "<!doctype html>\n<html><head><title>{title}</title></head>\n<body>\n{body}\n</body></html>\n"
CAMPAIGN_TEMPLATE = _PAGE.format(
    title="{{ .Campaign.Subject }}",
    body='{{ template "content" . }}\n<p><a href="{{ UnsubscribeURL }}">Unsubscribe</a> <a href="{{ MessageURL }}">View online</a></p>'
    "\n{{ TrackView }}",
)
ARCHIVE_TEMPLATE = _PAGE.format(title="{{ .Campaign.Subject }}", body='<h1>{{ .Campaign.Subject }}</h1>\n{{ template "content" . }}')
TRANSACTIONAL_TEMPLATE = (  # without a title: recording templates_preview
    "<!doctype html>\n<html><body>\n<p>Hello {{ .Subscriber.FirstName }},</p>\n"
    "<p>order {{ .Tx.Data.order_id }} is on its way.</p>\n</body></html>\n"
)
VISUAL_TEMPLATE = _PAGE.format(title="Visual", body="<p>A block of text.</p>")
VISUAL_SOURCE = json.dumps({"root": {"type": "EmailLayout", "data": {"childrenIds": []}}})


def create(connection: Connection) -> None:
    """On a connection that commits every statement: the objects get different times of creation, by which listmonk sorts.

    The materialised views stay as they were made, empty: listmonk counts with the first look at all lists (recorded).
    """
    default = _list(connection, "Default list", "private", "single")
    optin = _list(connection, "Opt-in list", "public", "double")
    _subscriber(connection, "john@example.com", "John Doe", "known", default)
    _subscriber(connection, "anon@example.com", "Anon Doe", "unknown", optin)
    campaign = _template(connection, "Default campaign template", "campaign", "", CAMPAIGN_TEMPLATE, default=True)
    archive = _template(connection, "Default archive template", "campaign", "", ARCHIVE_TEMPLATE)
    _template(connection, "Sample transactional template", "tx", "Welcome {{ .Subscriber.Name }}", TRANSACTIONAL_TEMPLATE)
    _template(connection, "Sample visual template", "campaign_visual", "", VISUAL_TEMPLATE, source=VISUAL_SOURCE)
    _campaign(connection, default, campaign, archive)


def _insert(connection: Connection, statement: str, values: list[object]) -> int:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return int(row["id"])


def _list(connection: Connection, name: str, kind: str, optin: str) -> int:
    return _insert(
        connection,
        "INSERT INTO lists (uuid, name, type, optin, tags) VALUES (%s, %s, %s, %s, '{test}') RETURNING id",
        [uuid.uuid4(), name, kind, optin],
    )


def _subscriber(connection: Connection, email: str, name: str, kind: str, list_id: int) -> None:
    attributes = {"type": kind, "good": True, "city": "Bengaluru"}
    subscriber = _insert(
        connection,
        "INSERT INTO subscribers (uuid, email, name, attribs) VALUES (%s, %s, %s, %s) RETURNING id",
        [uuid.uuid4(), email, name, Jsonb(attributes)],
    )
    connection.execute("INSERT INTO subscriber_lists (subscriber_id, list_id) VALUES (%s, %s)", [subscriber, list_id])


def _template(
    connection: Connection, name: str, kind: str, subject: str, body: str, *, source: str | None = None, default: bool = False
) -> int:
    return _insert(
        connection,
        "INSERT INTO templates (name, type, subject, body, body_source, is_default) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        [name, kind, subject, body, source, default],
    )


def _campaign(connection: Connection, list_id: int, template: int, archive_template: int) -> None:
    campaign = _insert(
        connection,
        """
        INSERT INTO campaigns (uuid, name, subject, from_email, body, tags, messenger, template_id,
                               archive_slug, archive_template_id, archive_meta)
        VALUES (%s, 'Test campaign', 'Welcome to listmonk', 'No Reply <noreply@yoursite.com>', %s, '{test-campaign}', 'email', %s,
                'welcome-to-listmonk', %s, %s)
        RETURNING id
        """,
        [
            uuid.uuid4(),
            "<p>Hi {{ .Subscriber.FirstName }}, this is a sample.</p>",
            template,
            archive_template,
            Jsonb({"name": "Subscriber"}),
        ],
    )
    connection.execute("INSERT INTO campaign_lists (campaign_id, list_id, list_name) VALUES (%s, %s, 'Default list')", [campaign, list_id])
