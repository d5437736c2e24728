# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate is requested only if ACM can find its record in the public DNS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws import dns_delegation
from tests.unit.aws_leftovers.conftest import Cloud
from tests.unit.aws_leftovers.name_server import Records, name_server

SOA = ["ns-1.example.net. hostmaster.example.com. 1 7200 900 1209600 86400"]
HOST = "lists.example.com"


def make_zone(cloud: Cloud, name: str = "example.com") -> tuple[str, list[str]]:
    """Its id and its name servers, as a registrar writes them."""
    made = cloud.client("route53").create_hosted_zone(Name=name, CallerReference=name)
    return made["HostedZone"]["Id"].rpartition("/")[2], [f"{server}." for server in made["DelegationSet"]["NameServers"]]


def ask(cloud: Cloud, zone_id: str, records: Records, host_name: str = HOST) -> Mapping[str, Any]:
    with name_server(records) as port:
        return cloud.task(
            "aws_dns_delegation_info", zone_id=zone_id, host_name=host_name, name_servers=["127.0.0.1"], port=port, check=True
        )


def test_a_zone_that_people_are_sent_to_is_ready(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    result = ask(cloud, zone_id, {("example.com", "NS"): servers, ("example.com", "SOA"): SOA})
    assert result["ready"] and result["problem"] == ""
    assert result["public"] == {
        "name_servers": [server.rstrip(".") for server in sorted(servers)],
        "zone": "example.com",
        "caa_name": "",
        "caa_issuers": None,
    }


def test_a_zone_that_nobody_is_sent_to_is_told_with_the_servers_to_enter(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    result = ask(cloud, zone_id, {("com", "SOA"): SOA})
    assert not result["ready"]
    assert result["problem"].startswith("Nobody is sent to the zone example.com")
    assert all(server.rstrip(".") in result["problem"] for server in servers)


def test_a_second_zone_of_the_same_name_is_not_taken_for_the_one_in_use(cloud: Cloud) -> None:
    zone_id, _servers = make_zone(cloud)
    result = ask(cloud, zone_id, {("example.com", "NS"): ["ns1.elsewhere.net."], ("example.com", "SOA"): SOA})
    assert not result["ready"] and "to ns1.elsewhere.net, and not to the name servers of the zone" in result["problem"]


def test_a_host_name_that_is_a_zone_of_its_own_is_looked_for_there(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    result = ask(
        cloud, zone_id, {("example.com", "NS"): servers, ("example.com", "SOA"): SOA, (HOST, "SOA"): SOA, (HOST, "NS"): ["ns.other.net."]}
    )
    assert not result["ready"] and f"in the zone {HOST}, which is delegated by itself" in result["problem"]


def test_a_caa_record_above_the_name_that_leaves_amazon_out_is_told(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    public = {("example.com", "NS"): servers, ("example.com", "SOA"): SOA}
    only_one = ask(cloud, zone_id, {**public, ("example.com", "CAA"): ['0 issue "letsencrypt.org"', '0 iodef "mailto:dns@example.com"']})
    assert not only_one["ready"] and "lets letsencrypt.org issue certificates, and not Amazon" in only_one["problem"]
    nobody = ask(cloud, zone_id, {**public, ("example.com", "CAA"): ['0 issue ";"']})
    assert not nobody["ready"] and "lets nobody issue certificates" in nobody["problem"]


def test_the_caa_record_nearest_to_the_name_counts(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    records = {
        ("example.com", "NS"): servers,
        ("example.com", "SOA"): SOA,
        ("example.com", "CAA"): ['0 issue "letsencrypt.org"'],
        (HOST, "CAA"): ['0 issue "amazontrust.com; validationmethods=dns-01"'],
    }
    result = ask(cloud, zone_id, records)
    assert result["ready"] and result["public"]["caa_name"] == HOST and result["public"]["caa_issuers"] == ["amazontrust.com"]


def test_a_caa_record_that_only_wants_reports_forbids_nothing(cloud: Cloud) -> None:
    zone_id, servers = make_zone(cloud)
    records = {("example.com", "NS"): servers, ("example.com", "SOA"): SOA, ("example.com", "CAA"): ['0 iodef "mailto:dns@example.com"']}
    assert ask(cloud, zone_id, records)["ready"]


def test_a_name_outside_the_zone_is_told_without_asking_anybody(cloud: Cloud) -> None:
    zone_id, _servers = make_zone(cloud)
    result = ask(cloud, zone_id, {}, host_name="lists.badexample.com")
    assert not result["ready"] and "does not belong to the zone example.com" in result["problem"] and result["public"] is None


def test_a_private_zone_will_not_do() -> None:
    zone = dns_delegation.Zone("Z0PRIVATE", "example.com", private=True, name_servers=frozenset())
    assert "private one, which ACM does not see" in dns_delegation.problem(zone, HOST, ask=lambda: pytest.fail("nobody need be asked"))


def test_a_zone_that_does_not_exist_is_an_error_of_aws(cloud: Cloud) -> None:
    result = ask(cloud, "Z0NOSUCHZONE", {})
    assert result["failed"] and "NoSuchHostedZone" in result["msg"]


def test_no_answer_at_all_is_an_error_and_not_a_zone_without_servers(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns_delegation, "SECONDS", 0.3)
    zone_id, _servers = make_zone(cloud)
    with name_server({}) as port:
        pass  # nobody listens there any more
    result = cloud.task("aws_dns_delegation_info", zone_id=zone_id, host_name=HOST, name_servers=["127.0.0.1"], port=port)
    assert result["failed"] and "No answer to the question for NS of example.com from 127.0.0.1" in result["msg"]
