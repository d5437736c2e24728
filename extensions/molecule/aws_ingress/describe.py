# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS says about the way in, and what the load balancer itself does with requests from inside and outside."""

from __future__ import annotations

import os

import boto3
import requests
import urllib3

urllib3.disable_warnings()
prefix = os.environ["NAME_PREFIX"]
elbv2 = boto3.client("elbv2")
wafv2 = boto3.client("wafv2")

(balancer,) = elbv2.describe_load_balancers()["LoadBalancers"]
arn = balancer["LoadBalancerArn"]
attributes = {each["Key"]: each["Value"] for each in elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]}
assert balancer["Scheme"] == "internet-facing" and len(balancer["AvailabilityZones"]) == 2
assert attributes["deletion_protection.enabled"] == "true"
assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
assert attributes["routing.http.desync_mitigation_mode"] == "defensive"
assert attributes["idle_timeout.timeout_seconds"] == "300"
assert attributes["access_logs.s3.enabled"] == "true" and attributes["access_logs.s3.prefix"] == "alb"
assert attributes["access_logs.s3.bucket"] in [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]

listeners = {listener["Protocol"]: listener for listener in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]}
redirect = listeners["HTTP"]["DefaultActions"][0]["RedirectConfig"]
assert (redirect["Protocol"], redirect["Port"], redirect["StatusCode"]) == ("HTTPS", "443", "HTTP_301")
assert listeners["HTTPS"]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13")

(certificate,) = boto3.client("acm").list_certificates()["CertificateSummaryList"]
assert certificate["DomainName"] == "lists.example.com"
assert certificate["CertificateArn"] == listeners["HTTPS"]["Certificates"][0]["CertificateArn"]

groups = {
    next(tag["Value"] for tag in each["Tags"] if tag["Key"] == "Name").removeprefix(f"{prefix}-"): each["ResourceArn"]
    for each in elbv2.describe_tags(ResourceArns=[group["TargetGroupArn"] for group in elbv2.describe_target_groups()["TargetGroups"]])[
        "TagDescriptions"
    ]
}
assert sorted(groups) == ["core", "public"]
for name, seconds in (("core", "10"), ("public", "30")):
    of_the_group = elbv2.describe_target_group_attributes(TargetGroupArn=groups[name])["Attributes"]
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": seconds} in of_the_group

rules = {rule["Priority"]: rule for rule in elbv2.describe_rules(ListenerArn=listeners["HTTPS"]["ListenerArn"])["Rules"]}
assert sorted(rules) == sorted(["10", "30", "40", "50", "100", "110", "200", "default"])


def networks(priority: str) -> list[str]:
    (condition,) = rules[priority]["Conditions"]
    values: list[str] = condition["SourceIpConfig"]["Values"]
    return values


assert len(networks("100")) == 5 and networks("110") == ["198.51.100.80/28", "203.0.113.7/32"]

(zone,) = boto3.client("route53").list_hosted_zones()["HostedZones"]
records = {
    record["Type"]: record for record in boto3.client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
}
assert records["A"]["Name"] == "lists.example.com." and records["A"]["AliasTarget"]["DNSName"].rstrip(".").endswith(balancer["DNSName"])

(summary,) = wafv2.list_web_acls(Scope="REGIONAL")["WebACLs"]
acl = wafv2.get_web_acl(Name=summary["Name"], Scope="REGIONAL", Id=summary["Id"])["WebACL"]
assert [rule["Name"] for rule in acl["Rules"]] == ["foreign-topic", "known-bad-inputs", "reputation", "sql-injection", "rate"]
assert wafv2.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Name"] == summary["Name"]
(destination,) = wafv2.get_logging_configuration(ResourceArn=summary["ARN"])["LoggingConfiguration"]["LogDestinationConfigs"]
assert destination.endswith(f":log-group:aws-waf-logs-{prefix}")

# The load balancer of the sandbox listens for real, and takes a request's origin from a header.
(shown,) = requests.get(f"{os.environ['AWS_ENDPOINT_URL']}/sandbox/load-balancers", timeout=10).json()
urls = {listener["protocol"]: listener["url"] for listener in shown["listeners"]}


def ask(path: str, source: str, method: str = "GET", scheme: str = "HTTPS") -> requests.Response:
    headers = {"X-Sandbox-Source-Ip": source}
    # Its certificate is for the host name, and this asks by address.
    return requests.request(method, urls[scheme] + path, headers=headers, verify=False, allow_redirects=False, timeout=10)


NOBODY_THERE = 503
"""A rule forwarded the request to a target group; there are no tasks yet."""
for path in ("/admin", "/api/config", "/webhooks/bounce", "/auth/oidc"):
    assert ask(path, "203.0.113.7").status_code == NOBODY_THERE, path
    assert ask(path, "198.51.100.3").status_code == NOBODY_THERE, path
    assert ask(path, "203.0.113.8").status_code == 404, path
for path in ("/", "/health", "/subscription/form", "/archive", "/public/static/app.css", "/uploads/a.png", "/api/public/lists"):
    assert ask(path, "203.0.113.8").status_code == NOBODY_THERE, path
assert ask("/webhooks/service/ses", "203.0.113.8", "POST").status_code == NOBODY_THERE
assert ask("/webhooks/service/ses", "203.0.113.8", "GET").status_code == 404
assert ask("/webhooks/service/sendgrid", "203.0.113.8", "POST").status_code == 404
answer = ask("/subscription/form?a=b", "203.0.113.8", scheme="HTTP")
assert answer.status_code == 301 and answer.headers["Location"].startswith("https://")
