# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge between Ansible and the tasks that run as action plugins, because a person watches them work.

An action plugin is given less by Ansible than a module is (ansible-core 2.19 to 2.21, measured): no validated arguments, no
``environment``, no masking of secrets in its results, and its own lines are shown whatever ``no_log`` says. All of that is
made good for here, once. And because such tasks may take hours, each keeps the run lock of its play alive.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._aws.connection import Aws
from ..module_utils._core.errors import MailingError, Refusal
from ._sign_of_life import HeldLock, SignOfLife, alive, aws_of_the_lock, held_lock, or_warning, sign_of_life

LINE_EVERY = 3.0
"""Seconds between two lines of progress: readable on a terminal, bearable in the log of a job."""

_LOCALHOST = frozenset({None, "", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Call:
    """What a task asks for: validated options, and whether it only checks. ``progress`` takes a line for whoever watches."""

    options: dict[str, Any]
    check_mode: bool
    diff: bool
    progress: Callable[[str], None]
    local_file: Callable[[str], str]
    """Resolves a path as M(ansible.builtin.copy) resolves its source; raises ``Refusal``."""
    secrets: set[str]
    """What no output may hold. A secret that is only found out while working is added to it."""


class ActionEdge(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """An action plugin is this class, a declaration of its options, and ``perform``."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    constraints: ClassVar[Mapping[str, Any]] = {}
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True
    _supports_async = True  # said by us, in a sentence; see _refuse_misplaced

    def perform(self, call: Call) -> dict[str, Any]:
        """Do the work and return the result, with ``changed`` and, if something changed, ``diff``. Raises ``MailingError``."""
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        secrets: set[str] = set()
        temporary: list[str] = []
        try:
            with self._environment_of_the_task():
                self._refuse_misplaced()
                options, secrets = self._validated()
                result = self.perform(self._call(options, secrets, temporary))
        except MailingError as error:
            result = {"failed": True, "msg": str(error), **error.facts}
        finally:
            for path in temporary:
                self._loader.cleanup_tmp_file(path)
        if not self._task.diff:
            result.pop("diff", None)
        cleaned: dict[str, Any] = remove_values(result, secrets)
        cleaned.setdefault("changed", False)
        return _hidden(cleaned) if self._task.no_log else cleaned

    def _call(self, options: dict[str, Any], secrets: set[str], temporary: list[str]) -> Call:
        call = Call(
            options=options,
            check_mode=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            progress=self._silence if self._task.no_log else Ticker(self._title(), secrets),
            local_file=lambda path: self._local_file(path, temporary),
            secrets=secrets,
        )
        held = held_lock(os.environ)
        if held is None or call.check_mode:
            return call
        give = self._sign_of_life(held, secrets)
        give()
        return dataclasses.replace(call, progress=alive(call.progress, give))

    def _sign_of_life(self, held: HeldLock, secrets: set[str]) -> SignOfLife:
        """What touches the lock that the play holds. It is reached as a task aws_run_lock without options of its own would reach it."""

        def aws() -> Aws:
            return aws_of_the_lock(self._task.module_defaults, self._templar.template, secrets)

        return or_warning(sign_of_life(held, aws, self._step()), self._display.warning)

    def _step(self) -> str:
        """What the lock says that the run is at."""
        return str(self._task.get_name()) if hasattr(self._task, "get_name") else self._title()

    def _title(self) -> str:
        return str(self._task.action).rpartition(".")[2]

    def _refuse_misplaced(self) -> None:
        name = self._title()
        if self._task.async_val:
            raise Refusal(
                f"{name} always runs on the controller and shows its progress while it works, so async is not possible. "
                "Leave async and poll out of the task."
            )
        if self._task.delegate_to not in _LOCALHOST:
            raise Refusal(
                f"{name} always runs on the controller, so delegate_to: {self._task.delegate_to} would not move it. "
                "Leave delegate_to out, or say localhost."
            )

    def _validated(self) -> tuple[dict[str, Any], set[str]]:
        """Return the options, defaults and environment variables applied, and the values that no output may hold.

        Null means "not given", so that a variable which may be empty falls back as a missing option does.
        """
        validator = ArgumentSpecValidator(dict(self.argument_spec), **self.constraints)
        outcome = validator.validate({name: value for name, value in self._task.args.items() if value is not None})
        secrets = {str(value) for value in getattr(outcome, "_no_log_values", ())}
        unknown = sorted(".".join(name) if isinstance(name, tuple) else str(name) for name in outcome.unsupported_parameters)
        if unknown:
            raise Refusal(f"{self._title()} has no option {', '.join(unknown)}. It has {', '.join(sorted(self.argument_spec))}.")
        if outcome.error_messages:
            raise Refusal(str(remove_values("; ".join(outcome.error_messages), secrets)))
        return dict(outcome.validated_parameters), secrets

    @contextmanager
    def _environment_of_the_task(self) -> Iterator[None]:
        """Apply ``environment`` for the time of the work: proxies, certificates and the connection options' fallbacks live there."""
        wanted: dict[str, Any] = {}
        self._compute_environment_string(wanted)
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update({name: str(value) for name, value in wanted.items()})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def _local_file(self, path: str, temporary: list[str]) -> str:
        try:
            found = self._find_needle("files", path)
        except AnsibleError as error:
            raise Refusal(
                f"There is no file {path} on the controller. A relative path is looked for in files/ beside the role or playbook, and beside "
                "the playbook itself."
            ) from error
        if Path(found).is_dir():
            raise Refusal(f"{found} is a directory; a file is needed.")
        try:
            real = str(self._loader.get_real_file(found))  # decrypts a file that ansible-vault encrypted
        except AnsibleError as error:
            raise Refusal(f"{found} cannot be read: {error.message}") from error
        if real != found:
            temporary.append(real)
        return real

    @staticmethod
    def _silence(_line: str) -> None:
        """Under ``no_log`` nobody is told anything."""


def _hidden(result: dict[str, Any]) -> dict[str, Any]:
    """Hide what core shows in spite of ``no_log``: it censors a result, but prints the message of a failure (2.19 to 2.21, measured)."""
    if result.get("failed"):
        result["reason"] = result["msg"]
        result["msg"] = "The reason is hidden because the task says no_log: true. Register the result to find it there, as reason."
    return {**result, "_ansible_no_log": True}


class Ticker:
    """Lines of progress on standard error, so that standard output stays what the callback makes of it."""

    def __init__(self, title: str, secrets: set[str]) -> None:
        self._title = title
        self._secrets = secrets
        self._display = Display()
        self._next = time.monotonic() + LINE_EVERY

    def __call__(self, line: str) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + LINE_EVERY
        self._display.display(str(remove_values(f"{self._title}: {line}", self._secrets)), stderr=True)
