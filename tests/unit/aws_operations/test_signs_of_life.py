# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that waits gives a sign of life now and then, and never with every line."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.run_lock import LockLost
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from ansible_collections.clarivum.mailing.plugins.plugin_utils._sign_of_life import (
    TOUCH_EVERY,
    HeldLock,
    alive,
    aws_of_the_lock,
    connection_defaults,
    held_lock,
    or_warning,
)


def test_lines_of_progress_give_a_sign_of_life_at_most_once_a_minute() -> None:
    time = 0.0
    told: list[str] = []
    signs: list[float] = []
    progress = alive(told.append, lambda: signs.append(time), now=lambda: time)
    for second in range(200):
        time = float(second)
        progress(f"{second} s")
    assert len(told) == 200
    assert signs == [TOUCH_EVERY, 2 * TOUCH_EVERY, 3 * TOUCH_EVERY]


@pytest.mark.parametrize(
    ("variable", "held"),
    [
        ("/paperboat/run-lock@a1b2", HeldLock("/paperboat/run-lock", "a1b2")),
        ("", None),
        ("/paperboat/run-lock", None),
        ("/paperboat/run-lock@", None),
    ],
)
def test_a_play_says_by_a_variable_that_it_holds_a_lock(variable: str, held: HeldLock | None) -> None:
    assert held_lock({"CLARIVUM_MAILING_RUN_LOCK": variable}) == held
    assert held_lock({}) is None


def test_aws_that_does_not_answer_is_a_warning_and_a_lost_lock_is_the_end() -> None:
    warnings: list[str] = []
    or_warning(raising(MailingError("No network.")), warnings.append)()
    assert warnings == ["The run lock was not touched; it is taken for abandoned after 15 minutes of silence. No network."]
    with pytest.raises(LockLost):
        or_warning(raising(LockLost("It was taken over.")), warnings.append)()


def raising(error: Exception) -> Any:
    def give() -> None:
        raise error

    return give


def test_defaults_of_the_group_stand_behind_those_of_the_module_and_outer_ones_behind_inner_ones() -> None:
    defaults = [
        {"clarivum.mailing.aws_run_lock": {"profile": "lock"}, "group/clarivum.mailing.aws": {"region": "outer", "profile": "outer"}},
        {"group/clarivum.mailing.aws": "{{ aws_connection }}", "clarivum.mailing.aws_stack": {"region": "stacks"}},
    ]
    variables = {"{{ aws_connection }}": {"region": "inner", "profile": "inner"}}
    rendered = connection_defaults(defaults, lambda value: variables.get(value) if isinstance(value, str) else value)
    assert rendered == {"region": "inner", "profile": "lock"}
    assert connection_defaults(None, lambda value: value) == {}


def test_the_lock_is_looked_for_with_these_defaults_and_what_is_secret_in_them_is_known_as_such() -> None:
    secrets: set[str] = set()
    defaults = [
        {"group/clarivum.mailing.aws": {"aws_region": "eu-central-1", "access_key": "key", "secret_key": "s3cret", "profile": None}}
    ]
    found = aws_of_the_lock([*defaults, {"clarivum.mailing.aws_run_lock": {"name": "/lock"}}], lambda value: value, secrets).connection
    assert (found.region, found.access_key, found.secret_key) == ("eu-central-1", "key", "s3cret")
    assert secrets == {"s3cret"}


def test_defaults_that_say_nothing_useful_are_refused_with_a_sentence() -> None:
    with pytest.raises(Refusal, match="module_defaults for AWS: argument 'validate_certs'"):
        aws_of_the_lock([{"group/clarivum.mailing.aws": {"validate_certs": "perhaps"}}], lambda value: value, set())
    with pytest.raises(Refusal, match=r"cannot be rendered: 'aws_connection' is undefined"):
        aws_of_the_lock([{"group/clarivum.mailing.aws": "{{ aws_connection }}"}], raising_for_templates, set())


def raising_for_templates(value: Any) -> Any:
    if isinstance(value, str):
        raise AnsibleError("'aws_connection' is undefined")
    return value
