# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle rules of buckets: CloudFormation and S3 write them differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cloud import Unplaced

SAME = ("Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload", "NoncurrentVersionTransitions")
EXPIRY = {"ExpirationInDays": "Days", "ExpirationDate": "Date", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}


def as_api(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of the template as S3's call takes it.

    Raises:
        Unplaced: it has a part that is not translated.
    """
    lost = sorted(set(rule) - {*SAME, *EXPIRY, "Id", "Prefix"})
    if lost:
        raise Unplaced(f"a lifecycle rule of a bucket with {', '.join(lost)}")
    translated: dict[str, Any] = {"ID": rule["Id"]} if "Id" in rule else {}
    translated["Filter"] = {"Prefix": rule.get("Prefix", "")}
    translated.update({name: rule[name] for name in SAME if name in rule})
    expiry = {name: rule[key] for key, name in EXPIRY.items() if key in rule}
    return translated | ({"Expiration": expiry} if expiry else {})


def as_property(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The opposite, for drift."""
    translated: dict[str, Any] = {"Id": rule["ID"]} if "ID" in rule else {}
    translated.update({name: rule[name] for name in SAME if name in rule})
    prefix = rule.get("Prefix") or rule.get("Filter", {}).get("Prefix")
    if prefix:
        translated["Prefix"] = prefix
    expiry = rule.get("Expiration", {})
    translated.update({key: expiry[name] for key, name in EXPIRY.items() if expiry.get(name)})
    return translated
