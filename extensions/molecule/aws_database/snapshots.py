# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS says once both databases are gone: a last snapshot of each."""

from __future__ import annotations

import boto3

rds = boto3.client("rds")
assert rds.describe_db_instances()["DBInstances"] == []
snapshots = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
assert len({snapshot["DBInstanceIdentifier"] for snapshot in snapshots}) == 2, snapshots
assert all(snapshot["Encrypted"] and snapshot["Status"] == "available" for snapshot in snapshots)
