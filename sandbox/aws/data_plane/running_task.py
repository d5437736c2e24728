# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One ECS task: a process, from its start to its exit code."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moto.ecs.models import TaskDefinition

from . import loopback
from .cannot_start import CannotStart
from .container import DEFAULT_STOP_TIMEOUT_S, Container, container
from .health_check import ContainerHealthCheck, container_health_check
from .log_stream import LogStream, log_stream
from .place import Place
from .shown_task import ShownTask


class RunningTask:
    """``changed`` is called, from any thread, whenever the task is not what it was."""

    def __init__(self, shown: ShownTask, definition: TaskDefinition, place: Place, changed: Callable[[], None]) -> None:
        self.shown = shown
        self.definition = definition
        self.place = place
        self.ended = threading.Event()
        self._changed = changed
        self._container: dict[str, Any] = dict(definition.container_definitions[0])
        ports = [int(mapping["containerPort"]) for mapping in self._container.get("portMappings") or []]
        self.port = ports[0] if ports else None
        self.address = loopback.take(self.port)
        self.shown.place_at(self.address)
        self._process: subprocess.Popen[bytes] | None = None
        self._stop: tuple[str, str] | None = None  # (stopCode, stoppedReason) once somebody asked for it
        self._lock = threading.Lock()

    def start(self) -> None:
        self._thread("task", self._live)

    @property
    def running(self) -> bool:
        return self.shown.last_status == "RUNNING"

    @property
    def asked_to_stop(self) -> bool:
        return self._stop is not None

    @property
    def is_checked(self) -> bool:
        """Has the container a health check of its own?"""
        return bool(self._container.get("healthCheck"))

    @property
    def health(self) -> str:
        """HEALTHY, UNHEALTHY or UNKNOWN, by the container's own check; without one HEALTHY while it runs."""
        if self.is_checked:
            return self.shown.health_status
        return "HEALTHY" if self.running else "UNKNOWN"

    def stop(self, reason: str, code: str = "UserInitiated") -> None:
        """SIGTERM now, SIGKILL after the container's stopTimeout. The first reason stays."""
        with self._lock:
            if self.ended.is_set() or self._stop is not None:
                return
            self._stop = (code, reason)
            self.shown.desired_status = "STOPPED"
            process = self._process
        if process is not None:
            process.terminate()  # the first process alone, as a container's
            self._thread("kill", self._kill_after, process, float(self._container.get("stopTimeout") or DEFAULT_STOP_TIMEOUT_S))

    def kill(self) -> None:
        """When the sandbox ends."""
        self.stop("The sandbox ends.")
        if self._process is not None:
            _kill(self._process)

    def _live(self) -> None:
        self.shown.last_status = "PENDING"
        try:
            plan, log = self._plan()
            check = container_health_check(self._container, self.address)
            with self._lock:  # a stop comes before the process is made, or finds it
                process = self._process = None if self._stop else _spawn(plan)
        except CannotStart as error:
            self._end(None, "TaskFailedToStart", str(error))
            return
        except Exception as error:  # nobody waits for this thread: what went wrong must be seen in the task
            self._end(None, "TaskFailedToStart", f"the sandbox failed to start the task: {type(error).__name__}: {error}")
            raise
        if process is None:
            self._end(None, *self._how_it_ended())
            return
        self.shown.show_running()
        self._changed()
        if check is not None:
            self._thread("health", self._watch_health, check, plan)
        reader = self._thread("log", _copy_output, process, log)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # its number stays its own until all of its group are killed
        _kill(process)
        code = process.wait()
        reader.join()
        self._end(code if code >= 0 else 128 - code, *self._how_it_ended())

    def _how_it_ended(self) -> tuple[str, str]:
        return self._stop or ("EssentialContainerExited", "Essential container in task exited")

    def _plan(self) -> tuple[Container, LogStream | None]:
        facts = {"id": self.shown.id, "volumes": self.definition.volumes, "region": self.shown.region_name}
        plan = container(self._container, facts, self.shown.overrides, self.address, self.place)
        log = log_stream(self._container, self.shown.id, self.place.account, self.shown.region_name)
        if log is not None:
            log.create()
        return plan, log

    def _watch_health(self, check: ContainerHealthCheck, plan: Container) -> None:
        for status in check.statuses(plan, self.ended):
            if status != self.shown.health_status:
                self.shown.show_health(status)
                self._changed()

    def _kill_after(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        if not self.ended.wait(seconds):
            _kill(process)

    def _end(self, exit_code: int | None, code: str, reason: str) -> None:
        shutil.rmtree(self.place.tasks / self.shown.id, ignore_errors=True)
        loopback.give_back(self.address)
        with self._lock:
            self.ended.set()
        self.shown.show_stopped(exit_code, code, reason)
        self._changed()

    def _thread(self, what: str, function: Callable[..., None], *arguments: Any) -> threading.Thread:
        thread = threading.Thread(target=function, args=arguments, name=f"{what} {self.shown.id}", daemon=True)
        thread.start()
        return thread


def _spawn(plan: Container) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            plan.command,
            executable=_program(plan),
            cwd=plan.directory,
            env=dict(plan.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotStart(f"CannotStartContainerError: {plan.command[0]}: {error.strerror}") from error


def _program(plan: Container) -> str:
    word = plan.command[0]
    found = str(plan.directory / word) if "/" in word else shutil.which(word, path=plan.environment["PATH"])
    if found is None or not Path(found).exists():
        raise CannotStart(
            "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task:"
            f' exec: "{word}": executable file not found in $PATH'
        )
    return found


def _copy_output(process: subprocess.Popen[bytes], log: LogStream | None) -> None:
    """Until the process and all that hold its output have ended."""
    assert process.stdout is not None
    with process.stdout as output:
        for line in output:
            if log is not None:
                log.write([line.decode("utf-8", "replace").rstrip("\r\n")])


def _kill(process: subprocess.Popen[bytes]) -> None:
    """With all that it has started."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
