# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line that somebody watches while AWS works."""

from __future__ import annotations

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_events import Event
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.stack_progress import StackProgress
from tests.scripted_cloudformation import Clock, ScriptedCloudFormation


def event(logical_id: str, status: str) -> Event:
    return Event("e", logical_id, "", "AWS::Test::Thing", status, "", False)


def test_a_line_says_what_is_ready_what_is_in_progress_and_for_how_long() -> None:
    clock = Clock()
    shown = StackProgress("paperboat-network", 38, clock)
    shown.note([event("Vpc", "CREATE_IN_PROGRESS"), event("Nat", "CREATE_IN_PROGRESS")])
    clock.sleep(64)
    shown.note([event("Vpc", "CREATE_COMPLETE"), event("Subnet", "CREATE_IN_PROGRESS")])
    clock.sleep(3)
    assert shown.line("CREATE_IN_PROGRESS") == (
        "paperboat-network 1:07 CREATE_IN_PROGRESS; 1 of 38 done; ready: Vpc; in progress: Nat 67 s, Subnet 3 s"
    )
    assert "ready" not in shown.line("CREATE_IN_PROGRESS"), "what was said is not said again"


def test_many_resources_are_counted_not_listed() -> None:
    shown = StackProgress("paperboat-network", 0, Clock())
    shown.note([event(f"Subnet{number}", "CREATE_IN_PROGRESS") for number in range(9)])
    assert shown.line("CREATE_IN_PROGRESS").endswith("0 done; in progress: Subnet0 0 s, Subnet1 0 s, Subnet2 0 s, Subnet3 0 s and 5 more")


def test_a_resource_that_failed_is_said_at_once() -> None:
    shown = StackProgress("paperboat-network", 2, Clock())
    shown.note([event("Listener", "CREATE_IN_PROGRESS"), event("Listener", "CREATE_FAILED")])
    assert "ready: Listener failed" in shown.line("ROLLBACK_IN_PROGRESS")


def test_a_running_operation_tells_how_far_it_is() -> None:
    aws = ScriptedCloudFormation()
    aws.operation = [(aws.name, "CREATE_IN_PROGRESS", ""), ("Group", "CREATE_IN_PROGRESS", "")]
    done = [("Group", "CREATE_COMPLETE", ""), (aws.name, "CREATE_COMPLETE", "")]
    aws.clock.on_sleep = lambda: aws._happens([done.pop(0)]) if done and aws.events else None
    aws.run(template_body="Resources: {Group: {Type: AWS::Test::Group}}")
    assert any("in progress: Group" in line for line in aws.progress)
    assert any("ready: Group" in line for line in aws.progress)
