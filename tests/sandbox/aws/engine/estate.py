# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's six stacks with the parameters that they need, made one after the other from each other's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fresh_aws import ROOT
from tests.sandbox.aws.engine.stacks import Stacks

ORDER = ("network", "storage", "secrets", "database", "ingress", "service")
IMAGE = "listmonk/listmonk@sha256:" + "a" * 64
TOOLS = "postgres@sha256:" + "b" * 64


def template(role: str) -> str:
    return (ROOT / "roles" / f"aws_{role}" / "files" / "stack.template").read_text()


def arguments(parameters: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": str(value)} for name, value in parameters.items()]


@dataclass
class Estate:
    stacks: Stacks
    prefix: str = "paper-boat"
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    zone: str = ""

    def create(self, *roles: str) -> None:
        """Make the stacks in their order; those before them must be there."""
        if not self.zone:
            made = self.stacks.aws.client("route53").create_hosted_zone(Name="example.org.", CallerReference="1")
            self.zone = made["HostedZone"]["Id"].rpartition("/")[2]
        for role in roles:
            stack = self.stacks.create(
                self.name(role),
                template(role),
                Parameters=arguments(self.parameters(role)),
                Capabilities=["CAPABILITY_IAM"],
                Tags=[{"Key": "environment", "Value": "test"}],
            )
            assert stack["StackStatus"] == "CREATE_COMPLETE", self.stacks.events(self.name(role))
            self.outputs[role] = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def change_set(self, role: str, **changed: Any) -> dict[str, Any]:
        return self.stacks.change_set(
            self.name(role),
            template(role),
            Parameters=arguments({**self.parameters(role), **changed}),
            Capabilities=["CAPABILITY_IAM"],
        )

    def name(self, role: str) -> str:
        return f"{self.prefix}-{role}"

    def parameters(self, role: str) -> dict[str, Any]:
        own = getattr(self, f"_{role}")()
        return {"NamePrefix": self.prefix, **own}

    def _network(self) -> dict[str, Any]:
        return {}

    def _storage(self) -> dict[str, Any]:
        return {}

    def _secrets(self) -> dict[str, Any]:
        return {"KeyArn": self.outputs["storage"]["KeyArn"]}

    def _database(self) -> dict[str, Any]:
        network = self.outputs["network"]
        return {
            "KeyArn": self.outputs["storage"]["KeyArn"],
            "SubnetIds": network["DatabaseSubnetIds"],
            "SecurityGroupId": network["DatabaseSecurityGroupId"],
            "DeletionProtection": "false",
        }

    def _ingress(self) -> dict[str, Any]:
        network = self.outputs["network"]
        return {
            "VpcId": network["VpcId"],
            "SubnetIds": network["PublicSubnetIds"],
            "SecurityGroupId": network["LoadBalancerSecurityGroupId"],
            "HostName": "news.example.org",
            "HostedZoneId": self.zone,
            "LogsBucket": self.outputs["storage"]["LogsBucket"],
            "LogKeyArn": self.outputs["storage"]["KeyArn"],
            "AdminNetworks1": "203.0.113.0/24",
            "DeletionProtection": "false",
        }

    def _service(self) -> dict[str, Any]:
        network, ingress, secrets = self.outputs["network"], self.outputs["ingress"], self.outputs["secrets"]
        return {
            "SubnetIds": network["PrivateSubnetIds"],
            "SecurityGroupId": network["ServiceSecurityGroupId"],
            "FileSystemSecurityGroupId": network["FileSystemSecurityGroupId"],
            "CoreTargetGroupArn": ingress["CoreTargetGroupArn"],
            "PublicTargetGroupArn": ingress["PublicTargetGroupArn"],
            "KeyArn": self.outputs["storage"]["KeyArn"],
            "DatabaseHost": self.outputs["database"]["Endpoint"],
            "DatabaseSecretArn": secrets["DatabaseSecretArn"],
            "MasterSecretArn": self.outputs["database"]["MasterSecretArn"],
            "AdminSecretArn": secrets["AdminSecretArn"],
            **dict.fromkeys(("CoreImage", "PublicImage", "SchemaImage"), IMAGE),
            "ToolsImage": TOOLS,
        }
