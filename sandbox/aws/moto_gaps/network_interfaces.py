# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private name of a network interface: moto 5.2.5 sets it only in a VPC with DNS host names, and asks for it in every task."""

from __future__ import annotations

from moto.ec2.models.elastic_network_interfaces import NetworkInterface


def close() -> None:
    NetworkInterface.private_dns_name = ""
