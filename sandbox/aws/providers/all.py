# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every resource type that the sandbox can make."""

from __future__ import annotations

from . import (
    acm,
    autoscaling,
    ec2_addresses,
    ec2_endpoints,
    ec2_network,
    ec2_security_groups,
    ecs,
    ecs_service,
    efs,
    elbv2,
    elbv2_listeners,
    iam,
    kms,
    logs,
    rds_groups,
    rds_instance,
    route53,
    s3,
    secretsmanager,
    wafv2,
)
from .kind import Kind

MODULES = (
    acm,
    autoscaling,
    ec2_addresses,
    ec2_endpoints,
    ec2_network,
    ec2_security_groups,
    ecs,
    ecs_service,
    efs,
    elbv2,
    elbv2_listeners,
    iam,
    kms,
    logs,
    rds_groups,
    rds_instance,
    route53,
    s3,
    secretsmanager,
    wafv2,
)
KINDS: dict[str, Kind] = {kind.type: kind for module in MODULES for kind in module.KINDS}
