# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule of a listener takes a request: the conditions of an Application Load Balancer, as its API describes them.

Within a condition one value must match, of a rule's conditions all must. Names and values of headers and query strings, and host names,
are compared without regard to case; paths and methods with it. ``*`` stands for any number of characters, ``?`` for one.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


@dataclass(frozen=True)
class Request:
    method: str
    path: str  # as it was sent, without the query string
    host: str  # without a port
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]  # names in lower case
    source: str


class Rule(Protocol):
    priority: Any  # a number, or "default" for the last one
    conditions: list[dict[str, Any]]
    actions: list[Any]


AnyRule = TypeVar("AnyRule", bound=Rule)


class Unsupported(Exception):
    """A condition that the sandbox cannot decide."""


def first_match(rules: Iterable[AnyRule], request: Request) -> AnyRule | None:
    ordered = sorted(rules, key=lambda rule: _order(rule.priority))
    return next((rule for rule in ordered if all(_holds(one, request) for one in rule.conditions)), None)


def _order(priority: Any) -> float:
    return float("inf") if priority == "default" else int(priority)


def _holds(condition: Mapping[str, Any], request: Request) -> bool:
    field = condition["Field"]
    decide = DECISIONS.get(field)
    if decide is None:
        raise Unsupported(f"the sandbox's load balancer does not know the condition {field!r}")
    if _regular_expressions(condition):
        raise Unsupported("the sandbox's load balancer does not know conditions by regular expression (RegexValues)")
    return decide(condition, request)


def _regular_expressions(condition: Mapping[str, Any]) -> bool:
    return bool(condition.get("RegexValues")) or any(isinstance(value, dict) and value.get("RegexValues") for value in condition.values())


def _values(condition: Mapping[str, Any], configuration: str) -> Sequence[Any]:
    """Given in the condition itself (the older way) or in its configuration."""
    found: Sequence[Any] = (condition.get(configuration) or {}).get("Values") or condition.get("Values") or ()
    return found


def _path(condition: Mapping[str, Any], request: Request) -> bool:
    return any(_like(value, request.path) for value in _values(condition, "PathPatternConfig"))


def _host(condition: Mapping[str, Any], request: Request) -> bool:
    return any(_like(value.lower(), request.host.lower()) for value in _values(condition, "HostHeaderConfig"))


def _method(condition: Mapping[str, Any], request: Request) -> bool:
    return request.method in _values(condition, "HttpRequestMethodConfig")


def _source(condition: Mapping[str, Any], request: Request) -> bool:
    address = ipaddress.ip_address(request.source)
    return any(address in ipaddress.ip_network(value) for value in _values(condition, "SourceIpConfig"))


def _header(condition: Mapping[str, Any], request: Request) -> bool:
    configuration = condition["HttpHeaderConfig"]
    value = request.headers.get(configuration["HttpHeaderName"].lower())
    return value is not None and any(_like(one.lower(), value.lower()) for one in configuration["Values"])


def _query(condition: Mapping[str, Any], request: Request) -> bool:
    def pair(wanted: Mapping[str, str]) -> bool:
        return any(
            _like(wanted["Value"].lower(), value.lower()) and ("Key" not in wanted or _like(wanted["Key"].lower(), key.lower()))
            for key, value in request.query
        )

    return any(pair(wanted) for wanted in _values(condition, "QueryStringConfig"))


DECISIONS: Mapping[str, Callable[[Mapping[str, Any], Request], bool]] = {
    "path-pattern": _path,
    "host-header": _host,
    "http-request-method": _method,
    "source-ip": _source,
    "http-header": _header,
    "query-string": _query,
}


def _like(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(character, re.escape(character)) for character in pattern), re.DOTALL)
