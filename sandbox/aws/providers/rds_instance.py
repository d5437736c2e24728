# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database instances: made empty, from a snapshot or from a point in time, as CloudFormation's own handler does it.

A restore is two calls: the restore itself, and a modification once the instance is there, which sets what a restore cannot
(aws-cloudformation/aws-cloudformation-resource-providers-rds, CreateHandler).
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..cloudformation.errors import ResourceFailed
from .calls import given, tag_list
from .kind import Aspect, Handle, Kind, Properties
from .rds_tags import retag

LONGEST = 63
RENAMED = {"VPCSecurityGroups": "VpcSecurityGroupIds"}
BOTH = (  # taken by create, restore and modify
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "DBInstanceClass",
    "DBParameterGroupName",
    "DeletionProtection",
    "EnableIAMDatabaseAuthentication",
    "MultiAZ",
    "PubliclyAccessible",
    "StorageType",
    "VPCSecurityGroups",
)
LATER = (  # of these a restore knows nothing: set by the modification after it
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "DatabaseInsightsMode",
    "EnablePerformanceInsights",
    "EngineVersion",
    "ManageMasterUserPassword",
    "MaxAllocatedStorage",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
)
ONLY_CREATE = ("DBName", "Engine", "EngineLifecycleSupport", "KmsKeyId", "MasterUsername", "StorageEncrypted")
PLACE = ("DBSubnetGroupName",)
RESTORE = ("DBSnapshotIdentifier", "SourceDbiResourceId", "RestoreTime", "UseLatestRestorableTime")
OWN = ("DBInstanceIdentifier", "EnableCloudwatchLogsExports", "MasterUserSecret", "AllowMajorVersionUpgrade", "DeleteAutomatedBackups")
# What RDS has when a property is not given; only those that a modification can put back.
DEFAULTS: Properties = {
    "AutoMinorVersionUpgrade": True,
    "BackupRetentionPeriod": 1,
    "CopyTagsToSnapshot": False,
    "DeletionProtection": False,
    "EnableIAMDatabaseAuthentication": False,
    "EnablePerformanceInsights": False,
    "MonitoringInterval": 0,
    "MultiAZ": False,
    "PubliclyAccessible": False,
}


def _create(handle: Handle) -> None:
    identifier = handle.name(handle.get("DBInstanceIdentifier"), longest=LONGEST, lower=True)
    restored = any(name in handle.properties for name in RESTORE)
    arguments = given(handle, (*BOTH, *PLACE), RENAMED) | {"Tags": tag_list(handle) or None}
    logs = handle.get("EnableCloudwatchLogsExports")
    if not restored:
        arguments |= given(handle, (*LATER, *ONLY_CREATE)) | _secret_key(handle)
        handle.call("rds.create_db_instance", DBInstanceIdentifier=identifier, EnableCloudwatchLogsExports=logs, **arguments)
    elif "DBSnapshotIdentifier" in handle.properties:
        handle.call(
            "rds.restore_db_instance_from_db_snapshot",
            DBInstanceIdentifier=identifier,
            DBSnapshotIdentifier=handle.get("DBSnapshotIdentifier"),
            EnableCloudwatchLogsExports=logs,
            **arguments,
        )
    else:
        handle.call(
            "rds.restore_db_instance_to_point_in_time",
            TargetDBInstanceIdentifier=identifier,
            EnableCloudwatchLogsExports=logs,
            **given(handle, ("SourceDbiResourceId", "RestoreTime", "UseLatestRestorableTime")),
            **arguments,
        )
    handle.physical_id = identifier
    handle.notes["restored"] = restored


def _settled(handle: Handle) -> bool:
    instance = _described(handle)
    if instance["DBInstanceStatus"] in ("failed", "incompatible-restore", "incompatible-parameters"):
        raise ResourceFailed(f"DB instance {handle.physical_id} is in the state {instance['DBInstanceStatus']}")
    if instance["DBInstanceStatus"] != "available":
        return False
    if handle.notes.pop("restored", False):
        later = given(handle, LATER) | _secret_key(handle)
        handle.call("rds.modify_db_instance", DBInstanceIdentifier=handle.physical_id, ApplyImmediately=True, **later)
        return False
    _take_attributes(handle, instance)
    return True


def _take_attributes(handle: Handle, instance: Properties) -> None:
    endpoint = instance.get("Endpoint", {})
    handle.attributes.update(
        {
            "DBInstanceArn": instance["DBInstanceArn"],
            "DbiResourceId": instance["DbiResourceId"],
            "Endpoint.Address": endpoint.get("Address", ""),
            "Endpoint.Port": str(endpoint.get("Port", "")),
            "Endpoint.HostedZoneId": endpoint.get("HostedZoneId", ""),
            "MasterUserSecret.SecretArn": instance.get("MasterUserSecret", {}).get("SecretArn", ""),
        }
    )


def _modify(handle: Handle) -> None:
    arguments: dict[str, Any] = {}
    for name in (*BOTH, *LATER):
        if handle.changed(name) and (name in handle.properties or name in DEFAULTS):
            arguments[RENAMED.get(name, name)] = handle.get(name, DEFAULTS.get(name))
    if handle.changed("EnableCloudwatchLogsExports"):
        before, after = (set(properties.get("EnableCloudwatchLogsExports") or []) for properties in (handle.before, handle.properties))
        arguments["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(after - before),
            "DisableLogTypes": sorted(before - after),
        }
    if handle.changed("MasterUserSecret"):
        arguments |= _secret_key(handle)
    if "EngineVersion" in arguments:
        arguments["AllowMajorVersionUpgrade"] = handle.flag("AllowMajorVersionUpgrade")
    if arguments:
        handle.call("rds.modify_db_instance", DBInstanceIdentifier=handle.physical_id, ApplyImmediately=True, **arguments)


def _replaced(handle: Handle) -> bool:
    """Another snapshot or point in time is another database; the parameter going away alone is not (the handler's ImmutabilityHelper)."""
    return any(handle.changed(name) and name in handle.properties for name in RESTORE) or handle.changed("Engine")


def _snapshot(handle: Handle) -> None:
    handle.notes["final snapshot"] = f"{handle.stack}-snapshot-{handle.logical_id}-{handle.token}".lower()


def _delete(handle: Handle) -> None:
    name = handle.notes.get("final snapshot")
    how = {"FinalDBSnapshotIdentifier": name} if name else {"SkipFinalSnapshot": True}
    automated = handle.flag("DeleteAutomatedBackups", True)
    handle.call("rds.delete_db_instance", DBInstanceIdentifier=handle.physical_id, DeleteAutomatedBackups=automated, **how)


def _gone(handle: Handle) -> bool:
    try:
        _described(handle)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("DBInstanceNotFound", "DBInstanceNotFoundFault"):
            raise
        return True
    return False


def _exists(handle: Handle) -> bool:
    if not handle.get("DBInstanceIdentifier"):
        return False
    handle.physical_id = handle.get("DBInstanceIdentifier")
    return not _gone(handle)


def _read(handle: Handle) -> Properties:
    instance = _described(handle)
    names = (*BOTH, *LATER, "DBName", "Engine", "KmsKeyId", "MasterUsername", "StorageEncrypted")
    seen = {name: instance[name] for name in names if name in instance}
    seen["EnableIAMDatabaseAuthentication"] = instance.get("IAMDatabaseAuthenticationEnabled", False)
    seen["VPCSecurityGroups"] = [group["VpcSecurityGroupId"] for group in instance.get("VpcSecurityGroups", [])]
    seen["DBParameterGroupName"] = instance["DBParameterGroups"][0]["DBParameterGroupName"]
    seen["DBSubnetGroupName"] = instance.get("DBSubnetGroup", {}).get("DBSubnetGroupName")
    seen["EnableCloudwatchLogsExports"] = instance.get("EnabledCloudwatchLogsExports", [])
    wanted = str(handle.get("EngineVersion", ""))
    if str(seen.get("EngineVersion", "")).startswith(wanted):  # the schema's transform: any minor of a given major is no drift
        seen["EngineVersion"] = wanted
    return seen


def _described(handle: Handle) -> Properties:
    found: Properties = handle.call("rds.describe_db_instances", DBInstanceIdentifier=handle.physical_id)["DBInstances"][0]
    return found


def _secret_key(handle: Handle) -> Properties:
    key = (handle.get("MasterUserSecret") or {}).get("KmsKeyId")
    return {"MasterUserSecretKmsKeyId": key} if key else {}


INSTANCE = Kind(
    "AWS::RDS::DBInstance",
    takes=(*BOTH, *LATER, *ONLY_CREATE, *PLACE, *RESTORE, *OWN),
    create=_create,
    update=_modify,
    aspects=(Aspect(("Tags",), retag("DBInstanceArn")),),
    settled=_settled,
    delete=_delete,
    gone=_gone,
    read=_read,
    snapshot=_snapshot,
    replaced_when=_replaced,
    exists=_exists,
)
KINDS = (INSTANCE,)
