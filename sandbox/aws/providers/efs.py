# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems, their mount targets and access points."""

from __future__ import annotations

from .calls import deletion, given, removed_tags, tag_list
from .kind import Aspect, Handle, Kind, Properties, Step

FILE_SYSTEM = ("Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode", "ProvisionedThroughputInMibps", "AvailabilityZoneName")


def _retag(name: str) -> Step:
    def step(handle: Handle) -> None:
        if handle.before and removed_tags(handle, name):
            handle.call("efs.untag_resource", ResourceId=handle.physical_id, TagKeys=removed_tags(handle, name))
        if handle.before and tag_list(handle, name):
            handle.call("efs.tag_resource", ResourceId=handle.physical_id, Tags=tag_list(handle, name))

    return step


def _create_file_system(handle: Handle) -> None:
    arguments = given(handle, FILE_SYSTEM) | {"Tags": tag_list(handle, "FileSystemTags") or None}
    system = handle.call("efs.create_file_system", CreationToken=handle.name(longest=64), **arguments)
    handle.physical_id = handle.attributes["FileSystemId"] = system["FileSystemId"]
    handle.attributes["Arn"] = system["FileSystemArn"]


def _update_file_system(handle: Handle) -> None:
    mode, throughput = handle.get("ThroughputMode", "bursting"), handle.get("ProvisionedThroughputInMibps")
    handle.call("efs.update_file_system", FileSystemId=handle.physical_id, ThroughputMode=mode, ProvisionedThroughputInMibps=throughput)


def _backup(handle: Handle) -> None:
    wanted = handle.get("BackupPolicy") or {"Status": "DISABLED"}
    handle.call("efs.put_backup_policy", FileSystemId=handle.physical_id, BackupPolicy=wanted)


def _policy(handle: Handle) -> None:
    if "FileSystemPolicy" in handle.properties:
        handle.call("efs.put_file_system_policy", FileSystemId=handle.physical_id, Policy=handle.get("FileSystemPolicy"))
    else:
        handle.call("efs.delete_file_system_policy", FileSystemId=handle.physical_id)


def _read_file_system(handle: Handle) -> Properties:
    system = handle.call("efs.describe_file_systems", FileSystemId=handle.physical_id)["FileSystems"][0]
    seen = {name: system[name] for name in FILE_SYSTEM if name in system}
    return seen | {"FileSystemTags": system.get("Tags", [])}


def _create_mount_target(handle: Handle) -> None:
    target = handle.call("efs.create_mount_target", **given(handle, ("FileSystemId", "SubnetId", "SecurityGroups", "IpAddress")))
    handle.physical_id = handle.attributes["Id"] = target["MountTargetId"]
    handle.attributes["IpAddress"] = target.get("IpAddress", "")


def _mount_target_groups(handle: Handle) -> None:
    groups = handle.get("SecurityGroups")
    handle.call("efs.modify_mount_target_security_groups", MountTargetId=handle.physical_id, SecurityGroups=groups)


def _read_mount_target(handle: Handle) -> Properties:
    target = handle.call("efs.describe_mount_targets", MountTargetId=handle.physical_id)["MountTargets"][0]
    groups = handle.call("efs.describe_mount_target_security_groups", MountTargetId=handle.physical_id)["SecurityGroups"]
    return {"FileSystemId": target["FileSystemId"], "SubnetId": target["SubnetId"], "SecurityGroups": groups}


def _create_access_point(handle: Handle) -> None:
    arguments = given(handle, ("FileSystemId", "PosixUser", "RootDirectory"))
    tags = tag_list(handle, "AccessPointTags") or None
    point = handle.call("efs.create_access_point", ClientToken=handle.name(longest=64), Tags=tags, **arguments)
    handle.physical_id = handle.attributes["AccessPointId"] = point["AccessPointId"]
    handle.attributes["Arn"] = point["AccessPointArn"]


def _read_access_point(handle: Handle) -> Properties:
    point = handle.call("efs.describe_access_points", AccessPointId=handle.physical_id)["AccessPoints"][0]
    return {name: point[name] for name in ("FileSystemId", "PosixUser", "RootDirectory") if name in point}


FILE_SYSTEM_KIND = Kind(
    "AWS::EFS::FileSystem",
    takes=FILE_SYSTEM,
    create=_create_file_system,
    update=_update_file_system,
    aspects=(
        Aspect(("BackupPolicy",), _backup),
        Aspect(("FileSystemPolicy",), _policy),
        Aspect(("FileSystemTags",), _retag("FileSystemTags")),
    ),
    delete=deletion("efs.delete_file_system", "FileSystemId"),
    read=_read_file_system,
)
MOUNT_TARGET = Kind(
    "AWS::EFS::MountTarget",
    takes=("FileSystemId", "SubnetId", "SecurityGroups", "IpAddress"),
    create=_create_mount_target,
    update=_mount_target_groups,
    delete=deletion("efs.delete_mount_target", "MountTargetId"),
    read=_read_mount_target,
)
ACCESS_POINT = Kind(
    "AWS::EFS::AccessPoint",
    takes=("FileSystemId", "PosixUser", "RootDirectory"),
    create=_create_access_point,
    aspects=(Aspect(("AccessPointTags",), _retag("AccessPointTags")),),
    delete=deletion("efs.delete_access_point", "AccessPointId"),
    read=_read_access_point,
)
KINDS = (FILE_SYSTEM_KIND, MOUNT_TARGET, ACCESS_POINT)
