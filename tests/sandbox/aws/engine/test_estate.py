# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own six templates, through everything that the engine does with stacks."""

from __future__ import annotations

import pytest

from sandbox.aws.cloudformation.schemas import schema_of
from sandbox.aws.cloudformation.template import parse
from sandbox.aws.providers.all import KINDS
from sandbox.aws.providers.kind import Kind
from tests.fresh_aws import FreshAws, start_aws
from tests.sandbox.aws.engine.estate import ORDER, Estate, template
from tests.sandbox.aws.engine.stacks import Stacks
from tests.sandbox.aws.engine.test_drift import detected

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def whole(slot: str) -> Estate:
    """All six stacks, made once."""
    estate = Estate(Stacks(start_aws(f"{slot}-estate")))
    estate.create(*ORDER)
    return estate


@pytest.mark.parametrize("role", ORDER)
def test_every_type_of_a_template_is_one_that_the_sandbox_makes(role: str) -> None:
    assert {declaration.type for declaration in parse(template(role)).resources.values()} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_names_properties_that_aws_has_and_takes_tags_where_aws_does(kind: Kind) -> None:
    schema = schema_of(kind.type, REGION)
    assert kind.properties <= set(schema.document["properties"]) - schema.read_only
    assert schema.tag_property is None or schema.tag_property in kind.properties
    assert all(len(reason) > 10 for reason in kind.ignored.values())


@pytest.mark.parametrize("role", ORDER)
def test_asked_for_the_same_again_there_is_nothing_to_change(whole: Estate, role: str) -> None:
    made = whole.change_set(role)
    assert (made["Status"], made["StatusReason"].split(".")[0]) == (
        "FAILED",
        "The submitted information didn't contain changes",
    )
    whole.stacks.api.delete_change_set(ChangeSetName=made["ChangeSetId"])


@pytest.mark.parametrize("role", ORDER)
def test_what_was_just_made_has_not_drifted(whole: Estate, role: str) -> None:
    status, drifts = detected(whole.stacks, whole.name(role))
    assert status == "IN_SYNC", {name: drift["PropertyDifferences"] for name, drift in drifts.items() if drift["PropertyDifferences"]}


def test_most_resources_can_be_read_back(whole: Estate) -> None:
    unread = {
        drift["ResourceType"]
        for role in ORDER
        for drift in detected(whole.stacks, whole.name(role))[1].values()
        if drift["StackResourceDriftStatus"] == "NOT_CHECKED"
    }
    assert unread <= {
        "AWS::EC2::InternetGateway",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::RouteTable",
        "AWS::EC2::EIP",
        "AWS::EC2::NatGateway",
        "AWS::EC2::FlowLog",
        "AWS::EC2::VPCEndpoint",
        "AWS::CertificateManager::Certificate",
        "AWS::WAFv2::WebACL",
        "AWS::WAFv2::LoggingConfiguration",
    }


def test_properties_arrive_at_the_services(whole: Estate, slot: str) -> None:
    client = whole.stacks.aws.client
    (instance,) = client("rds").describe_db_instances()["DBInstances"]
    assert (instance["MultiAZ"], instance["StorageEncrypted"], instance["MonitoringInterval"]) == (True, True, 60)
    bucket = whole.outputs["storage"]["BackupsBucket"]
    s3 = client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetPrefix"] == "s3/backups/"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    arn = whole.outputs["service"]["CoreTaskDefinitionArn"]
    definition = client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert (definition["networkMode"], definition["cpu"], definition["memory"]) == ("awsvpc", "512", "1024")
    assert definition["containerDefinitions"][0]["readonlyRootFilesystem"] is True
    listener = whole.outputs["ingress"]["HttpsListenerArn"]
    rules = client("elbv2").describe_rules(ListenerArn=listener)["Rules"]
    assert len(rules) > 5 and rules[-1]["IsDefault"]
    certificate = client("acm").describe_certificate(CertificateArn=whole.outputs["ingress"]["CertificateArn"])["Certificate"]
    assert certificate["Status"] == "ISSUED"
    records = client("route53").list_resource_record_sets(HostedZoneId=whole.zone)["ResourceRecordSets"]
    assert {"A", "CNAME"} <= {record["Type"] for record in records}


def test_a_bigger_network_is_an_update_in_place(aws: FreshAws) -> None:
    estate = Estate(Stacks(aws))
    estate.create("network")
    made = estate.change_set("network", ZoneCount=3, NatMode="per-zone", InterfaceEndpoints="true")
    assert "Remove" not in {change["Action"] for change in estate.stacks.changes(made).values()}
    assert estate.stacks.execute(made)["StackStatus"] == "UPDATE_COMPLETE"
    smaller = estate.stacks.execute(estate.change_set("network"))
    assert smaller["StackStatus"] == "UPDATE_COMPLETE"
    assert detected(estate.stacks, estate.name("network"))[0] == "IN_SYNC"


@pytest.mark.slow
def test_everything_can_be_deleted_again_and_what_holds_data_stays(aws: FreshAws) -> None:
    estate = Estate(Stacks(aws))
    estate.create(*ORDER)
    for role in reversed(ORDER):
        assert estate.stacks.delete(estate.name(role))["StackStatus"] == "DELETE_COMPLETE", role
    assert len(aws.client("s3").list_buckets()["Buckets"]) == 5
    assert len(aws.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]) == 1
    assert len(aws.client("secretsmanager").list_secrets()["SecretList"]) == 4
    assert aws.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    clusters = aws.client("ecs").describe_clusters(clusters=[estate.outputs["service"]["ClusterName"]])["clusters"]
    assert [cluster["status"] for cluster in clusters] == ["INACTIVE"]
    estate.create(*ORDER)  # nothing that stayed is in the way
