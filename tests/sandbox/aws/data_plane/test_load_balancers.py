# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load balancer: listeners on loopback ports that obey their rules and forward to healthy targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.sandbox.aws.data_plane.estate import Estate, wait_for

pytestmark = pytest.mark.slow
NOT_HERE = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "not here"}}


@dataclass(frozen=True)
class Balancer:
    estate: Estate
    arn: str
    target_group: str
    https_listener: str
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def elb(self) -> Any:
        return self.estate.aws.client("elbv2")

    def ask(self, path: str, *, method: str = "GET", protocol: str = "HTTPS", source: str | None = None, **how: Any) -> requests.Response:
        headers = {**({"X-Sandbox-Source-Ip": source} if source else {}), **how.pop("headers", {})}
        ca = str(self.estate.aws.home / "ca.pem")
        return requests.request(method, self.urls[protocol] + path, headers=headers, verify=ca, timeout=20, allow_redirects=False, **how)

    def health(self) -> list[str]:
        answer = self.elb.describe_target_health(TargetGroupArn=self.target_group)
        return [one["TargetHealth"]["State"] for one in answer["TargetHealthDescriptions"]]


@pytest.fixture(scope="module")
def balancer(estate: Estate) -> Balancer:
    """HTTPS that says 404 but for its rules, HTTP that redirects there, and a service behind both."""
    elb = estate.aws.client("elbv2")
    certificate = estate.aws.client("acm").request_certificate(DomainName="lists.example.org", ValidationMethod="DNS")["CertificateArn"]
    arn = elb.create_load_balancer(Name="test", Subnets=estate.subnets, SecurityGroups=[estate.security_group])["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    group = elb.create_target_group(Name="test", Protocol="HTTP", Port=9000, VpcId=estate.vpc, TargetType="ip", HealthCheckPath="/health")
    target_group = group["TargetGroups"][0]["TargetGroupArn"]
    https = elb.create_listener(
        LoadBalancerArn=arn, Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": certificate}], DefaultActions=[NOT_HERE]
    )["Listeners"][0]["ListenerArn"]
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=[redirect])
    forward = [{"Type": "forward", "TargetGroupArn": target_group}]
    admin = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/admin*", "/api/*"]}},
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["198.51.100.0/24"]}},
    ]
    elb.create_rule(ListenerArn=https, Priority=20, Conditions=admin, Actions=forward)
    public = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/public/*", "/stream"]}}]
    elb.create_rule(ListenerArn=https, Priority=10, Conditions=public, Actions=forward)
    listening = requests.get(f"{estate.aws.endpoint_url}/sandbox/load-balancers", timeout=10).json()
    urls = {one["protocol"]: one["url"] for balancer in listening for one in balancer["listeners"]}
    return Balancer(estate, arn, target_group, https, urls)


@pytest.fixture
def web(balancer: Balancer) -> Iterator[Balancer]:
    """With two tasks behind it."""
    targets = [{"targetGroupArn": balancer.target_group, "containerName": "main", "containerPort": 9000}]
    balancer.estate.create_service("web", balancer.estate.web("1"), count=2, loadBalancers=targets)
    balancer.estate.settled("web")
    yield balancer
    balancer.estate.remove_service("web")


def test_a_certificate_is_issued_at_once_and_vouched_for_by_the_sandbox(balancer: Balancer) -> None:
    acm = balancer.estate.aws.client("acm")
    arn = acm.list_certificates()["CertificateSummaryList"][0]["CertificateArn"]
    shown = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert (shown["Status"], shown["Type"], shown["SubjectAlternativeNames"]) == ("ISSUED", "AMAZON_ISSUED", ["lists.example.org"])
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(balancer.urls["HTTPS"], timeout=10)


def test_what_no_rule_takes_gets_the_default_and_http_is_sent_to_https(balancer: Balancer) -> None:
    answer = balancer.ask("/elsewhere")
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (404, "not here", "text/plain")
    moved = balancer.ask("/public/x?a=b&c=d", protocol="HTTP")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{balancer.urls['HTTPS']}/public/x?a=b&c=d")


def test_without_targets_a_forward_is_503(balancer: Balancer) -> None:
    assert balancer.ask("/public/x").status_code == 503


def test_paths_for_some_networks_are_closed_to_others(web: Balancer) -> None:
    inside, outside = "198.51.100.7", "203.0.113.7"
    assert [web.ask(path, source=outside).status_code for path in ("/public/x", "/admin", "/api/lists")] == [200, 404, 404]
    assert [web.ask(path, source=inside).status_code for path in ("/public/x", "/admin", "/api/lists")] == [200, 200, 200]


def test_a_target_sees_the_client_the_protocol_and_the_body_but_not_the_sandboxs_own_header(web: Balancer) -> None:
    body = b"x" * 300_000
    answer = web.ask(
        "/public/x?q=1",
        method="POST",
        data=body,
        source="203.0.113.7",
        headers={"Host": "lists.example.org", "X-Forwarded-For": "10.9.8.7"},
    )
    assert answer.text.startswith("1 POST /public/x?q=1 300000 ")
    assert "'X-Forwarded-For': '10.9.8.7, 203.0.113.7'" in answer.text
    assert "'X-Forwarded-Proto': 'https'" in answer.text and "'X-Forwarded-Port': '443'" in answer.text
    assert "'Host': 'lists.example.org'" in answer.text
    assert "sandbox" not in answer.text.lower()


def test_a_body_of_unknown_length_arrives_whole(web: Balancer) -> None:
    answer = web.ask("/public/x", method="PUT", data=iter([b"a" * 1000, b"b" * 1000]))
    assert re.match(r"1 PUT /public/x \d+ .*'Transfer-Encoding': 'chunked'", answer.text)


def test_a_stream_is_passed_on_as_it_comes(web: Balancer) -> None:
    answer = web.ask("/stream", stream=True)
    pieces = answer.iter_content(None)
    assert next(pieces) == b"first"
    assert b"".join(pieces) == b"second"


def test_a_listeners_headers_are_added_to_each_answer(balancer: Balancer) -> None:
    key = "routing.http.response.strict_transport_security.header_value"
    balancer.elb.modify_listener_attributes(ListenerArn=balancer.https_listener, Attributes=[{"Key": key, "Value": "max-age=63072000"}])
    assert balancer.ask("/elsewhere").headers["Strict-Transport-Security"] == "max-age=63072000"


def test_targets_come_with_the_tasks_drain_with_them_and_go(web: Balancer) -> None:
    assert web.health() == ["healthy", "healthy"]
    web.estate.ecs.update_service(cluster="test", service="web", desiredCount=1)
    assert wait_for(web.health, lambda states: len(states) == 1) == ["healthy"]


def test_requests_are_answered_all_the_time_while_a_service_is_rolled(web: Balancer) -> None:
    web.estate.ecs.update_service(cluster="test", service="web", taskDefinition=web.estate.web("2"))
    answers: list[requests.Response] = []
    web.estate.settled("web", look=lambda _service: answers.append(web.ask("/public/x")))
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].text.startswith("1 ") and web.ask("/public/x").text.startswith("2 ")


def test_a_task_that_never_passes_the_load_balancers_check_trips_the_breaker(web: Balancer) -> None:
    sick = web.estate.web("sick")
    web.estate.ecs.update_service(cluster="test", service="web", taskDefinition=sick, healthCheckGracePeriodSeconds=0)
    service = web.estate.settled("web")
    assert service["taskDefinition"] != sick
    assert "failed ELB health checks" in " ".join(event["message"] for event in service["events"])
    assert web.ask("/public/x").text.startswith("1 ")


def test_a_rule_takes_at_most_five_values(balancer: Balancer) -> None:
    values = [f"/{number}" for number in range(6)]
    with pytest.raises(ClientError, match="TooManyUniqueValuesInRule"):
        balancer.elb.create_rule(
            ListenerArn=balancer.https_listener,
            Priority=99,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": values}}],
            Actions=[NOT_HERE],
        )


def test_a_service_whose_target_group_hangs_on_no_listener_is_refused(estate: Estate) -> None:
    group = estate.aws.client("elbv2").create_target_group(Name="alone", Protocol="HTTP", Port=9000, VpcId=estate.vpc, TargetType="ip")
    targets = [{"targetGroupArn": group["TargetGroups"][0]["TargetGroupArn"], "containerName": "main", "containerPort": 9000}]
    with pytest.raises(ClientError, match="does not have an associated load balancer"):
        estate.create_service("lonely", estate.web("1"), loadBalancers=targets)


def test_a_second_listener_on_the_same_port_is_refused(balancer: Balancer) -> None:
    with pytest.raises(ClientError, match="DuplicateListener"):
        balancer.elb.create_listener(LoadBalancerArn=balancer.arn, Protocol="HTTP", Port=80, DefaultActions=[NOT_HERE])
