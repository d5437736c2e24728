# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 13: nothing to change is neither a failure nor a void, on the answers that AWS gives (tests/cases/13-nothing-to-change)."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.change_set import ChangeSetFailed
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_failure import StackFailed
from tests.fresh_listmonk import ROOT
from tests.scripted_cloudformation import ScriptedCloudFormation, refusal

CASE = ROOT / "tests/cases/13-nothing-to-change"
EXPECTED = yaml.safe_load((CASE / "expected.yml").read_text())
DEPLOYED = "Resources:\n  Database:\n    Type: AWS::RDS::DBInstance\n"
WANTED = DEPLOYED + "# a comment that the deployed template does not have\n"


def aws_of(letter: str) -> ScriptedCloudFormation:
    described = json.loads((CASE / "stack.json").read_text())["Stacks"][0]
    aws = ScriptedCloudFormation(name=described["StackName"])
    aws.given(described["StackStatus"], template=DEPLOYED)
    assert aws.stack is not None
    aws.stack["Outputs"] = described["Outputs"]
    aws.change_set = json.loads((CASE / f"change_set_{letter}.json").read_text())
    return aws


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("letter", ["a", "b"])
def test_both_wordings_of_nothing_are_no_change_with_all_outputs(letter: str, check: bool) -> None:
    aws = aws_of(letter)
    result = aws.run(check=check, template_body=WANTED)
    assert not result["changed"]
    assert list(result["outputs"]) == EXPECTED[f"{letter}.json"]["outputs"]
    assert "create_change_set" in dict(aws.calls) and not aws.change_sets and not aws.writes


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("letter", ["c", "d"])
def test_what_only_resembles_the_wordings_is_a_failure_with_its_reason(letter: str, check: bool) -> None:
    aws = aws_of(letter)
    with pytest.raises(ChangeSetFailed, match=EXPECTED[f"{letter}.json"]["message_contains"]):
        aws.run(check=check, template_body=WANTED)
    assert not aws.change_sets and not aws.writes


def test_a_stack_that_somebody_else_works_on_is_waited_for_and_not_touched() -> None:
    aws = aws_of("a")
    aws.statuses = ["UPDATE_IN_PROGRESS"] * 4
    assert not aws.run(template_body=WANTED)["changed"]
    names = [name for name, _ in aws.calls]
    assert names[:5] == ["describe_stacks"] * 5
    assert any("UPDATE_IN_PROGRESS" in line for line in aws.progress)


@pytest.mark.parametrize("check", [False, True])
def test_the_wait_for_somebody_else_ends_and_names_the_state(check: bool) -> None:
    aws = aws_of("a").given("UPDATE_IN_PROGRESS", template=DEPLOYED)
    with pytest.raises(StackFailed, match=r"hung in UPDATE_IN_PROGRESS.*\(60 seconds\)"):
        aws.run(check=check, template_body=WANTED, timeout=60.0)
    assert {name for name, _ in aws.calls} == {"describe_stacks"}


@pytest.mark.parametrize(
    "answer", [refusal("Throttling", "Rate exceeded"), refusal("AccessDenied", "is not authorized"), refusal("ValidationError", "1 error")]
)
def test_no_other_error_is_taken_for_absence(answer: AwsError) -> None:
    aws = aws_of("a")
    aws.refuse["describe_stacks"] = answer
    with pytest.raises(AwsError) as failure:
        aws.run(template_body=WANTED)
    assert failure.value is answer
    assert [name for name, _ in aws.calls] == ["describe_stacks"]


def test_a_stack_that_is_byte_for_byte_as_wanted_costs_no_change_set() -> None:
    aws = aws_of("a")
    result = aws.run(template_body=DEPLOYED)
    assert not result["changed"] and list(result["outputs"]) == EXPECTED["a.json"]["outputs"]
    assert [name for name, _ in aws.calls] == ["describe_stacks", "list_change_sets", "get_template"]


PARAMETER = "Parameters:\n  Zone: {Type: '%s', Default: eu-central-1a%s}\n" + DEPLOYED


@pytest.mark.parametrize(
    ("template", "more"),
    [
        (DEPLOYED + "    Properties: {MasterUserPassword: '{{resolve:secretsmanager:a}}'}\n", {}),
        (
            PARAMETER % ("AWS::SSM::Parameter::Value<String>", ""),
            {"Parameters": [{"ParameterKey": "Zone", "ParameterValue": "eu-central-1a"}]},
        ),
        (PARAMETER % ("String", ", NoEcho: true"), {"Parameters": [{"ParameterKey": "Zone", "ParameterValue": "****"}]}),
        (PARAMETER % ("String", ""), {"Parameters": [{"ParameterKey": "Zone", "ParameterValue": "eu-central-1b"}]}),
        ("Transform: AWS::LanguageExtensions\n" + DEPLOYED, {}),
    ],
    ids=["dynamic reference", "parameter store", "secret parameter", "other value", "transform"],
)
def test_aws_is_asked_where_the_same_text_can_mean_something_else(template: str, more: dict[str, Any]) -> None:
    aws = aws_of("a").given("UPDATE_COMPLETE", template=template, **more)
    assert not aws.run(template_body=template)["changed"]
    assert "create_change_set" in dict(aws.calls)


@pytest.mark.parametrize(
    "options", [{"drift": "revert"}, {"tags": {"project": "paperboat"}}, {"role_arn": "arn:aws:iam::123456789012:role/r"}]
)
def test_aws_is_asked_where_the_task_wants_something_else_than_is_there(options: dict[str, Any]) -> None:
    aws = aws_of("a")
    aws.run(template_body=DEPLOYED, **options)
    assert "create_change_set" in dict(aws.calls)


def test_aws_is_asked_where_the_last_update_was_rolled_back() -> None:
    aws = aws_of("a").given("UPDATE_ROLLBACK_COMPLETE", template=DEPLOYED)
    aws.run(template_body=DEPLOYED)
    assert "create_change_set" in dict(aws.calls)
