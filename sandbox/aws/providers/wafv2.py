# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web ACLs, what they protect, and their logs."""

from __future__ import annotations

from .calls import deletion, given, removed_tags, tag_list
from .kind import Aspect, Handle, Kind, Properties

RULES = ("Scope", "DefaultAction", "Description", "Rules", "VisibilityConfig", "CustomResponseBodies", "CaptchaConfig", "AssociationConfig")
LOGGING = ("ResourceArn", "LogDestinationConfigs", "LoggingFilter", "RedactedFields")


def _create(handle: Handle) -> None:
    name = handle.name(handle.get("Name"), longest=128)
    answer = handle.call("wafv2.create_web_acl", Name=name, Tags=tag_list(handle) or None, **given(handle, RULES))["Summary"]
    handle.physical_id = f"{name}|{answer['Id']}|{handle.get('Scope')}"
    handle.attributes.update({"Arn": answer["ARN"], "Id": answer["Id"]})


def _address(handle: Handle) -> Properties:
    name, identifier, scope = handle.physical_id.split("|")
    return {"Name": name, "Id": identifier, "Scope": scope}


def _update(handle: Handle) -> None:
    lock = handle.call("wafv2.get_web_acl", **_address(handle))["LockToken"]
    arguments = given(handle, tuple(name for name in RULES if name != "Scope"))
    handle.call("wafv2.update_web_acl", LockToken=lock, **_address(handle), **arguments)


def _delete(handle: Handle) -> None:
    lock = handle.call("wafv2.get_web_acl", **_address(handle))["LockToken"]
    handle.call("wafv2.delete_web_acl", LockToken=lock, **_address(handle))


def _retag(handle: Handle) -> None:
    arn = handle.attributes["Arn"]
    if handle.before and removed_tags(handle):
        handle.call("wafv2.untag_resource", ResourceARN=arn, TagKeys=removed_tags(handle))
    if handle.before and tag_list(handle):
        handle.call("wafv2.tag_resource", ResourceARN=arn, Tags=tag_list(handle))


def _associate(handle: Handle) -> None:
    handle.call("wafv2.associate_web_acl", **given(handle, ("WebACLArn", "ResourceArn")))
    handle.physical_id = f"{handle.get('WebACLArn')}|{handle.get('ResourceArn')}"


def _disassociate(handle: Handle) -> None:
    handle.call("wafv2.disassociate_web_acl", ResourceArn=handle.get("ResourceArn"))


def _read_association(handle: Handle) -> Properties | None:
    acl = handle.call("wafv2.get_web_acl_for_resource", ResourceArn=handle.get("ResourceArn")).get("WebACL")
    return {"WebACLArn": acl["ARN"], "ResourceArn": handle.get("ResourceArn")} if acl else None


def _put_logging(handle: Handle) -> None:
    handle.call("wafv2.put_logging_configuration", LoggingConfiguration=given(handle, LOGGING))
    handle.physical_id = handle.get("ResourceArn")


WEB_ACL = Kind(
    "AWS::WAFv2::WebACL",
    takes=("Name", *RULES),
    create=_create,
    update=_update,
    aspects=(Aspect(("Tags",), _retag),),
    delete=_delete,
)
ASSOCIATION = Kind(
    "AWS::WAFv2::WebACLAssociation",
    takes=("WebACLArn", "ResourceArn"),
    create=_associate,
    delete=_disassociate,
    read=_read_association,
)
LOGS = Kind(
    "AWS::WAFv2::LoggingConfiguration",
    takes=LOGGING,
    create=_put_logging,
    update=_put_logging,
    delete=deletion("wafv2.delete_logging_configuration", "ResourceArn"),
)
KINDS = (WEB_ACL, ASSOCIATION, LOGS)
