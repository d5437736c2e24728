# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health of targets, found out by asking them, and the requests that are on their way to each.

As on AWS one success makes a new target healthy, and a target that is deregistered drains until its last request is answered or the delay is over.
"""

from __future__ import annotations

import http.client
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from .pace import CHECK_S, STARTING_S

LOOK_S = 0.1
AT_ONCE = 8
NOT_LISTENING = ("Target.FailedHealthChecks", "Target.Timeout")
Key = tuple[str, str, int]  # target group, address, port


@dataclass
class Target:
    group: FakeTargetGroup
    state: str = "initial"
    reason: str | None = "Elb.RegistrationInProgress"
    description: str | None = "Target registration is in progress"
    successes: int = 0
    failures: int = 0
    due: float = 0.0
    registered: float = field(default_factory=time.monotonic)
    in_flight: int = 0
    draining_until: float | None = None
    running: Future[None] | None = None


class TargetHealth:
    """``changed`` is called when a target is not in the state it was."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._targets: dict[Key, Target] = {}
        self._lock = threading.RLock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="health")
        self._closed = threading.Event()

    def watch(self) -> None:
        threading.Thread(target=self._watch, name="target health", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def register(self, group_arn: str, address: str, port: int) -> None:
        group = _find(group_arn)
        if group is not None:
            group.register([{"Id": address, "Port": port}])
            self._take_in()

    def deregister(self, group_arn: str, address: str, port: int) -> None:
        group = _find(group_arn)
        if group is not None and address in group.targets:
            group.deregister([{"Id": address, "Port": port}])
            self._take_in()

    def state(self, group_arn: str, address: str, port: int) -> str:
        """As DescribeTargetHealth shows it, but ``gone`` for what is not registered."""
        with self._lock:
            return self.look(group_arn, address, port)[0] if (group_arn, address, port) in self._targets else "gone"

    def look(self, group_arn: str, address: str, port: int) -> tuple[str, str | None, str | None]:
        """State, reason and description, as DescribeTargetHealth shows them."""
        with self._lock:
            target = self._targets.get((group_arn, address, port))
            if target is None:
                return "unused", "Target.NotRegistered", "Target is not registered to the target group"
            if target.draining_until is None and not _in_use(target.group):
                return "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
            return target.state, target.reason, target.description

    def draining(self, group_arn: str) -> list[tuple[str, int]]:
        with self._lock:
            return [(key[1], key[2]) for key, target in self._targets.items() if key[0] == group_arn and target.draining_until is not None]

    def candidates(self, group_arn: str) -> list[tuple[str, int]]:
        """Where to send a request: healthy targets; all, if none is (the load balancer then *fails open*)."""
        with self._lock:
            registered = [(key, one) for key, one in self._targets.items() if key[0] == group_arn and one.draining_until is None]
            healthy = [key for key, one in registered if one.state == "healthy"]
            return [(key[1], key[2]) for key in healthy or [key for key, _one in registered]]

    def begin_request(self, group_arn: str, address: str, port: int) -> None:
        with self._lock:
            target = self._targets.get((group_arn, address, port))
            if target is not None:
                target.in_flight += 1

    def end_request(self, group_arn: str, address: str, port: int) -> None:
        with self._lock:
            target = self._targets.get((group_arn, address, port))
            if target is not None:
                target.in_flight -= 1

    def end_all(self) -> None:
        with self._lock:
            self._targets.clear()

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_S):
            try:
                self._take_in()
                self._check_due()
            except Exception:  # a record that is changed meanwhile; looked at again at once
                sys.stderr.write(f"target health: {traceback.format_exc()}\n")

    def _take_in(self) -> None:
        """Compare with what is registered in moto, by whomever."""
        registered = {(group.arn, str(one["Id"]), int(one["Port"])): group for group in _groups() for one in list(group.targets.values())}
        changed = False
        with self._lock:
            for key, group in registered.items():
                if key not in self._targets or self._targets[key].draining_until is not None:
                    self._targets[key] = Target(group)
                    changed = True
            for key in [key for key in self._targets if key not in registered]:
                changed |= self._drain(key)
        if changed:
            self._changed()

    def _drain(self, key: Key) -> bool:
        target = self._targets[key]
        now = time.monotonic()
        if target.draining_until is None:
            target.draining_until = now + float(str(target.group.attributes["deregistration_delay.timeout_seconds"]))
            target.state, target.reason = "draining", "Target.DeregistrationInProgress"
            target.description = "Target deregistration is in progress"
        if target.in_flight > 0 and now < target.draining_until:
            return False
        del self._targets[key]
        return True

    def _check_due(self) -> None:
        now = time.monotonic()
        with self._lock:
            for key, target in self._targets.items():
                idle = target.running is None or target.running.done()
                if target.draining_until is None and idle and now >= target.due and _in_use(target.group) and not self._closed.is_set():
                    target.due = now + CHECK_S
                    target.running = self._pool.submit(self._check, key, target)

    def _check(self, key: Key, target: Target) -> None:
        reason, description = _ask(target.group, key[1], key[2])
        with self._lock:
            if self._targets.get(key) is not target or target.draining_until is not None:
                return
            before = target.state
            if before == "initial" and reason in NOT_LISTENING and time.monotonic() - target.registered < STARTING_S:
                return
            if reason is None:
                target.successes, target.failures = target.successes + 1, 0
                if before == "initial" or target.successes >= int(target.group.healthy_threshold_count):
                    target.state, target.reason, target.description = "healthy", None, None
            else:
                target.successes, target.failures = 0, target.failures + 1
                if target.failures >= int(target.group.unhealthy_threshold_count):
                    target.state, target.reason, target.description = "unhealthy", reason, description
            changed = target.state != before
        if changed:
            self._changed()


def _ask(group: FakeTargetGroup, address: str, port: int) -> tuple[str | None, str | None]:
    """(None, None) when the target is well, else reason and description."""
    where = port if group.health_check_port in (None, "traffic-port") else int(str(group.health_check_port))
    timeout = float(group.health_check_timeout_seconds)
    if group.health_check_protocol == "HTTPS":
        # A load balancer does not verify its targets' certificates.
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            address, where, timeout=timeout, context=ssl._create_unverified_context()
        )
    else:
        connection = http.client.HTTPConnection(address, where, timeout=timeout)
    try:
        connection.request("GET", group.health_check_path or "/", headers={"User-Agent": "ELB-HealthChecker/2.0"})
        status = connection.getresponse().status
    except TimeoutError:
        return "Target.Timeout", "Request timed out"
    except (OSError, http.client.HTTPException):
        return "Target.FailedHealthChecks", "Health checks failed"
    finally:
        connection.close()
    if _expected(status, str((group.matcher or {}).get("HttpCode", "200"))):
        return None, None
    return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]"


def _expected(status: int, codes: str) -> bool:
    """``codes`` as in a matcher: 200, or 200,202, or 200-299."""
    for part in codes.split(","):
        first, _, last = part.partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False


def _backends() -> list[ELBv2Backend]:
    return [backend for regions in list(elbv2_backends.values()) for backend in list(regions.values())]


def _groups() -> list[FakeTargetGroup]:
    return [group for backend in _backends() for group in list(backend.target_groups.values())]


def _find(arn: str) -> FakeTargetGroup | None:
    return next((group for group in _groups() if group.arn == arn), None)


def _in_use(group: FakeTargetGroup) -> bool:
    """Does a rule of any listener forward to it?"""
    backend = elbv2_backends[group.account_id][group.region_name]
    listeners = [listener for balancer in list(backend.load_balancers.values()) for listener in list(balancer.listeners.values())]
    actions = [action for listener in listeners for rule in list(listener.rules.values()) for action in rule.actions]
    return any(group.arn in backend._get_target_group_arns_from(action.data) for action in actions)
