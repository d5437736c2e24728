# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What templates see: the Go types of a message, with the names that errors show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..go_template import Map, Struct
from .template_functions import NOBODY

DEMO_SUBSCRIBER: Mapping[str, Any] = {
    "uuid": NOBODY,
    "email": "demo@listmonk.app",
    "name": "Demo Subscriber",
    "attribs": {"city": "Bengaluru"},
}
"""Whom previews are addressed to."""


def subscriber(row: Mapping[str, Any]) -> Struct:
    name = str(row.get("name") or "")
    return Struct(
        "models.Subscriber",
        {
            "ID": row.get("id") or 0,
            "CreatedAt": moment(row.get("created_at")),
            "UpdatedAt": moment(row.get("updated_at")),
            "UUID": str(row.get("uuid") or ""),
            "Email": row.get("email") or "",
            "Name": name,
            "Attribs": json_map(row.get("attribs") or {}),
            "Status": row.get("status") or "",
            "Lists": row.get("lists") or [],
        },
        {"FirstName": lambda: first_name(name), "LastName": lambda: last_name(name)},
    )


def first_name(name: str) -> str:
    """The first part of more than two bytes, else the whole name."""
    return next((part for part in name.split(" ") if len(part.encode()) > 2), name)


def last_name(name: str) -> str:
    return next((part for part in reversed(name.split(" ")) if len(part.encode()) > 2), name)


def campaign(row: Mapping[str, Any]) -> Struct:
    return Struct(
        "*models.Campaign",
        {
            "ID": row.get("id") or 0,
            "UUID": str(row.get("uuid") or ""),
            "Type": row.get("type") or "",
            "Name": row.get("name") or "",
            "Subject": row.get("subject") or "",
            "FromEmail": row.get("from_email") or "",
            "Body": row.get("body") or "",
            "Status": row.get("status") or "",
            "ContentType": row.get("content_type") or "",
            "Tags": list(row.get("tags") or ()),
            "Attribs": json_map(row.get("attribs") or {}),
            "Messenger": row.get("messenger") or "",
            "SendAt": moment(row.get("send_at")),
            "StartedAt": moment(row.get("started_at")),
            "CreatedAt": moment(row.get("created_at")),
            "UpdatedAt": moment(row.get("updated_at")),
        },
    )


def campaign_message(campaign_row: Mapping[str, Any], subscriber_row: Mapping[str, Any]) -> Struct:
    return Struct(
        "*manager.CampaignMessage",
        {"Campaign": campaign(campaign_row), "Subscriber": subscriber(subscriber_row)},
        unexported=frozenset({"from", "to", "subject", "body", "altBody", "unsubURL", "headers", "pipe"}),
    )


def transactional_message(subscriber_row: Mapping[str, Any], *, subject: str = "", values: Mapping[str, Any] | None = None) -> Struct:
    blank = dict.fromkeys(("SubscriberMode", "SubscriberEmail", "FromEmail", "ContentType", "Messenger", "AltBody"), "")
    none = {"SubscriberEmails": [], "SubscriberIDs": [], "Headers": [], "Attachments": [], "SubscriberID": 0, "TemplateID": 0}
    tx = Struct("*models.TxMessage", {**blank, **none, "Subject": subject, "Data": decoded(dict(values or {}))})
    return Struct(
        "struct { Subscriber models.Subscriber; Tx *models.TxMessage }",
        {"Subscriber": subscriber(subscriber_row), "Tx": tx},
    )


def moment(value: datetime | None) -> Struct:
    """A nullable time, with the two fields that it has in Go."""
    time = value if value is not None else datetime(1, 1, 1, tzinfo=UTC)
    return Struct("null.Time", {"Time": time, "Valid": value is not None})


def json_map(values: Mapping[str, Any]) -> Map:
    return Map("models.JSON", decoded(dict(values)))


def decoded(value: Any) -> Any:
    """Go decodes every number of a JSON document as float64."""
    if isinstance(value, dict):
        return {key: decoded(member) for key, member in value.items()}
    if isinstance(value, list):
        return [decoded(member) for member in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
