# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an address lies in one of several networks; documented in in_networks.yml."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network

from ansible.errors import AnsibleFilterError


def in_networks(address: str, networks: Iterable[str]) -> bool:
    """Raises AnsibleFilterError for what is no address or no network."""
    try:
        found = ip_address(str(address).strip())
        return any(found in ip_network(str(network).strip(), strict=False) for network in networks)
    except ValueError as error:
        raise AnsibleFilterError(f"in_networks: {error}") from error


class TestModule:
    """The tests of this file."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"in_networks": in_networks}
