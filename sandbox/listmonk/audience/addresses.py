# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which e-mail addresses listmonk accepts, and how it stores them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

INVALID = "Invalid email."
DOMAIN_BLOCKED = "The e-mail domain is blocklisted."

# Go's unicode.IsSpace; Python's str.strip() would also take the separators U+001C to U+001F.
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

# Everybody's address: nothing to trim, to lower or to look at twice. It only makes imports faster.
_PLAIN = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII)

# RFC 5322 atext as Go's net/mail sees it: every printable ASCII character but the specials, and everything beyond ASCII.
_ATOM = r"[!#-'*+\-/0-9=?A-Z^-~\u0080-\U0010ffff]+"
_DOT_ATOM = rf"{_ATOM}(?:\.{_ATOM})*"
_ADDRESS = re.compile(rf"{_DOT_ATOM}@(?:{_DOT_ATOM}|\[(?P<literal>[!-Z^-~]+)\])")

_LONGEST = 1000
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


class BadAddress(Exception):
    """str(e) is what listmonk answers."""


@dataclass(frozen=True)
class DomainRules:
    """The settings privacy.domain_blocklist and privacy.domain_allowlist."""

    blocked: frozenset[str] = frozenset()
    blocked_wildcards: bool = False
    allowed: frozenset[str] = frozenset()
    allowed_wildcards: bool = False

    @classmethod
    def of(cls, blocklist: Iterable[str], allowlist: Iterable[str]) -> DomainRules:
        blocked, blocked_wildcards = _with_bare_domains(blocklist)
        allowed, allowed_wildcards = _with_bare_domains(allowlist)
        return cls(blocked, blocked_wildcards, allowed, allowed_wildcards)

    def refuse(self, domain: str) -> bool:
        """An allowlist makes the blocklist moot."""
        if self.allowed:
            return not _listed(domain, self.allowed, self.allowed_wildcards)
        return bool(self.blocked) and _listed(domain, self.blocked, self.blocked_wildcards)


def sanitised(address: str, rules: DomainRules | None = None) -> str:
    """The stored form of `address`, or BadAddress.

    listmonk trims and lowers the text and wants it to be exactly its own RFC 5322 address: no display name, no comment, no quotes.
    Bytes that are no UTF-8 arrive as surrogate escapes and leave as U+FFFD, because Go's ToLower replaces them.
    """
    if _PLAIN.fullmatch(address) is None:
        if len(address.encode("utf-8", "surrogateescape")) > _LONGEST:
            raise BadAddress(INVALID)
        address = lowered(address.strip(SPACES))
        found = _ADDRESS.fullmatch(address)
        if found is None or (found["literal"] is not None and not _is_ip(found["literal"])):
            raise BadAddress(INVALID)
    elif len(address) > _LONGEST:
        raise BadAddress(INVALID)
    if rules is not None and (rules.allowed or rules.blocked) and rules.refuse(address.split("@")[1]):
        raise BadAddress(DOMAIN_BLOCKED)
    return address


def lowered(text: str) -> str:
    """Go's strings.ToLower: one rune for one rune, whatever its neighbours are."""
    if text.isascii():
        return text.lower()
    return "".join(character.lower()[0] for character in _LONE_SURROGATES.sub("\ufffd", text))


def _is_ip(literal: str) -> bool:
    """Go's net.ParseIP knows no zones."""
    try:
        ipaddress.ip_address(literal)
    except ValueError:
        return False
    return "%" not in literal


def _with_bare_domains(domains: Iterable[str]) -> tuple[frozenset[str], bool]:
    """*.example.com stands for example.com too."""
    names = list(domains)
    wildcards = [name for name in names if "*." in name]
    return frozenset(names) | {name.removeprefix("*.") for name in wildcards}, bool(wildcards)


def _listed(domain: str, listed: frozenset[str], wildcards: bool) -> bool:
    if domain in listed:
        return True
    if wildcards and domain.count(".") > 1:
        return "*." + domain.partition(".")[2] in listed
    return False
