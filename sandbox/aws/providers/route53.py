# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of hosted zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .kind import Handle, Kind, Properties

TAKES = ("HostedZoneId", "Name", "Type", "TTL", "ResourceRecords", "AliasTarget", "Comment")


def change_record(handle: Handle, zone: str, action: str, record: Mapping[str, Any]) -> None:
    """One change in a zone."""
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    handle.call("route53.change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch)


def _record(properties: Properties) -> dict[str, Any]:
    record: dict[str, Any] = {name: properties[name] for name in ("Name", "Type", "TTL") if name in properties}
    if "ResourceRecords" in properties:
        record["ResourceRecords"] = [{"Value": value} for value in properties["ResourceRecords"]]
    if "AliasTarget" in properties:
        record["AliasTarget"] = {"EvaluateTargetHealth": False, **properties["AliasTarget"]}
    return record


def _create(handle: Handle) -> None:
    change_record(handle, handle.get("HostedZoneId"), "CREATE", _record(handle.properties))  # one that is there already is refused
    handle.physical_id = handle.get("Name")


def _update(handle: Handle) -> None:
    change_record(handle, handle.get("HostedZoneId"), "UPSERT", _record(handle.properties))


def _delete(handle: Handle) -> None:
    change_record(handle, handle.get("HostedZoneId"), "DELETE", _record(handle.properties))


def _read(handle: Handle) -> Properties | None:
    name = handle.get("Name").rstrip(".") + "."
    records = handle.call("route53.list_resource_record_sets", HostedZoneId=handle.get("HostedZoneId"))["ResourceRecordSets"]
    for record in records:
        if record["Name"] == name and record["Type"] == handle.get("Type"):
            seen: Properties = {"Type": record["Type"]} | ({"TTL": record["TTL"]} if "TTL" in record else {})
            if "AliasTarget" in record:
                alias = record["AliasTarget"]
                wanted = handle.get("AliasTarget") or {}
                seen["AliasTarget"] = {key: alias[key] for key in wanted if key in alias}
            if record.get("ResourceRecords"):
                seen["ResourceRecords"] = [value["Value"] for value in record["ResourceRecords"]]
            return seen
    return None


RECORD = Kind("AWS::Route53::RecordSet", takes=TAKES, create=_create, update=_update, delete=_delete, read=_read)
KINDS = (RECORD,)
