# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plain life of a stack."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.fresh_aws import FreshAws
from tests.sandbox.aws.engine.stacks import Stacks

GROUP = """
Parameters:
  Days: {Type: Number, Default: 30}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !Ref Days
Outputs:
  Name: {Value: !Ref Group}
"""


def retention(aws: FreshAws, name: str) -> int | None:
    found = aws.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    days: int | None = found[0].get("retentionInDays")
    return days


def test_a_stack_makes_what_its_template_says(stacks: Stacks, aws: FreshAws) -> None:
    stack = stacks.execute(stacks.change_set("s", GROUP, type="CREATE"))
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert retention(aws, stack["Outputs"][0]["OutputValue"]) == 30


def test_a_change_reaches_the_service(stacks: Stacks, aws: FreshAws) -> None:
    name = stacks.create("s", GROUP)["Outputs"][0]["OutputValue"]
    days = [{"ParameterKey": "Days", "ParameterValue": "60"}]
    stacks.execute(stacks.change_set("s", GROUP, Parameters=days))
    assert stacks.stack("s")["StackStatus"] == "UPDATE_COMPLETE"
    assert retention(aws, name) == 60


def test_a_property_that_is_no_longer_given_goes_back_to_its_default(stacks: Stacks, aws: FreshAws) -> None:
    name = stacks.create("s", GROUP)["Outputs"][0]["OutputValue"]
    stacks.update("s", GROUP.replace("      RetentionInDays: !Ref Days", "      RetentionInDays: !Ref AWS::NoValue"))
    assert retention(aws, name) is None


def test_a_deleted_stack_takes_its_resources_with_it(stacks: Stacks, aws: FreshAws) -> None:
    stacks.create("s", GROUP)
    assert stacks.delete("s")["StackStatus"] == "DELETE_COMPLETE"
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_nothing_to_change_has_two_wordings(stacks: Stacks) -> None:
    stacks.create("s", GROUP)
    same = stacks.change_set("s", GROUP)
    assert (same["Status"], same["StatusReason"].split(".")[0]) == ("FAILED", "The submitted information didn't contain changes")
    stacks.api.delete_change_set(ChangeSetName=same["ChangeSetId"])
    other_text = stacks.change_set("s", "Description: said otherwise\n" + GROUP)
    assert (other_text["Status"], other_text["StatusReason"]) == ("FAILED", "No updates are to be performed.")


def test_an_update_that_only_repeats_the_settings_of_a_stack_is_none(stacks: Stacks) -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]})
    stacks.create("s", GROUP, StackPolicyBody=policy)
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        stacks.update("s", GROUP, StackPolicyBody=policy, NotificationARNs=[])
    topic = "arn:aws:sns:eu-central-1:123456789012:stacks"
    assert stacks.update("s", GROUP, NotificationARNs=[topic])["NotificationARNs"] == [topic]
