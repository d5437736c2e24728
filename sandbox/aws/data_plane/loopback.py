# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopback addresses of which each task and each database has one, as each has an address of its own in a VPC.

All of 127.0.0.0/8 is this machine. Addresses are drawn at random from 127.64.0.0/10: sandboxes that run beside each other hardly
ever draw the same, and a taken port shows it.
"""

from __future__ import annotations

import ipaddress
import random
import socket
import threading

NETWORK = ipaddress.ip_network("127.64.0.0/10")
_lock = threading.Lock()
_taken: set[str] = set()


def take(port: int | None = None) -> str:
    """An address that nobody has, on which the port is free."""
    with _lock:
        while True:
            address = str(NETWORK[random.randrange(1, NETWORK.num_addresses - 1)])
            if address not in _taken and (port is None or _is_free(address, port)):
                _taken.add(address)
                return address


def give_back(address: str) -> None:
    with _lock:
        _taken.discard(address)


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
