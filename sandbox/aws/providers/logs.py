# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups."""

from __future__ import annotations

from .calls import deletion, removed_tags, tags_as_map
from .kind import Aspect, Handle, Kind, Properties


def _create(handle: Handle) -> None:
    name = handle.name(handle.get("LogGroupName"), longest=512)
    tags = tags_as_map(handle) or None
    handle.call("logs.create_log_group", logGroupName=name, kmsKeyId=handle.get("KmsKeyId"), tags=tags)
    handle.physical_id = name
    handle.attributes["Arn"] = f"arn:aws:logs:{handle.cloud.region}:{handle.cloud.account}:log-group:{name}:*"


def _retain(handle: Handle) -> None:
    days = handle.get("RetentionInDays")
    if days is None:
        handle.call("logs.delete_retention_policy", logGroupName=handle.physical_id)
    else:
        handle.call("logs.put_retention_policy", logGroupName=handle.physical_id, retentionInDays=days)


def _encrypt(handle: Handle) -> None:
    if handle.before and "KmsKeyId" in handle.properties:
        handle.call("logs.associate_kms_key", logGroupName=handle.physical_id, kmsKeyId=handle.get("KmsKeyId"))
    elif handle.before:
        handle.call("logs.disassociate_kms_key", logGroupName=handle.physical_id)


def _retag(handle: Handle) -> None:
    arn = str(handle.attributes["Arn"]).removesuffix(":*")
    if handle.before and removed_tags(handle):
        handle.call("logs.untag_resource", resourceArn=arn, tagKeys=removed_tags(handle))
    if handle.before and tags_as_map(handle):
        handle.call("logs.tag_resource", resourceArn=arn, tags=tags_as_map(handle))


def _exists(handle: Handle) -> bool:
    name = handle.get("LogGroupName")
    return bool(name) and any(group["logGroupName"] == name for group in _described(handle, name))


def _read(handle: Handle) -> Properties | None:
    for group in _described(handle, handle.physical_id):
        if group["logGroupName"] == handle.physical_id:
            seen = {"LogGroupName": handle.physical_id, "RetentionInDays": group.get("retentionInDays"), "KmsKeyId": group.get("kmsKeyId")}
            return {name: value for name, value in seen.items() if value is not None or name in handle.properties}
    return None


def _described(handle: Handle, name: str) -> list[dict[str, object]]:
    return list(handle.call("logs.describe_log_groups", logGroupNamePrefix=name)["logGroups"])


LOG_GROUP = Kind(
    "AWS::Logs::LogGroup",
    takes=("LogGroupName",),
    create=_create,
    aspects=(Aspect(("RetentionInDays",), _retain), Aspect(("KmsKeyId",), _encrypt), Aspect(("Tags",), _retag)),
    delete=deletion("logs.delete_log_group", "logGroupName"),
    read=_read,
    exists=_exists,
)
KINDS = (LOG_GROUP,)
