# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run lock of an environment; documented in plugins/modules/aws_run_lock.py."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.record import Record
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.run_lock import Held, RunLock
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge
from ansible_collections.clarivum.mailing.plugins.plugin_utils._sign_of_life import LOCK_VARIABLE

warm_up("ssm")


class ActionModule(AwsActionEdge):
    """The lock as a task. Taking and giving it back is bookkeeping and never counts as a change."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["held", "released"], "default": "held"},
        "run": {"type": "str"},
        "pending": {"type": "list", "elements": "str"},
        "step": {"type": "str"},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        options = call.options
        if not options["name"].startswith("/"):
            raise Refusal(
                f"name is {options['name']!r}; it must begin with a slash, as the name of an SSM parameter, such as /paperboat/run-lock."
            )
        lock = RunLock(Record(self.aws, options["name"]), pid=os.getppid(), title=options["name"])
        if call.check_mode:
            busy = lock.look() if options["state"] == "held" and not options["run"] else ""
            return {**_nothing_held(), "warnings": [busy] if busy else []}
        if options["state"] == "released":
            if not options["run"]:
                raise Refusal("To release the lock, run must say which run holds it (aws_run_lock returned it when the lock was taken).")
            return {**_nothing_held(), "pending": list(lock.release(options["run"]))}
        if options["run"]:
            pending = lock.touch(options["run"], options["step"] or self._title(), options["pending"])
            return _held(options["name"], Held(options["run"], pending))
        return _taken(options["name"], lock.acquire())


def _nothing_held() -> dict[str, Any]:
    return {"changed": False, "run": None, "pending": [], "taken_over": False, "previous": None, "environment": {}}


def _held(name: str, held: Held) -> dict[str, Any]:
    return {**_nothing_held(), "run": held.run, "pending": list(held.pending), "environment": {LOCK_VARIABLE: f"{name}@{held.run}"}}


def _taken(name: str, held: Held) -> dict[str, Any]:
    result = _held(name, held)
    if held.previous is None:
        return result
    before = dict(held.previous)
    said = (
        f"The run lock {name} was taken over from {before.get('user')}@{before.get('host')} (process {before.get('pid')}), because "
        f"{held.taken_over_because}. That run began at {before.get('began')} and broke off at {before.get('step')!r}."
    )
    return {**result, "taken_over": True, "previous": before, "warnings": [said]}
