# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets and their policies. S3 has a call for each thing that a bucket can have, and one to take it away."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ..cloudformation.errors import ResourceFailed
from .calls import deletion, given, tag_list
from .kind import Aspect, Handle, Kind, Properties
from .s3_lifecycle import as_api, as_property


def _create(handle: Handle) -> None:
    name = handle.name(handle.get("BucketName"), longest=63, lower=True)
    place = {"LocationConstraint": handle.cloud.region} if handle.cloud.region != "us-east-1" else None
    lock = True if handle.flag("ObjectLockEnabled") else None
    handle.call("s3.create_bucket", Bucket=name, CreateBucketConfiguration=place, ObjectLockEnabledForBucket=lock)
    handle.physical_id = name
    handle.attributes.update(
        {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{handle.cloud.region}.amazonaws.com",
        }
    )


def _encryption(handle: Handle) -> None:
    given_rules = (handle.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration")
    if given_rules is None:
        handle.call("s3.delete_bucket_encryption", Bucket=handle.physical_id)
        return
    rules = [
        {("ApplyServerSideEncryptionByDefault" if name == "ServerSideEncryptionByDefault" else name): value for name, value in rule.items()}
        for rule in given_rules
    ]
    handle.call("s3.put_bucket_encryption", Bucket=handle.physical_id, ServerSideEncryptionConfiguration={"Rules": rules})


def _versioning(handle: Handle) -> None:
    wanted = handle.get("VersioningConfiguration") or {"Status": "Suspended"}  # once on, it can only be suspended
    handle.call("s3.put_bucket_versioning", Bucket=handle.physical_id, VersioningConfiguration=wanted)


def _ownership(handle: Handle) -> None:
    if "OwnershipControls" in handle.properties:
        handle.call("s3.put_bucket_ownership_controls", Bucket=handle.physical_id, OwnershipControls=handle.get("OwnershipControls"))
    else:
        handle.call("s3.delete_bucket_ownership_controls", Bucket=handle.physical_id)


def _public_access(handle: Handle) -> None:
    wanted = handle.get("PublicAccessBlockConfiguration")
    if wanted is None:
        handle.call("s3.delete_public_access_block", Bucket=handle.physical_id)
    else:
        handle.call("s3.put_public_access_block", Bucket=handle.physical_id, PublicAccessBlockConfiguration=wanted)


def _logging(handle: Handle) -> None:
    wanted = handle.get("LoggingConfiguration")
    status: dict[str, Any] = {}
    if wanted is not None:
        target = wanted.get("DestinationBucketName", handle.physical_id)
        status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": wanted.get("LogFilePrefix", "")}}
    handle.call("s3.put_bucket_logging", Bucket=handle.physical_id, BucketLoggingStatus=status)


def _lifecycle(handle: Handle) -> None:
    rules = (handle.get("LifecycleConfiguration") or {}).get("Rules")
    if not rules:
        handle.call("s3.delete_bucket_lifecycle", Bucket=handle.physical_id)
        return
    configuration = {"Rules": [as_api(rule) for rule in rules]}
    handle.call("s3.put_bucket_lifecycle_configuration", Bucket=handle.physical_id, LifecycleConfiguration=configuration)


def _object_lock(handle: Handle) -> None:
    wanted = handle.get("ObjectLockConfiguration")
    if wanted is None:  # cannot be taken off again, its default retention can
        wanted = {"ObjectLockEnabled": "Enabled"}
    handle.call("s3.put_object_lock_configuration", Bucket=handle.physical_id, ObjectLockConfiguration=wanted)


def _lock_may_be_enabled_later(handle: Handle) -> None:
    if handle.before and handle.flag("ObjectLockEnabled") and "ObjectLockConfiguration" not in handle.properties:
        configuration = {"ObjectLockEnabled": "Enabled"}
        handle.call("s3.put_object_lock_configuration", Bucket=handle.physical_id, ObjectLockConfiguration=configuration)


def _retag(handle: Handle) -> None:
    if tag_list(handle):
        handle.call("s3.put_bucket_tagging", Bucket=handle.physical_id, Tagging={"TagSet": tag_list(handle)})
    else:
        handle.call("s3.delete_bucket_tagging", Bucket=handle.physical_id)


def _delete(handle: Handle) -> None:
    try:
        handle.call("s3.delete_bucket", Bucket=handle.physical_id)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketNotEmpty":
            raise
        raise ResourceFailed("The bucket you tried to delete is not empty. You must delete all versions in the bucket.") from None


def _exists(handle: Handle) -> bool:
    return bool(handle.get("BucketName")) and _has(handle, handle.get("BucketName"))


def _has(handle: Handle, bucket: str) -> bool:
    try:
        handle.call("s3.head_bucket", Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        return False
    return True


def _read(handle: Handle) -> Properties | None:
    name = handle.physical_id
    if not _has(handle, name):
        return None
    seen: Properties = {"BucketName": name}
    versioning = handle.call("s3.get_bucket_versioning", Bucket=name)
    seen["VersioningConfiguration"] = {"Status": versioning.get("Status", "Suspended")}
    for key, operation, member in (
        ("PublicAccessBlockConfiguration", "s3.get_public_access_block", "PublicAccessBlockConfiguration"),
        ("OwnershipControls", "s3.get_bucket_ownership_controls", "OwnershipControls"),
        ("Tags", "s3.get_bucket_tagging", "TagSet"),
    ):
        seen[key] = _optional(handle, operation, member)
    encryption = _optional(handle, "s3.get_bucket_encryption", "ServerSideEncryptionConfiguration")
    lifecycle = _optional(handle, "s3.get_bucket_lifecycle_configuration", "Rules")
    seen["LifecycleConfiguration"] = None if lifecycle is None else {"Rules": [as_property(rule) for rule in lifecycle]}
    if encryption is not None:
        rules = [
            {
                ("ServerSideEncryptionByDefault" if key == "ApplyServerSideEncryptionByDefault" else key): value
                for key, value in rule.items()
            }
            for rule in encryption["Rules"]
        ]
        wanted = (handle.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration") or [{}]
        if "BucketKeyEnabled" not in wanted[0]:  # S3 answers it always
            rules = [{key: value for key, value in rule.items() if key != "BucketKeyEnabled"} for rule in rules]
        seen["BucketEncryption"] = {"ServerSideEncryptionConfiguration": rules}
    return seen


def _optional(handle: Handle, operation: str, member: str) -> Any:
    """What S3 answers with an error when a bucket has none."""
    try:
        return handle.call(operation, Bucket=handle.physical_id)[member]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if not code.startswith("NoSuch") and "NotFound" not in code:
            raise
        return None


def _put_policy(handle: Handle) -> None:
    handle.call("s3.put_bucket_policy", **given(handle, ("Bucket", "PolicyDocument"), {"PolicyDocument": "Policy"}))
    handle.physical_id = handle.get("Bucket")


def _read_policy(handle: Handle) -> Properties | None:
    try:
        text = handle.call("s3.get_bucket_policy", Bucket=handle.physical_id)["Policy"]
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("NoSuch"):
            raise
        return None
    return {"PolicyDocument": json.loads(text)}


BUCKET = Kind(
    "AWS::S3::Bucket",
    takes=("BucketName",),
    create=_create,
    aspects=(
        Aspect(("OwnershipControls",), _ownership),
        Aspect(("PublicAccessBlockConfiguration",), _public_access),
        Aspect(("BucketEncryption",), _encryption),
        Aspect(("VersioningConfiguration",), _versioning),
        Aspect(("LoggingConfiguration",), _logging),
        Aspect(("ObjectLockEnabled",), _lock_may_be_enabled_later),
        Aspect(("ObjectLockConfiguration",), _object_lock),
        Aspect(("LifecycleConfiguration",), _lifecycle),
        Aspect(("Tags",), _retag),
    ),
    delete=_delete,
    read=_read,
    exists=_exists,
)
BUCKET_POLICY = Kind(
    "AWS::S3::BucketPolicy",
    takes=("Bucket", "PolicyDocument"),
    create=_put_policy,
    update=_put_policy,
    delete=deletion("s3.delete_bucket_policy", "Bucket"),
    read=_read_policy,
)
KINDS = (BUCKET, BUCKET_POLICY)
