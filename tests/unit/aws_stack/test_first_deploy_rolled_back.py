# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 12: the first deploy failed, on the answers that AWS gives then (tests/cases/12-first-deploy-rolled-back)."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_failure import StackFailed
from tests.fresh_listmonk import ROOT
from tests.scripted_cloudformation import ScriptedCloudFormation

CASE = ROOT / "tests/cases/12-first-deploy-rolled-back"
EXPECTED = yaml.safe_load((CASE / "expected.yml").read_text())
TEMPLATE = "Resources:\n  Listener:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n"


def case(name: str) -> Any:
    return json.loads((CASE / name).read_text())


@pytest.fixture
def aws() -> ScriptedCloudFormation:
    """The stack as the case describes it, with its events."""
    described = case("stack.json")["Stacks"][0]
    scripted = ScriptedCloudFormation(name=described["StackName"])
    scripted.given(described["StackStatus"], template=TEMPLATE)
    scripted.events = case("stack_events.json")["StackEvents"]
    scripted.resources = [{**each, "ResourceStatus": "DELETE_COMPLETE"} for each in case("retained.json")["StackResources"]]
    return scripted


def test_the_message_of_the_first_run_leads_with_the_resource_and_reason_that_started_it() -> None:
    expected = EXPECTED["A_first_run_that_fails"]
    events = case("stack_events.json")["StackEvents"]
    name = events[0]["StackName"]
    aws = ScriptedCloudFormation(name=name)
    aws.operation = [(each["LogicalResourceId"], each["ResourceStatus"], each.get("ResourceStatusReason", "")) for each in reversed(events)]
    with pytest.raises(StackFailed) as failure:
        aws.run(template_body=TEMPLATE)
    message = str(failure.value)
    assert message.startswith(expected["message_names"]["resource"])
    assert "us-east-1" in message.split("Stack ")[0] and "the stack is in eu-central-1" in message
    assert not any(word in message for word in expected["message_does_not_lead_with"])
    assert [each["logical_id"] for each in failure.value.facts["failed_resources"]] == ["Listener"]  # type: ignore[attr-defined]
    assert failure.value.facts["stack_status"] == "ROLLBACK_COMPLETE"


def test_after_the_fix_the_same_task_removes_the_shell_and_creates_again(aws: ScriptedCloudFormation) -> None:
    def healed(**_parameters: Any) -> dict[str, Any]:
        aws.operation = [(aws.name, "CREATE_IN_PROGRESS", ""), (aws.name, "CREATE_COMPLETE", "")]
        aws._happens([(aws.name, "DELETE_COMPLETE", "")])
        return {}

    aws._delete_stack = healed  # type: ignore[method-assign]
    result = aws.run(template_body=TEMPLATE)
    assert result["changed"] and result["action"] == "recreate"
    assert aws.writes == ["delete_stack", "execute_change_set"]
    assert aws.calls[[name for name, _ in aws.calls].index("delete_stack")][1]["StackName"].endswith(f"{EXPECTED_NAME}/1")


EXPECTED_NAME = EXPECTED["B_run_again_after_the_fix"]["calls_in_order"][0].split()[1]


def test_check_mode_announces_it_and_writes_nothing(aws: ScriptedCloudFormation) -> None:
    result = aws.run(check=True, template_body=TEMPLATE)
    assert result["changed"]
    assert EXPECTED["B_check_mode"]["says"] in result["summary"]
    assert len(aws.writes) == EXPECTED["B_check_mode"]["calls_that_write"]
    assert "create_change_set" not in dict(aws.calls)
    assert "# a failed first attempt" in result["diff"]["before"] and "Listener" in result["diff"]["after"]


@pytest.mark.parametrize("check", [True, False])
def test_nothing_is_removed_if_something_with_data_was_kept(aws: ScriptedCloudFormation, check: bool) -> None:
    aws.resources = case("retained.json")["StackResources"]
    with pytest.raises(StackFailed) as failure:
        aws.run(check=check, template_body=TEMPLATE)
    message = str(failure.value)
    assert "Database" in message and "listmonk-dev" in message
    assert "import" in message and "by hand" in message
    assert "Service" not in message
    assert len(aws.writes) == EXPECTED["C_something_was_kept"]["calls_that_write"]


def test_a_stack_that_had_worked_before_is_updated_and_never_deleted() -> None:
    status = EXPECTED["D_update_rollback_complete"]["given"]
    aws = ScriptedCloudFormation().given(status, template=TEMPLATE)
    aws.operation = [(aws.name, "UPDATE_IN_PROGRESS", ""), (aws.name, "UPDATE_COMPLETE", "")]
    assert aws.run(template_body=TEMPLATE)["action"] == "update"
    assert aws.writes == ["execute_change_set"]


def test_an_empty_shell_that_somebody_protected_is_left_alone(aws: ScriptedCloudFormation) -> None:
    assert aws.stack is not None
    aws.stack["EnableTerminationProtection"] = True
    with pytest.raises(Exception, match="protected it from termination"):
        aws.run(template_body=TEMPLATE)
    assert not aws.writes
