# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and their aliases."""

from __future__ import annotations

import json

from .calls import deletion, given, removed_tags, tag_list
from .kind import Aspect, Handle, Kind, Properties


def _create(handle: Handle) -> None:
    tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tag_list(handle)]
    arguments = given(handle, ("Description", "KeyPolicy", "KeySpec", "KeyUsage", "MultiRegion"), {"KeyPolicy": "Policy"})
    key = handle.call("kms.create_key", Tags=tags or None, **arguments)["KeyMetadata"]
    handle.physical_id = handle.attributes["KeyId"] = key["KeyId"]
    handle.attributes["Arn"] = key["Arn"]


def _update(handle: Handle) -> None:
    if handle.changed("Description"):
        handle.call("kms.update_key_description", KeyId=handle.physical_id, Description=handle.get("Description", ""))
    if handle.changed("KeyPolicy"):
        handle.call("kms.put_key_policy", KeyId=handle.physical_id, PolicyName="default", Policy=handle.get("KeyPolicy"))


def _rotate(handle: Handle) -> None:
    if handle.flag("EnableKeyRotation"):
        days = handle.get("RotationPeriodInDays", 365)
        handle.call("kms.enable_key_rotation", KeyId=handle.physical_id, RotationPeriodInDays=days)
    elif handle.before:
        handle.call("kms.disable_key_rotation", KeyId=handle.physical_id)


def _retag(handle: Handle) -> None:
    if handle.before and removed_tags(handle):
        handle.call("kms.untag_resource", KeyId=handle.physical_id, TagKeys=removed_tags(handle))
    if handle.before and tag_list(handle):
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tag_list(handle)]
        handle.call("kms.tag_resource", KeyId=handle.physical_id, Tags=tags)


def _delete(handle: Handle) -> None:
    days = handle.get("PendingWindowInDays", 30)
    handle.call("kms.schedule_key_deletion", KeyId=handle.physical_id, PendingWindowInDays=days)


def _read(handle: Handle) -> Properties | None:
    key = handle.call("kms.describe_key", KeyId=handle.physical_id)["KeyMetadata"]
    if key["KeyState"] == "PendingDeletion":
        return None
    policy = handle.call("kms.get_key_policy", KeyId=handle.physical_id, PolicyName="default")["Policy"]
    rotation = handle.call("kms.get_key_rotation_status", KeyId=handle.physical_id)
    seen = {"Description": key["Description"], "KeyPolicy": json.loads(policy), "EnableKeyRotation": rotation["KeyRotationEnabled"]}
    return seen | ({"RotationPeriodInDays": rotation["RotationPeriodInDays"]} if "RotationPeriodInDays" in rotation else {})


def _create_alias(handle: Handle) -> None:
    handle.call("kms.create_alias", **given(handle, ("AliasName", "TargetKeyId")))
    handle.physical_id = handle.get("AliasName")


def _point_elsewhere(handle: Handle) -> None:
    handle.call("kms.update_alias", **given(handle, ("AliasName", "TargetKeyId")))


def _read_alias(handle: Handle) -> Properties | None:
    for alias in handle.call("kms.list_aliases")["Aliases"]:
        if alias["AliasName"] == handle.physical_id:
            target = handle.get("TargetKeyId")
            return {"TargetKeyId": target if str(target).endswith(alias["TargetKeyId"]) else alias["TargetKeyId"]}
    return None


def _alias_exists(handle: Handle) -> bool:
    return any(alias["AliasName"] == handle.get("AliasName") for alias in handle.call("kms.list_aliases")["Aliases"])


KEY = Kind(
    "AWS::KMS::Key",
    takes=("Description", "KeyPolicy", "KeySpec", "KeyUsage", "MultiRegion", "PendingWindowInDays"),
    create=_create,
    update=_update,
    aspects=(Aspect(("EnableKeyRotation", "RotationPeriodInDays"), _rotate), Aspect(("Tags",), _retag)),
    delete=_delete,
    read=_read,
)
ALIAS = Kind(
    "AWS::KMS::Alias",
    takes=("AliasName", "TargetKeyId"),
    create=_create_alias,
    update=_point_elsewhere,
    delete=deletion("kms.delete_alias", "AliasName"),
    read=_read_alias,
    exists=_alias_exists,
)
KINDS = (KEY, ALIAS)
