# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM roles."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from .calls import removed_tags, tag_list
from .kind import Aspect, Handle, Kind, Properties

TAKES = ("RoleName", "AssumeRolePolicyDocument", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary")


def _create(handle: Handle) -> None:
    name = handle.name(handle.get("RoleName"), longest=64)
    arguments = {key: value for key, value in handle.properties.items() if key in TAKES and key != "RoleName"}
    role = handle.call("iam.create_role", RoleName=name, Tags=tag_list(handle) or None, **arguments)["Role"]
    handle.physical_id = name
    handle.attributes.update({"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _update(handle: Handle) -> None:
    if handle.changed("AssumeRolePolicyDocument"):
        document = handle.get("AssumeRolePolicyDocument")
        handle.call("iam.update_assume_role_policy", RoleName=handle.physical_id, PolicyDocument=document)
    if handle.changed("Description", "MaxSessionDuration"):
        session = handle.get("MaxSessionDuration", 3600)
        handle.call("iam.update_role", RoleName=handle.physical_id, Description=handle.get("Description", ""), MaxSessionDuration=session)
    if handle.changed("PermissionsBoundary"):
        if "PermissionsBoundary" in handle.properties:
            boundary = handle.get("PermissionsBoundary")
            handle.call("iam.put_role_permissions_boundary", RoleName=handle.physical_id, PermissionsBoundary=boundary)
        else:
            handle.call("iam.delete_role_permissions_boundary", RoleName=handle.physical_id)


def _managed_policies(handle: Handle) -> None:
    before, after = set(handle.before.get("ManagedPolicyArns") or []), set(handle.properties.get("ManagedPolicyArns") or [])
    for arn in sorted(after - before):
        handle.call("iam.attach_role_policy", RoleName=handle.physical_id, PolicyArn=arn)
    for arn in sorted(before - after):
        handle.call("iam.detach_role_policy", RoleName=handle.physical_id, PolicyArn=arn)


def _inline_policies(handle: Handle) -> None:
    before, after = _by_name(handle.before), _by_name(handle.properties)
    for name, document in after.items():
        if before.get(name) != document:
            handle.call("iam.put_role_policy", RoleName=handle.physical_id, PolicyName=name, PolicyDocument=document)
    for name in sorted(set(before) - set(after)):
        handle.call("iam.delete_role_policy", RoleName=handle.physical_id, PolicyName=name)


def _by_name(properties: Properties) -> dict[str, Any]:
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies") or []}


def _retag(handle: Handle) -> None:
    if handle.before and removed_tags(handle):
        handle.call("iam.untag_role", RoleName=handle.physical_id, TagKeys=removed_tags(handle))
    if handle.before and tag_list(handle):
        handle.call("iam.tag_role", RoleName=handle.physical_id, Tags=tag_list(handle))


def _delete(handle: Handle) -> None:
    """A role with policies cannot be deleted; CloudFormation takes off what it put on, not what others did."""
    for arn in handle.properties.get("ManagedPolicyArns") or []:
        handle.call("iam.detach_role_policy", RoleName=handle.physical_id, PolicyArn=arn)
    present = handle.call("iam.list_role_policies", RoleName=handle.physical_id)["PolicyNames"]
    for name in [name for name in _by_name(handle.properties) if name in present]:
        handle.call("iam.delete_role_policy", RoleName=handle.physical_id, PolicyName=name)
    handle.call("iam.delete_role", RoleName=handle.physical_id)


def _exists(handle: Handle) -> bool:
    if not handle.get("RoleName"):
        return False
    try:
        handle.call("iam.get_role", RoleName=handle.get("RoleName"))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return False
    return True


def _read(handle: Handle) -> Properties:
    name = handle.physical_id
    role = handle.call("iam.get_role", RoleName=name)["Role"]
    attached = handle.call("iam.list_attached_role_policies", RoleName=name)["AttachedPolicies"]
    inline = {
        policy: _document(handle.call("iam.get_role_policy", RoleName=name, PolicyName=policy)["PolicyDocument"])
        for policy in handle.call("iam.list_role_policies", RoleName=name)["PolicyNames"]
    }
    return {
        "RoleName": name,
        "AssumeRolePolicyDocument": _document(role["AssumeRolePolicyDocument"]),
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "Policies": [{"PolicyName": policy, "PolicyDocument": document} for policy, document in inline.items()],
    }


def _document(value: Any) -> Any:
    return json.loads(unquote(value)) if isinstance(value, str) else value


ROLE = Kind(
    "AWS::IAM::Role",
    takes=TAKES,
    create=_create,
    update=_update,
    aspects=(
        Aspect(("ManagedPolicyArns",), _managed_policies),
        Aspect(("Policies",), _inline_policies),
        Aspect(("Tags",), _retag),
    ),
    delete=_delete,
    read=_read,
    exists=_exists,
)
KINDS = (ROLE,)
