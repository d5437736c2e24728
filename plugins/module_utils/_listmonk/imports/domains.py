# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domains that a server accepts no subscribers from (its settings ``privacy.domain_blocklist`` and ``…_allowlist``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .email_address import BadEmailAddress


class DomainRules:
    """listmonk's own rules (6.2.0): an allow-list makes the block-list moot, ``*.a.b`` means a.b and one label before it."""

    def __init__(self, blocked: Iterable[str] = (), allowed: Iterable[str] = ()) -> None:
        self._allowed = _with_bare_domains(allowed)
        self._blocked = _with_bare_domains(blocked)
        self.empty = not (self._allowed or self._blocked)

    def judge(self, address: str) -> None:
        """Raise ``BadEmailAddress`` if the server would skip ``address``."""
        domain = address.rpartition("@")[2]
        if self._allowed:
            if not _among(domain, self._allowed):
                raise BadEmailAddress(f"listmonk's setting privacy.domain_allowlist does not hold {domain}")
        elif _among(domain, self._blocked):
            raise BadEmailAddress(f"listmonk's setting privacy.domain_blocklist holds {domain}")


def from_settings(settings: Mapping[str, Any]) -> DomainRules:
    """The rules of a server, from its settings document; older servers know no allow-list."""
    return DomainRules(settings.get("privacy.domain_blocklist") or (), settings.get("privacy.domain_allowlist") or ())


def _with_bare_domains(domains: Iterable[str]) -> frozenset[str]:
    given = tuple(domains)
    return frozenset({*given, *(domain.removeprefix("*.") for domain in given)})


def _among(domain: str, domains: frozenset[str]) -> bool:
    if domain in domains:
        return True
    _first, _dot, rest = domain.partition(".")
    return "." in rest and f"*.{rest}" in domains
