# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two parts of the engine by themselves: the order of work, and the fitting of properties to calls."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from sandbox.aws.cloud import Unplaced, fitted
from sandbox.aws.cloudformation.schedule import in_order, reversed_needs

NEEDS: Mapping[str, frozenset[str]] = {"a": frozenset(), "b": frozenset("a"), "c": frozenset("a"), "d": frozenset({"b", "c"})}


class Log:
    """What was worked on, in order; some names fail."""

    def __init__(self, *failing: str) -> None:
        self.done: list[str] = []
        self._failing = failing
        self._lock = threading.Lock()

    def __call__(self, name: str) -> bool:
        with self._lock:
            self.done.append(name)
        return name not in self._failing


def test_work_waits_for_what_it_needs() -> None:
    log = Log()
    assert in_order(NEEDS, log, stop_at_failure=True) == set()
    assert (log.done[0], log.done[-1], set(log.done)) == ("a", "d", set("abcd"))


def test_things_that_do_not_need_each_other_are_done_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def work(name: str) -> bool:
        if name in "bc":
            meeting.wait()
        return True

    assert in_order(NEEDS, work, stop_at_failure=True) == set()


def test_after_a_failure_nothing_new_begins() -> None:
    log = Log("a")
    assert in_order(NEEDS, log, stop_at_failure=True) == {"a"}
    assert log.done == ["a"]


def test_removal_goes_on_where_nothing_is_in_the_way() -> None:
    log = Log("c")
    assert in_order(reversed_needs(NEEDS), log, stop_at_failure=False) == {"c"}
    assert (log.done[0], set(log.done)) == ("d", {"d", "b", "c"})  # a is still needed by c


def fit(operation: str, value: dict[str, Any]) -> Any:
    service, _dot, name = operation.partition(".")
    return fitted(value, botocore.session.get_session().get_service_model(service).operation_model(name).input_shape, operation)


def test_names_and_types_are_those_of_the_api() -> None:
    definition = {"Family": "news", "Cpu": 256, "ContainerDefinitions": [{"Name": "a", "Essential": "true", "Command": "sleep"}]}
    assert fit("ecs.RegisterTaskDefinition", definition) == {
        "family": "news",
        "cpu": "256",
        "containerDefinitions": [{"name": "a", "essential": True, "command": ["sleep"]}],
    }
    assert fit("iam.CreateRole", {"AssumeRolePolicyDocument": {"Version": "2012-10-17"}}) == {
        "AssumeRolePolicyDocument": '{"Version": "2012-10-17"}'
    }
    assert fit("logs.PutRetentionPolicy", {"RetentionInDays": "30"}) == {"retentionInDays": 30}


def test_nothing_is_dropped_on_the_way() -> None:
    with pytest.raises(Unplaced, match=r"ecs\.RegisterTaskDefinition\.containerDefinitions takes no Surprise"):
        fit("ecs.RegisterTaskDefinition", {"ContainerDefinitions": [{"Surprise": 1}]})
