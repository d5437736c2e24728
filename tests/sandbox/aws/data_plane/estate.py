# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that tasks and load balancers need in an account, and short words for what the tests do with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fresh_aws import FreshAws

LOG_GROUP = "/clarivum/test"
CLUSTER = "test"
DEADLINE_S = 120.0
# Serves its version on the address that it was given, and what it was asked.
WEB = """
import http.server, os, signal, sys
host, port = os.environ["ADDRESS"].split(":")
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == "/stream":
            self.send_response(200); self.send_header("Connection", "close"); self.end_headers()
            self.wfile.write(b"first"); self.wfile.flush()
            import time; time.sleep(1); self.wfile.write(b"second"); return
        length = int(self.headers.get("Content-Length") or 0)
        text = f"{os.environ.get('VERSION')} {self.command} {self.path} {len(self.rfile.read(length))} {dict(self.headers.items())}".encode()
        self.send_response(500 if os.environ.get("VERSION") == "sick" and self.path == "/health" else 200)
        self.send_header("Content-Length", str(len(text))); self.end_headers(); self.wfile.write(text)
    do_POST = do_PUT = do_GET
    def log_message(self, *arguments): pass
print("listening on", host, port, flush=True)
http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""


@dataclass(frozen=True)
class Estate:
    aws: FreshAws
    subnets: list[str]
    security_group: str
    vpc: str

    @classmethod
    def made_in(cls, aws: FreshAws) -> Estate:
        ec2 = aws.client("ec2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
        group = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"][0]["GroupId"]
        aws.client("ecs").create_cluster(clusterName=CLUSTER)
        aws.client("logs").create_log_group(logGroupName=LOG_GROUP)
        return cls(aws, subnets, group, vpc)

    @property
    def ecs(self) -> Any:
        return self.aws.client("ecs")

    @property
    def network(self) -> dict[str, Any]:
        return {"awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.security_group]}}

    def definition(self, command: list[str], *, image: str = "tools:1", **container: Any) -> str:
        """A task definition's ARN."""
        options = {"awslogs-group": LOG_GROUP, "awslogs-region": self.aws.region, "awslogs-stream-prefix": "test"}
        logs = {"logDriver": "awslogs", "options": options}
        volumes = container.pop("volumes", [])
        answer = self.ecs.register_task_definition(
            family="test",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            volumes=volumes,
            containerDefinitions=[{"name": "main", "image": image, "command": command, "logConfiguration": logs, **container}],
        )
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def web(self, version: str, **container: Any) -> str:
        """The definition of a small web server on port 9000."""
        environment = [{"name": "ADDRESS", "value": "0.0.0.0:9000"}, {"name": "VERSION", "value": version}]
        return self.definition([sys.executable, "-c", WEB], environment=environment, portMappings=[{"containerPort": 9000}], **container)

    def run(self, definition: str, **how: Any) -> dict[str, Any]:
        answer = self.ecs.run_task(
            cluster=CLUSTER, taskDefinition=definition, launchType="FARGATE", networkConfiguration=self.network, **how
        )
        return dict(answer["tasks"][0])

    def task(self, task: dict[str, Any]) -> dict[str, Any]:
        return dict(self.ecs.describe_tasks(cluster=CLUSTER, tasks=[task["taskArn"]])["tasks"][0])

    def until(self, task: dict[str, Any], status: str) -> dict[str, Any]:
        return wait_for(lambda: self.task(task), lambda now: now["lastStatus"] == status)

    def run_to_its_end(self, definition: str, **how: Any) -> dict[str, Any]:
        return self.until(self.run(definition, **how), "STOPPED")

    def lines(self, task: dict[str, Any]) -> list[str]:
        stream = f"test/main/{task['taskArn'].rpartition('/')[2]}"
        events = self.aws.client("logs").get_log_events(logGroupName=LOG_GROUP, logStreamName=stream)["events"]
        return [event["message"] for event in events]

    def service(self, name: str) -> dict[str, Any]:
        return dict(self.ecs.describe_services(cluster=CLUSTER, services=[name])["services"][0])

    def create_service(self, name: str, definition: str, *, count: int = 1, percent: tuple[int, int] = (100, 200), **how: Any) -> None:
        breaker = {"enable": True, "rollback": True}
        self.ecs.create_service(
            cluster=CLUSTER,
            serviceName=name,
            taskDefinition=definition,
            desiredCount=count,
            launchType="FARGATE",
            networkConfiguration=self.network,
            deploymentConfiguration={
                "minimumHealthyPercent": percent[0],
                "maximumPercent": percent[1],
                "deploymentCircuitBreaker": breaker,
            },
            **how,
        )

    def settled(self, name: str, *, look: Callable[[dict[str, Any]], None] = lambda _service: None) -> dict[str, Any]:
        """The service, once its rollout is over; ``look`` sees every state on the way."""

        def now() -> dict[str, Any]:
            service = self.service(name)
            look(service)
            return service

        return wait_for(now, lambda one: len(one["deployments"]) == 1 and one["deployments"][0]["rolloutState"] != "IN_PROGRESS")

    def addresses(self, name: str) -> list[str]:
        """Of the service's running tasks."""
        arns = self.ecs.list_tasks(cluster=CLUSTER, serviceName=name)["taskArns"]
        return [address_of(task) for task in self.ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"]] if arns else []

    def remove_service(self, name: str) -> None:
        self.ecs.delete_service(cluster=CLUSTER, service=name, force=True)
        wait_for(lambda: self.service(name), lambda one: one["status"] == "INACTIVE")


def address_of(task: dict[str, Any]) -> str:
    return str(task["containers"][0]["networkInterfaces"][0]["privateIpv4Address"])


def wait_for(get: Callable[[], Any], right: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + DEADLINE_S
    while not right(found := get()):
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.1)
    return found
