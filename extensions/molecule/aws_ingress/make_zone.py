# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hosted zone, as somebody has it before this collection comes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import boto3

zone = boto3.client("route53").create_hosted_zone(Name="example.com", CallerReference="molecule")["HostedZone"]
Path(sys.argv[1]).write_text(json.dumps({"id": zone["Id"].rpartition("/")[2]}))
