# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The url option: what a server's base address comes down to; address_reading.py knows its rarer forms and what is wrong with it."""

from __future__ import annotations

import re
from typing import NamedTuple

DEFAULT_PORTS = {"http": 80, "https": 443}
# A host alone, with or without a port: a part of what is right, so that a task need not load the rules for all the rest.
_USUAL = re.compile("(https?)://([a-z0-9]+(?:[.-][a-z0-9]+)*)(?::([0-9]{1,5}))?/?")


class Address(NamedTuple):
    """A checked base address. ``base`` ends without a slash and holds neither credentials, query nor fragment."""

    base: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)


def without_secrets(url: str) -> str:
    """The URL without what may be a password: user information, query and fragment."""
    scheme, mark, rest = url.partition("://")
    if not mark or not scheme.strip().isalpha():
        scheme, mark, rest = "", "", url
    return re.split(r"[?#]", scheme + mark + rest.rpartition("@")[2], maxsplit=1)[0]


def password_in(url: str) -> str:
    """What stands where a URL holds a password; empty where there is none."""
    user_info, _at, _rest = url.partition("://")[2].rpartition("@")
    return user_info.partition(":")[2]


def parse_address(url: str) -> Address:
    """Check the url option. Raises BadAddress with what is wrong and, where it can be known, the right form."""
    return _usual_address(url) or _read(url)


def _usual_address(url: str) -> Address | None:
    usual = _USUAL.fullmatch(url)
    if usual is None:
        return None
    scheme, host, digits = usual.groups()
    port = DEFAULT_PORTS[scheme] if digits is None else int(digits)
    if not 0 < port < 65536 or len(host) > 63 or any(label.isdigit() and int(label) > 255 for label in host.split(".")):
        return None
    return Address(f"{scheme}://{host}" if digits is None else f"{scheme}://{host}:{port}", scheme, host, port)


def _read(url: str) -> Address:
    # Imported here because nearly every url is a usual one, and a module compiles all that it imports, on every run.
    from .address_reading import read_address

    return read_address(url)
