# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign of life of a run that holds a run lock: each task gives one when it begins, and others with its progress."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ..module_utils._aws.connection import Aws, connection_of
from ..module_utils._aws.record import Record
from ..module_utils._aws.run_lock import SILENCE_S, LockLost, RunLock
from ..module_utils._core.errors import MailingError, Refusal
from ..module_utils._edge.aws import aws_spec

LOCK_VARIABLE = "CLARIVUM_MAILING_RUN_LOCK"
"""Environment variable of a play: ``<SSM parameter>@<run>``, as aws_run_lock returns it under ``environment``."""
TOUCH_EVERY = 60.0
"""Seconds between two signs of life while a task waits."""

_WHERE_A_LOCK_IS_SAID = ("group/clarivum.mailing.aws", "clarivum.mailing.aws_run_lock")

SignOfLife = Callable[[], None]
ModuleDefaults = Sequence[Mapping[str, Any]] | None
"""As a task holds them: outer blocks first."""


class HeldLock(NamedTuple):
    """The lock that a play holds: name of its parameter, and the run that holds it."""

    name: str
    run: str


def held_lock(environment: Mapping[str, str]) -> HeldLock | None:
    """The lock that the environment names; None if the play holds none."""
    name, _at, run = environment.get(LOCK_VARIABLE, "").partition("@")
    return HeldLock(name, run) if name and run else None


def sign_of_life(held: HeldLock, aws: Callable[[], Aws], step: str) -> SignOfLife:
    """What touches the lock, on an AWS that is only made for the first touch. It raises LockLost if another run holds it by now."""
    lock = functools.cache(lambda: RunLock(Record(aws(), held.name), pid=os.getppid(), title=held.name))

    def given() -> None:
        lock().touch(held.run, step)

    return given


def or_warning(give: SignOfLife, warn: Callable[[str], None]) -> SignOfLife:
    """For work that needs nothing of AWS: it goes on while AWS does not answer. That the lock is lost ends it all the same."""

    def given() -> None:
        try:
            give()
        except LockLost:
            raise
        except MailingError as error:
            warn(f"The run lock was not touched; it is taken for abandoned after {SILENCE_S // 60} minutes of silence. {error}")

    return given


def alive(progress: Callable[[str], None], give: SignOfLife, now: Callable[[], float] = time.monotonic) -> Callable[[str], None]:
    """``progress`` that gives a sign of life with a line, at most one in TOUCH_EVERY seconds."""
    last = now()

    def told(line: str) -> None:
        nonlocal last
        progress(line)
        if now() - last >= TOUCH_EVERY:
            last = now()
            give()

    return told


def aws_of_the_lock(module_defaults: ModuleDefaults, rendered: Callable[[Any], Any], secrets: set[str]) -> Aws:
    """Where a task aws_run_lock without options of its own would look for the lock. Raises Refusal if that cannot be said."""
    spec = aws_spec()
    known = {name for option, details in spec.items() for name in (option, *details.get("aliases", ()))}
    try:
        said = connection_defaults(module_defaults, rendered)
    except AnsibleError as error:
        raise Refusal(f"What module_defaults say for AWS cannot be rendered: {error.message}") from error
    outcome = ArgumentSpecValidator(spec).validate({name: said[name] for name in known & set(said) if said[name] is not None})
    secrets.update(str(value) for value in getattr(outcome, "_no_log_values", ()))
    if outcome.error_messages:
        raise Refusal(f"module_defaults for AWS: {remove_values('; '.join(outcome.error_messages), secrets)}.")
    return Aws(connection_of(outcome.validated_parameters))


def connection_defaults(module_defaults: ModuleDefaults, rendered: Callable[[Any], Any]) -> dict[str, Any]:
    """What ``module_defaults`` of a task say for aws_run_lock, as Ansible lays them over each other: group first, inner blocks last.

    Ansible has a function for that which is private. ``rendered`` renders templates: Ansible leaves them in the task as they are.
    """
    together: dict[str, Any] = {}
    for defaults in module_defaults or ():
        together.update(defaults)
    found: dict[str, Any] = {}
    for key in _WHERE_A_LOCK_IS_SAID:
        found.update(rendered(together.get(key) or {}) or {})
    return found
