# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a listmonk answers through what stands in front of it: certificate, health, database, and which paths are open to whom.

The split of paths is looked at without credentials: listmonk's own 403 in JSON proves that a request reached it, and anything but an
answer of listmonk's that it did not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._core.errors import MailingError
from .address import parse_address
from .admin_session import bare_session
from .causes import explain
from .client import Client, Connection
from .errors import NotTheApi, Rejected, Unreachable
from .failures import Target
from .trust import trust

if TYPE_CHECKING:
    from requests import Response

Progress = Callable[[str], None]
PAUSE_S = 1.0


@dataclass(frozen=True)
class Probe:
    """One request and what it must show. ``holds`` is given the answer."""

    name: str
    path: str
    expected: str
    holds: Callable[[Response], bool]
    outside: bool = False


@dataclass(frozen=True)
class Seen:
    """What came of a probe."""

    name: str
    passed: bool
    found: str


@dataclass(frozen=True)
class Place:
    """What is probed. ``outside_headers`` make a request count as one from outside, where something understands them (a sandbox does)."""

    connection: Connection
    outside_headers: Mapping[str, str] = field(default_factory=dict)


def is_listmonk(response: Response) -> bool:
    """Whether listmonk's API answered: its refusals are JSON with a message, its answers JSON with data."""
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and ("message" in body or "data" in body)


def is_a_page(response: Response) -> bool:
    return response.status_code == 200 and "text/html" in response.headers.get("Content-Type", "")


def is_kept_out(response: Response) -> bool:
    return response.status_code in (403, 404) and not is_listmonk(response)


PROBES = (
    Probe("health", "/health", "status 200 and data: true", lambda got: got.status_code == 200 and is_listmonk(got)),
    Probe("sign-in page, inside", "/admin/login", "the page", is_a_page),
    Probe("API, inside", "/api/config", "listmonk's refusal, status 403", lambda got: got.status_code == 403 and is_listmonk(got)),
    Probe("front page, inside", "/", "the page", is_a_page),
    Probe("health, outside", "/health", "status 200 and data: true", lambda got: got.status_code == 200 and is_listmonk(got), outside=True),
    Probe("front page, outside", "/", "the page", is_a_page, outside=True),
    Probe("sign-in page, outside", "/admin/login", "to be kept out", is_kept_out, outside=True),
    Probe("API, outside", "/api/config", "to be kept out", is_kept_out, outside=True),
    # It may be let through to the public tasks, whose listmonk knows no such path.
    Probe("API by a detour, outside", "/api/public/../config", "status 404", lambda got: got.status_code == 404, outside=True),
)


def verify(place: Place, patience: float, progress: Progress, sleep: Callable[[float], None] = time.sleep) -> list[Seen]:
    """Probe until everything holds, for up to ``patience`` seconds: a load balancer takes a moment to find new tasks healthy.

    Raises MailingError, with all findings as a fact, if something does not hold in the end.
    """
    deadline = time.monotonic() + patience
    while True:
        seen = [_probed(place, probe) for probe in PROBES if not probe.outside or place.outside_headers]
        seen.append(_database(place))
        wrong = [one for one in seen if not one.passed]
        if not wrong:
            return seen
        if time.monotonic() >= deadline:
            said = "; ".join(f"{one.name}: {one.found}" for one in wrong)
            raise MailingError(f"{place.connection.url} does not answer as it must. {said}.", probes=[vars(one) for one in seen])
        progress(f"{len(wrong)} of {len(seen)} probes do not hold yet ({wrong[0].name}: {wrong[0].found})")
        sleep(PAUSE_S)


def _probed(place: Place, probe: Probe) -> Seen:
    try:
        response = _get(place, probe.path, place.outside_headers if probe.outside else {})
    except Unreachable as error:
        return Seen(probe.name, False, str(error))
    found = f"status {response.status_code}, {response.headers.get('Content-Type', 'no content type')}"
    if probe.holds(response):
        return Seen(probe.name, True, found)
    return Seen(probe.name, False, f"GET {probe.path} gave {found}, where {probe.expected} is due")


def _database(place: Place) -> Seen:
    """Asked through the API, with the token: /health does not touch the database."""
    try:
        client = Client(place.connection, check_mode=True)
        client.get("/api/lists", {"minimal": True}, expect=(dict, list))
        return Seen("database", True, f"listmonk {'.'.join(map(str, client.version))} reads its lists")
    except (Rejected, NotTheApi, Unreachable) as error:
        return Seen("database", False, str(error))


def _get(place: Place, path: str, headers: Mapping[str, str]) -> Response:
    """One GET whose path is sent as it is written, without credentials and without following anything."""
    connection = place.connection
    target = Target(parse_address(connection.url), trust(connection.validate_certs, connection.ca_path), connection.timeout)
    session = bare_session()
    try:
        prepared = session.prepare_request(_request(target.address.base, headers))
        prepared.url = f"{target.address.base}{path}"
        proxies = session.merge_environment_settings(prepared.url, {}, None, None, None)["proxies"]
        answer: Any = session.get_adapter(prepared.url).send(prepared, timeout=target.timeout, verify=target.trust.verify, proxies=proxies)
    except OSError as error:
        raise Unreachable(explain(error, "GET", path, target).sentence) from error
    finally:
        session.close()
    response: Response = answer
    return response


def _request(url: str, headers: Mapping[str, str]) -> Any:
    from requests import Request

    return Request("GET", url, headers=dict(headers))
