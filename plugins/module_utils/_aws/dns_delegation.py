# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a certificate for a name can be validated in a hosted zone, by what the public DNS says.

ACM looks for its record in the public DNS, and CloudFormation waits for it for hours: with a zone that nobody is sent to, or with a CAA record
that leaves Amazon out, in vain (cloudformation-coverage-roadmap#130; ACM user guide, "CAA records").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .._core.errors import MailingError
from .connection import Aws

AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
"""Any of these in a CAA record lets ACM issue."""
SECONDS = 10.0
"""How long to wait for an answer to one question."""


class DnsUnanswered(MailingError):
    """The public DNS could not be asked at all."""


@dataclass(frozen=True)
class Zone:
    """A hosted zone as Route 53 has it; names are in small letters without the last dot."""

    id: str
    name: str
    private: bool
    name_servers: frozenset[str]


@dataclass(frozen=True)
class Caa:
    """The CAA record that counts for a name: the first one from the name upwards."""

    name: str = ""
    issuers: tuple[str, ...] | None = None
    """Who may issue; None if no record says anything about it."""

    @property
    def lets_amazon_in(self) -> bool:
        return self.issuers is None or bool(AMAZON.intersection(self.issuers))


@dataclass(frozen=True)
class Answers:
    """What public DNS says about the zone and the host name."""

    name_servers: frozenset[str]
    enclosing_zone: str
    """The zone in which the public DNS looks for the host name."""
    caa: Caa


def read_zone(aws: Aws, zone_id: str) -> Zone:
    """The zone in Route 53. Raises AwsError."""
    answer = aws.call("route53", "get_hosted_zone", Id=zone_id)
    zone = answer["HostedZone"]
    return Zone(
        id=zone_id,
        name=plain(zone["Name"]),
        private=bool(zone.get("Config", {}).get("PrivateZone")),
        name_servers=frozenset(map(plain, answer.get("DelegationSet", {}).get("NameServers", ()))),
    )


def problem(zone: Zone, host_name: str, ask: Callable[[], Answers]) -> str:
    """Why a certificate for the name could not be validated in the zone, or nothing. ``ask`` is called only if the zone itself will do."""
    if host_name != zone.name and not host_name.endswith(f".{zone.name}"):
        return f"{host_name} does not belong to the zone {zone.name} ({zone.id}). Name the zone that holds it."
    if zone.private:
        return f"The zone {zone.name} ({zone.id}) is a private one, which ACM does not see. Name a public zone."
    answers = ask()
    servers = ", ".join(sorted(zone.name_servers))
    if not answers.name_servers:
        return (
            f"Nobody is sent to the zone {zone.name} ({zone.id}): public DNS has no name servers for it. "
            f"Enter these where the domain is registered, or in the zone above: {servers}."
        )
    if not answers.name_servers & zone.name_servers:
        return (
            f"Public DNS sends people for {zone.name} to {', '.join(sorted(answers.name_servers))}, and not to the name servers of the zone "
            f"{zone.id}: {servers}. Name the zone that is in use, or enter these servers."
        )
    if answers.enclosing_zone != zone.name:
        return (
            f"Public DNS looks for {host_name} in the zone {answers.enclosing_zone}, which is delegated by itself, and not in {zone.name} "
            f"({zone.id}). Name that zone."
        )
    if not answers.caa.lets_amazon_in:
        who = ", ".join(answers.caa.issuers or ()) or "nobody"
        return f"The CAA record of {answers.caa.name} lets {who} issue certificates, and not Amazon. Add one that allows amazon.com."
    return ""


def plain(name: str) -> str:
    return name.rstrip(".").lower()


class PublicDns:
    """The resolver of this machine, or the given name servers."""

    def __init__(self, name_servers: Sequence[str] = (), port: int = 53) -> None:
        try:
            import dns.resolver
        except ImportError as error:
            raise DnsUnanswered(
                "The Python library dnspython is missing, with which public DNS is asked. Install it beside ansible-core, or leave the check out."
            ) from error
        try:
            self._resolver = dns.resolver.Resolver(configure=not name_servers)
        except dns.resolver.NoResolverConfiguration as error:
            raise DnsUnanswered("This machine has no DNS resolver configured. Give name_servers, or leave the check out.") from error
        if name_servers:
            self._resolver.nameservers = list(name_servers)
        self._resolver.port = port
        self._resolver.lifetime = SECONDS

    def answers(self, zone: Zone, host_name: str) -> Answers:
        """Raises DnsUnanswered."""
        return Answers(
            name_servers=frozenset(plain(str(record.target)) for record in self._records(zone.name, "NS")),
            enclosing_zone=self._enclosing_zone(host_name),
            caa=self._caa(host_name),
        )

    def _records(self, name: str, kind: str) -> list[Any]:
        """The records of that kind, none if there is no such name; also none where the servers that public DNS names do not answer for it."""
        import dns.exception
        import dns.resolver

        try:
            return list(self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False).rrset or ())
        except (dns.resolver.NXDOMAIN, dns.resolver.NoNameservers):
            return []
        except dns.exception.DNSException as error:
            raise self._unanswered(f"{kind} of {name}", error) from error

    def _enclosing_zone(self, host_name: str) -> str:
        import dns.exception
        import dns.resolver

        try:
            return plain(dns.resolver.zone_for_name(host_name, resolver=self._resolver).to_text())
        except (dns.resolver.NoNameservers, dns.resolver.NoRootSOA):
            return ""
        except dns.exception.DNSException as error:
            raise self._unanswered(f"SOA of {host_name}", error) from error

    def _caa(self, host_name: str) -> Caa:
        labels = host_name.split(".")
        for start in range(len(labels)):
            name = ".".join(labels[start:])
            records = self._records(name, "CAA")
            if records:
                issuers = [record.value.decode("ascii", "replace") for record in records if record.tag == b"issue"]
                return Caa(name, tuple(plain(value.partition(";")[0].strip()) for value in issuers) if issuers else None)
        return Caa()

    def _unanswered(self, question: str, error: Exception) -> DnsUnanswered:
        servers = ", ".join(str(server) for server in self._resolver.nameservers)
        return DnsUnanswered(
            f"No answer to the question for {question} from {servers}: {error}. Give name_servers that answer, or leave the check out."
        )
