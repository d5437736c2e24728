# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What aws_ingress and aws_service refuse before anything is made, and what they tell their stacks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stacks_static.declared import Declared

LISTMONK = f"listmonk/listmonk@sha256:{'a' * 64}"
POSTGRES = f"postgres@sha256:{'b' * 64}"
NETWORK = {
    "vpc_id": "vpc-0123456789abcdef0",
    "public_subnet_ids": ["subnet-0a", "subnet-0b"],
    "private_subnet_ids": ["subnet-0c", "subnet-0d"],
    "load_balancer_security_group_id": "sg-01",
    "service_security_group_id": "sg-02",
    "file_system_security_group_id": "sg-03",
}
STORAGE = {"key_arn": "arn:aws:kms:eu-central-1:123456789012:key/1", "logs_bucket": "paperboat-logs"}


def ingress(**given: Any) -> Declared:
    return Declared(
        "aws_ingress",
        {
            "aws_network_outputs": NETWORK,
            "aws_storage_outputs": STORAGE,
            "aws_ingress_name_prefix": "paperboat-test",
            "aws_ingress_host_name": "lists.example.com",
            "aws_ingress_zone_id": "Z0123456789ABC",
            "aws_ingress_admin_networks": ["198.51.100.0/24"],
            **given,
        },
    )


def service(**given: Any) -> Declared:
    return Declared(
        "aws_service",
        {
            "aws_network_outputs": NETWORK,
            "aws_storage_outputs": STORAGE,
            "aws_secrets_outputs": {"database_secret_arn": "arn:d", "admin_secret_arn": "arn:a"},
            "aws_database_outputs": {"endpoint": "db.example", "port": "5432", "database_name": "listmonk", "master_secret_arn": "arn:m"},
            "aws_ingress_outputs": {"core_target_group_arn": "arn:c", "public_target_group_arn": "arn:p"},
            "aws_service_name_prefix": "paperboat-test",
            "aws_service_image": LISTMONK,
            "aws_service_tools_image": POSTGRES,
            **given,
        },
    )


def test_what_an_inventory_ordinarily_says_is_accepted() -> None:
    assert ingress().broken_rules() == {}
    assert service().broken_rules() == {}


@pytest.mark.parametrize(
    ("networks", "sentence"),
    [
        ([], "Name one at least, or nobody reaches /admin"),
        ([f"198.51.{number}.0/24" for number in range(21)], "names 21 networks"),
        (["198.51.100.7"], "holds 198.51.100.7. Write networks such as"),
        (["vpn.example.com"], "holds vpn.example.com. Write networks such as"),
        (["0.0.0.0/0"], "opens /admin and /api to the whole world"),
        (["::/0"], "opens /admin and /api to the whole world"),
        (["10.0.0.0/8"], "never sees a private address"),
        (["198.51.100.0/24", "172.20.0.0/16"], "holds 172.20.0.0/16. A load balancer on the internet never sees a private address"),
    ],
)
def test_networks_that_cannot_be_meant_are_refused_in_a_sentence(networks: list[str], sentence: str) -> None:
    broken = ingress(aws_ingress_admin_networks=networks).broken_rules()
    assert len(broken) == 1 and sentence in " ".join(broken.values())


@pytest.mark.parametrize("network", ["203.0.113.7/32", "172.32.0.0/16", "127.0.0.0/8", "2001:db8::/48"])
def test_a_network_of_the_internet_is_accepted(network: str) -> None:
    assert ingress(aws_ingress_admin_networks=[network]).broken_rules() == {}


def test_without_a_zone_there_must_be_a_certificate() -> None:
    assert "Set aws_ingress_zone_id" in ingress(aws_ingress_zone_id="").broken_rules()["a certificate to be had"]
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    assert ingress(aws_ingress_zone_id="", aws_ingress_certificate_arn=certificate).broken_rules() == {}


def test_a_fifth_webhook_is_refused() -> None:
    services = ["ses", "sendgrid", "postmark", "forwardemail", "azure"]
    assert "names 5 services" in ingress(aws_ingress_webhook_services=services).broken_rules()["at most four webhooks"]


def test_networks_are_dealt_to_rules_by_five_and_webhooks_become_paths() -> None:
    networks = [f"198.51.{number}.0/24" for number in range(7)]
    parameters = ingress(aws_ingress_admin_networks=networks, aws_ingress_webhook_services=["ses", "postmark"]).parameters()
    assert (parameters["AdminNetworks1"], parameters["AdminNetworks2"], parameters["AdminNetworks3"]) == (networks[:5], networks[5:], [])
    assert parameters["WebhookPaths"] == ["/webhooks/service/ses", "/webhooks/service/postmark"]


def test_a_fact_that_is_missing_is_named() -> None:
    assert "Run aws_network and aws_storage before" in ingress(aws_network_outputs=None).broken_rules()["network and bucket known"]
    said = service(aws_database_outputs=None).broken_rules()["what it stands on is known"]
    assert said.startswith("aws_service_database does not say where the service belongs. Run the role before")
    both = service(aws_database_outputs=None, aws_secrets_outputs=None).broken_rules()["what it stands on is known"]
    assert both.startswith("aws_service_secrets and aws_service_database do not say")


@pytest.mark.parametrize("variable", ["aws_service_image", "aws_service_schema_image", "aws_service_tools_image"])
def test_an_image_by_its_tag_is_refused(variable: str) -> None:
    (sentence,) = service(**{variable: "listmonk/listmonk:v6.2.0"}).broken_rules().values()
    assert sentence.startswith("listmonk/listmonk:v6.2.0 is no image by its digest")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"aws_service_core_cpu": 512, "aws_service_core_memory_mib": 512, "aws_service_core_temporary_mib": 64},
            "Fargate has no task of 512/512",
        ),
        ({"aws_service_public_cpu": 256, "aws_service_public_memory_mib": 768}, "256/768 MiB (public)"),
        ({"aws_service_core_temporary_mib": 600}, "leave half of it to listmonk"),
        ({"aws_service_public_minimum": 7}, "The smaller number must not be the larger one"),
        ({"aws_service_zone_count": 3}, "has 2 private subnets, but aws_service_zone_count is 3"),
    ],
)
def test_sizes_that_aws_or_listmonk_cannot_live_with_are_refused(given: dict[str, Any], sentence: str) -> None:
    (said,) = service(**given).broken_rules().values()
    assert sentence in said


def test_subnets_that_a_check_does_not_know_yet_are_not_counted() -> None:
    unknown = {**NETWORK, "private_subnet_ids": ["known after apply (paperboat-test-network.PrivateSubnetIds)"]}
    assert service(aws_network_outputs=unknown, aws_service_zone_count=3).broken_rules() == {}


def counts(declared: Declared) -> tuple[str, ...]:
    parameters = declared.parameters()
    return tuple(str(parameters[name]) for name in ("CoreCount", "PublicCount", "PublicMinimum", "PublicMaximum"))


def test_what_is_not_started_has_no_tasks_whatever_the_inventory_says() -> None:
    assert counts(service(aws_service_started=False)) == ("0", "0", "0", "0")
    assert counts(service(aws_service_started=False, aws_service_public_count=3)) == ("0", "0", "0", "0")


def test_what_is_started_leaves_the_number_of_public_tasks_to_scaling_unless_it_is_fixed() -> None:
    assert counts(service()) == ("1", "", "2", "6")
    assert counts(service(aws_service_public_count=3)) == ("1", "3", "3", "3")


def test_go_is_told_of_less_memory_than_the_task_has() -> None:
    parameters = service(aws_service_core_memory_mib=2048, aws_service_core_temporary_mib=512).parameters()
    assert (parameters["CoreGoMemory"], parameters["PublicGoMemory"]) == ("1152MiB", "336MiB")
