# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates with DNS validation: CloudFormation writes the validation records itself and waits until ACM has seen them."""

from __future__ import annotations

from ..cloudformation.errors import ResourceFailed
from .calls import deletion, given, removed_tags, tag_list
from .kind import Aspect, Handle, Kind
from .route53 import change_record

TAKES = ("DomainName", "SubjectAlternativeNames", "ValidationMethod", "CertificateTransparencyLoggingPreference", "KeyAlgorithm")


def _create(handle: Handle) -> None:
    arguments = given(handle, ("DomainName", "SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm"))
    preference = handle.get("CertificateTransparencyLoggingPreference")
    options = {"CertificateTransparencyLoggingPreference": preference} if preference else None
    token = handle.token
    answer = handle.call("acm.request_certificate", IdempotencyToken=token, Options=options, Tags=tag_list(handle) or None, **arguments)
    handle.physical_id = handle.attributes["Id"] = answer["CertificateArn"]


def _settled(handle: Handle) -> bool:
    certificate = handle.call("acm.describe_certificate", CertificateArn=handle.physical_id)["Certificate"]
    if certificate["Status"] in ("FAILED", "VALIDATION_TIMED_OUT", "REVOKED", "EXPIRED"):
        raise ResourceFailed(f"Certificate {handle.physical_id} is in the state {certificate['Status']}")
    if not handle.notes.get("records written"):
        zones = {option["DomainName"]: option.get("HostedZoneId") for option in handle.get("DomainValidationOptions") or []}
        for option in certificate.get("DomainValidationOptions", []):
            record, zone = option.get("ResourceRecord"), zones.get(option["DomainName"])
            if record and zone:
                values = {"ResourceRecords": [{"Value": record["Value"]}]}
                change_record(handle, zone, "UPSERT", {"Name": record["Name"], "Type": record["Type"], "TTL": 300, **values})
        handle.notes["records written"] = True
    return bool(certificate["Status"] == "ISSUED")


def _retag(handle: Handle) -> None:
    if handle.before and removed_tags(handle):
        gone = [{"Key": key} for key in removed_tags(handle)]
        handle.call("acm.remove_tags_from_certificate", CertificateArn=handle.physical_id, Tags=gone)
    if handle.before and tag_list(handle):
        handle.call("acm.add_tags_to_certificate", CertificateArn=handle.physical_id, Tags=tag_list(handle))


CERTIFICATE = Kind(
    "AWS::CertificateManager::Certificate",
    takes=(*TAKES, "DomainValidationOptions"),
    create=_create,
    aspects=(Aspect(("Tags",), _retag),),
    settled=_settled,
    delete=deletion("acm.delete_certificate", "CertificateArn"),
)
KINDS = (CERTIFICATE,)
