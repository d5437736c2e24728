# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto lacks or does otherwise than AWS, put right inside the process: one file a service, each fault with its reason.

``close`` is called once, before the first request.
"""

from __future__ import annotations

from . import efs, log_encryption, managed_policies, network_interfaces, rds_parameters, s3_logging


def close() -> None:
    """Put everything right."""
    efs.close()
    log_encryption.close()
    managed_policies.close()
    network_interfaces.close()
    rds_parameters.close()
    s3_logging.close()
