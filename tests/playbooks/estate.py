# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample publisher's sandbox environment as a person deploys it: inventories/sandbox against an AWS of the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import requests

from sandbox.mail import MailCatcher
from tests.ansible_playbook import Run, run_playbook
from tests.fresh_aws import FreshAws
from tests.fresh_listmonk import ROOT, FreshListmonk

LONGEST_RUN_S = 1200.0
READABLE = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
NAME = "paperboat-sandbox"
LOCK, RECORD = f"/clarivum.mailing/{NAME}/run-lock", f"/clarivum.mailing/{NAME}/schema"


@dataclass(frozen=True)
class Estate:
    """``folder`` takes the place of what `python -m sandbox up --aws` leaves behind."""

    folder: Path
    aws: FreshAws | None = None

    def run(self, playbook: str, *arguments: str, **variables: Any) -> Run:
        """One run; the report is read with ``report``."""
        return run_playbook(
            Path(f"clarivum.mailing.{playbook}"), self.folder, *self.arguments(*arguments, **variables), environment=READABLE
        )

    def deploy(self, *arguments: str, **variables: Any) -> Run:
        return self.run("deploy", *arguments, **variables)

    def arguments(self, *more: str, **variables: Any) -> list[str]:
        extra = {"sandbox_state": str(self.folder), "deploy_report_path": str(self.folder / "report.json"), **variables}
        return ["-i", str(ROOT / "inventories" / "sandbox"), "-e", json.dumps(extra), *more]

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return found

    @property
    def url(self) -> str:
        url: str = json.loads((self.folder / "aws.json").read_text())["https_url"]
        return url

    @property
    def ca_path(self) -> str:
        path: str = json.loads((self.folder / "aws.json").read_text())["ca_path"]
        return path

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, verify=self.ca_path, timeout=30)

    def secret(self, output: str, stack: str = "secrets") -> dict[str, str]:
        """What a secret of the stack holds, by the name of its output."""
        assert self.aws is not None
        outputs = self.outputs(stack)
        value: dict[str, str] = json.loads(self.aws.client("secretsmanager").get_secret_value(SecretId=outputs[output])["SecretString"])
        return value

    def outputs(self, stack: str) -> dict[str, str]:
        assert self.aws is not None
        (found,) = self.aws.client("cloudformation").describe_stacks(StackName=f"{NAME}-{stack}")["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    def parameters(self) -> set[str]:
        """The SSM parameters that are there."""
        assert self.aws is not None
        return {one["Name"] for one in self.aws.client("ssm").describe_parameters()["Parameters"]}

    def sql(self, statement: str) -> None:
        """Change something in listmonk's database past listmonk."""
        assert self.aws is not None
        (database,) = self.aws.client("rds").describe_db_instances()["DBInstances"]
        login = self.secret("DatabaseSecretArn")
        where = {"host": database["Endpoint"]["Address"], "port": database["Endpoint"]["Port"], "dbname": database["DBName"]}
        with psycopg.connect(**where, user=login["username"], password=login["password"], autocommit=True) as connection:
            connection.execute(statement)

    def ssm_values(self) -> list[str]:
        """What the SSM parameters hold."""
        assert self.aws is not None
        ssm = self.aws.client("ssm")
        return [ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in sorted(self.parameters())]

    def log_lines(self) -> str:
        """Every line of every log group."""
        assert self.aws is not None
        logs = self.aws.client("logs")
        lines = []
        for group in logs.describe_log_groups()["logGroups"]:
            for stream in logs.describe_log_streams(logGroupName=group["logGroupName"])["logStreams"]:
                answer = logs.get_log_events(logGroupName=group["logGroupName"], logStreamName=stream["logStreamName"], startFromHead=True)
                lines += [event["message"] for event in answer["events"]]
        return "\n".join(lines)


@contextmanager
def estate_on(aws: FreshAws, folder: Path) -> Iterator[Estate]:
    """An environment on an account that is empty but for a hosted zone; mails are caught."""
    folder.mkdir(exist_ok=True)
    zone = aws.client("route53").create_hosted_zone(Name="sandbox.example", CallerReference="tests")["HostedZone"]["Id"].rpartition("/")[2]
    place = {
        "endpoint_url": aws.endpoint_url,
        "region": aws.region,
        "account": aws.account,
        "https_url": f"https://127.0.0.1:{aws.https_port}",
        "ca_path": str(aws.home / "ca.pem"),
        "zone_id": zone,
        "host_name": "lists.sandbox.example",
    }
    (folder / "aws.json").write_text(json.dumps(place))
    with MailCatcher() as mail:
        (folder / "mail.json").write_text(json.dumps({"host": mail.host, "port": mail.port}))
        yield Estate(folder, aws)


def estate_of_nothing(folder: Path) -> Estate:
    """An environment whose AWS is never asked: for what must be refused before."""
    place = {"endpoint_url": "http://127.0.0.1:9", "region": "eu-central-1", "https_url": "https://127.0.0.1:9", "ca_path": "/none"}
    (folder / "aws.json").write_text(json.dumps({**place, "zone_id": "Z0", "host_name": "lists.sandbox.example"}))
    (folder / "mail.json").write_text(json.dumps({"host": "127.0.0.1", "port": 9}))
    return Estate(folder)


def with_token(estate: Estate) -> FreshListmonk:
    """The listmonk, looked at with the token that the deploy stored."""
    stored = estate.secret("ApiTokenSecretArn")
    return FreshListmonk(estate.url, stored["username"], stored["token"])
