# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All load balancers of the sandbox: a proxy for each listener that moto knows, made and ended with it.

What ELB refuses and moto does not is refused here: two listeners on one port, and more than five values in the conditions of a rule.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.exceptions import DuplicateListenerError, ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeListener, FakeTargetGroup, elbv2_backends

from ...processes import free_port
from .certificates import HERE, Authority, CertificateFiles, Issued, write
from .place import Place
from .proxy import Proxy
from .replacements import Replacements
from .target_health import TargetHealth

MOST_VALUES = 5  # of all conditions of a rule together: a quota of ELB that cannot be raised
Moto = Callable[..., Any]


class LoadBalancers:
    """``fixed_ports`` are the loopback ports of the first HTTPS and the first HTTP listener; 0 takes a free one."""

    def __init__(self, place: Place, health: TargetHealth, authority: Authority, fixed_ports: dict[str, int]) -> None:
        self._place = place
        self.health = health
        self._authority = authority
        self._fixed_ports = fixed_ports
        self._proxies: dict[str, Proxy] = {}  # by the listener's ARN
        self._made_of: dict[str, tuple[Any, ...]] = {}
        self._lock = threading.RLock()

    def bring_up_to_date(self) -> None:
        """Start what is missing and end what is too much."""
        with self._lock:
            wanted = {listener.arn: listener for listener in _listeners()}
            for arn in [arn for arn in self._proxies if arn not in wanted or self._made_of[arn] != _made_of(wanted[arn])]:
                self._proxies.pop(arn).stop()
            for arn, listener in wanted.items():
                if arn not in self._proxies and listener.protocol in ("HTTP", "HTTPS"):
                    self._start(listener)
            self._write()

    def shown(self) -> list[dict[str, Any]]:
        """Where each load balancer listens: [{arn, dns_name, listeners: [{arn, port, protocol, url}]}]."""
        with self._lock:
            return [
                {
                    "arn": balancer.arn,
                    "dns_name": balancer.dns_name,
                    "listeners": [self._shown(one) for one in balancer.listeners.values() if one.arn in self._proxies],
                }
                for backend in _backends()
                for balancer in backend.load_balancers.values()
            ]

    def end_all(self) -> None:
        with self._lock:
            for proxy in self._proxies.values():
                proxy.stop()
            self._proxies.clear()
            self._made_of.clear()
            self._write()

    def _start(self, listener: FakeListener) -> None:
        certificate = self._certificate(listener) if listener.protocol == "HTTPS" else None
        proxy = Proxy(listener, self.health, self._port(listener), certificate, self._loopback_port)
        self._proxies[listener.arn] = proxy
        self._made_of[listener.arn] = _made_of(listener)
        threading.Thread(target=_serve, args=(proxy,), name=f"listener {listener.port}", daemon=True).start()

    def _port(self, listener: FakeListener) -> int:
        fixed = self._fixed_ports.get(listener.protocol, 0)
        taken = {proxy.port for proxy in self._proxies.values()}
        return fixed if fixed and fixed not in taken else free_port()

    def _loopback_port(self, listener: FakeListener, port: str) -> str:
        """Where the load balancer's listener on that port is on this machine; the port itself when there is none."""
        with self._lock:
            for proxy in self._proxies.values():
                if proxy.listener.load_balancer_arn == listener.load_balancer_arn and str(proxy.listener.port) == port:
                    return str(proxy.port)
        return port

    def _certificate(self, listener: FakeListener) -> CertificateFiles:
        """An imported one is served as it is. The sandbox's own is made once more, good for where the proxy listens, too."""
        region = listener.arn.split(":")[3]
        bundle = acm_backends[self._place.account][region].get_certificate(str(listener.certificate))
        if bundle.type == "IMPORTED":
            issued = Issued(bundle.cert, bundle.key, bundle.chain)
        else:
            issued = self._authority.issue([*bundle.sans, *HERE])
        return write(issued, self._place.home / "certificates", listener.arn.rpartition("/")[2])

    def _shown(self, listener: FakeListener) -> dict[str, Any]:
        url = f"{listener.protocol.lower()}://127.0.0.1:{self._proxies[listener.arn].port}"
        return {"arn": listener.arn, "port": int(listener.port), "protocol": listener.protocol, "url": url}

    def _write(self) -> None:
        file = self._place.home / "load-balancers.json"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(self.shown(), indent=2) + "\n", "utf-8")
        new.rename(file)


def attach(balancers: LoadBalancers, replacements: Replacements) -> None:
    for name in ("delete_listener", "modify_listener", "delete_load_balancer"):
        replacements.around(ELBv2Backend, name, partial(_followed, balancers))
    replacements.around(ELBv2Backend, "create_listener", partial(_create_listener, balancers))
    replacements.around(ELBv2Backend, "create_rule", _checked_rule)
    replacements.around(ELBv2Backend, "modify_rule", _checked_rule)
    replacements.around(ELBv2Backend, "describe_target_health", partial(_describe_target_health, balancers.health))
    replacements.around(FakeTargetGroup, "health_for", partial(_health_for, balancers.health))


def _followed(balancers: LoadBalancers, moto: Moto) -> Moto:
    def call(backend: ELBv2Backend, *arguments: Any, **named: Any) -> Any:
        answer = moto(backend, *arguments, **named)
        balancers.bring_up_to_date()
        return answer

    return call


def _create_listener(balancers: LoadBalancers, moto: Moto) -> Moto:
    def create_listener(backend: ELBv2Backend, load_balancer_arn: str, protocol: str, port: str, *arguments: Any, **named: Any) -> Any:
        balancer = backend.load_balancers.get(load_balancer_arn)
        if balancer is not None and any(str(one.port) == str(port) for one in balancer.listeners.values()):
            raise DuplicateListenerError
        listener = moto(backend, load_balancer_arn, protocol, port, *arguments, **named)
        balancers.bring_up_to_date()
        return listener

    return create_listener


def _checked_rule(moto: Moto) -> Moto:
    def call(backend: ELBv2Backend, *arguments: Any, **named: Any) -> Any:
        conditions = named.get("conditions") or next((one for one in arguments if isinstance(one, list)), None) or []
        values = sum(_count(condition) for condition in conditions if isinstance(condition, dict) and "Field" in condition)
        if values > MOST_VALUES:
            raise ELBClientError(
                "TooManyUniqueValuesInRule", f"Rules can have at most {MOST_VALUES} condition values; this one has {values}"
            )
        return moto(backend, *arguments, **named)

    return call


def _count(condition: dict[str, Any]) -> int:
    configured = next((value.get("Values") for value in condition.values() if isinstance(value, dict)), None)
    return len(configured or condition.get("Values") or [])


def _describe_target_health(health: TargetHealth, moto: Moto) -> Moto:
    def describe_target_health(backend: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]) -> list[FakeHealthStatus]:
        """Without a list of targets also those that are draining, which moto has forgotten."""
        found: list[FakeHealthStatus] = moto(backend, target_group_arn, targets)
        group = backend.target_groups[target_group_arn]
        leaving = [] if targets else health.draining(target_group_arn)
        return found + [group.health_for({"Id": address, "Port": port}, backend.ec2_backend) for address, port in leaving]

    return describe_target_health


def _health_for(health: TargetHealth, moto: Moto) -> Moto:
    def health_for(group: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> FakeHealthStatus:
        if group.target_type != "ip":
            status: FakeHealthStatus = moto(group, target, ec2)  # instances are records only
            return status
        known = group.targets.get(target["Id"], target)
        port = int(known.get("Port") or group.port)
        state, reason, description = health.look(group.arn, str(target["Id"]), port)
        return FakeHealthStatus(target["Id"], str(port), group.health_check_port, state, reason, description)

    return health_for


def _serve(proxy: Proxy) -> None:
    try:
        proxy.serve()
    except OSError as error:
        sys.stderr.write(f"load balancer on port {proxy.port}: {error}\n")


def _backends() -> list[ELBv2Backend]:
    return [backend for regions in list(elbv2_backends.values()) for backend in list(regions.values())]


def _listeners() -> list[FakeListener]:
    return [
        one for backend in _backends() for balancer in list(backend.load_balancers.values()) for one in list(balancer.listeners.values())
    ]


def _made_of(listener: FakeListener) -> tuple[Any, ...]:
    """What a proxy must be made anew for; rules and actions are read at each request."""
    return (listener.protocol, str(listener.port), listener.certificate)
