# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests on their way: one session, what may be repeated, where a redirect may lead.

Rules: no cookies (a cookie named session makes listmonk ignore the token), no netrc, the token to one origin only, time limits
always. What only reads is tried three times; what writes is repeated only while no connection came about, so that nothing is
ever written twice. A proxy's 429, 502, 503 or 504 to a write is never answered by repeating: it may have been passed on.
"""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .address import Address
from .body import AnswerBody
from .errors import LibraryMissing
from .failures import Failure, Target, as_error
from .trust import Trust

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

T = TypeVar("T")

TRIES = 3
PASSING = frozenset({429, 502, 503, 504})
LONGEST_PAUSE = 30.0  # s; a Retry-After beyond it ends the task instead of holding it
CONNECT_TIMEOUT = 10.0  # s; a server that takes longer to accept is not there
STALE = 5.0  # s; a load balancer may close an idle connection at the moment when a write goes out on it
BODY_TIMEOUTS = 10  # a body may take this many timeouts as a whole

_jitter = random.SystemRandom()
_sleep = time.sleep


# Tuples, here and where else a task that changes nothing comes by, because a dataclass takes a millisecond of every run to make.
class Request(NamedTuple):
    method: str
    path: str
    writes: bool
    params: Mapping[str, Any] | None = None
    body: Any = None
    headers: Mapping[str, str] = MappingProxyType({})
    read_timeout: float | None = None


class Answer(NamedTuple):
    """A whole answer. ``url`` is where it came from in the end, after redirects."""

    request: Request
    url: str
    status: int
    content_type: str
    body: bytes
    retry_after: str = ""


class Transport:
    def __init__(self, address: Address, authorization: str, trust: Trust, timeout: float) -> None:
        self.address = address
        self.sent: list[tuple[str, str]] = []
        self._authorization = authorization
        self._trust = trust
        self._timeout = timeout
        self._target = Target(address, trust, timeout)
        self._session: Session | None = None
        self._last_used = 0.0

    def exchange(self, request: Request) -> Answer:
        """Send, read the answer whole, repeat where the rules allow. Raises Unreachable, Uncertain, BadAddress or NotTheApi."""

        def read(response: Response) -> Answer:
            with AnswerBody(response, partial(self._broken_off, request), seconds=BODY_TIMEOUTS * self._timeout) as body:
                text = body.read()
            kind = response.headers.get("Content-Type", "")
            return Answer(request, response.url, response.status_code, kind, text or b"", response.headers.get("Retry-After", ""))

        return self._repeat(request, read)

    def open(self, request: Request) -> tuple[Response, AnswerBody]:
        """Send a request that reads and return its answer with the body as a stream, which raises Unreachable if it breaks off.

        Repeated like the rest until the headers are there.
        """
        response = self._repeat(request, lambda response: response)
        return response, AnswerBody(response, lambda why: as_error(self._broken_off(request, why), writes=request.writes, tries=1))

    def _broken_off(self, request: Request, why: str) -> Failure:
        return self._target.no_answer(request.method, request.path, why)

    def _repeat(self, request: Request, finish: Callable[[Response], T]) -> T:
        last_start = time.monotonic() + 2 * self._timeout
        tries = 0
        while True:
            tries += 1
            pause = _jitter.uniform(0.5, 1.0) * 0.5 * 2 ** (tries - 1)
            more = tries < TRIES
            try:
                response = self._attempt(request)
                if request.writes or response.status_code not in PASSING:
                    return finish(response)
                pause = max(pause, _seconds(response.headers.get("Retry-After", "")))
                if not more or pause > LONGEST_PAUSE:
                    return finish(response)
                response.close()
            except Failure as failure:
                repeatable = failure.passing and not (request.writes and failure.sent)
                if not more or not repeatable or time.monotonic() + pause > last_start:
                    raise as_error(failure, writes=request.writes, tries=tries) from failure
            _sleep(pause)

    def _attempt(self, request: Request) -> Response:
        response = self._once(request, self.address.base + request.path, request.params)
        if response.status_code // 100 != 3:
            return response
        from .redirects import followed

        return followed(response, self.address, request, lambda url: self._once(request, url, None))

    def _once(self, request: Request, url: str, params: Mapping[str, Any] | None) -> Response:
        session = self._fresh_session(request.writes)
        self.sent.append((request.method, request.path))
        try:
            return self._sent(session, request, url, params)
        except OSError as error:  # every exception of requests is one
            from .causes import explain

            raise explain(error, request.method, request.path, self._target) from error
        finally:
            self._last_used = time.monotonic()

    def _sent(self, session: Session, request: Request, url: str, params: Mapping[str, Any] | None) -> Response:
        """Past Session.send, which would prepare (and fail on) the next request of a redirect, and keep cookies."""
        import requests

        prepared = session.prepare_request(
            requests.Request(request.method, url, params=params, data=request.body, headers=dict(request.headers))
        )
        proxies = session.merge_environment_settings(url, {}, None, None, None)["proxies"]
        timeout = (min(self._timeout, CONNECT_TIMEOUT), request.read_timeout or self._timeout)
        with warnings.catch_warnings():
            if self._trust.verify is False:  # who writes validate_certs: false knows; a line for each request would hide other lines
                from urllib3.exceptions import InsecureRequestWarning

                warnings.simplefilter("ignore", InsecureRequestWarning)
            return session.get_adapter(url).send(prepared, stream=True, timeout=timeout, verify=self._trust.verify, proxies=proxies)

    def _fresh_session(self, writes: bool) -> Session:
        if self._session is None:
            self._session = _open_session(self._authorization)
        elif writes and time.monotonic() - self._last_used > STALE:
            self._session.close()  # drops the pooled connections; the session stays usable
        return self._session


def _open_session(authorization: str) -> Session:
    try:
        import requests
    except ImportError as error:
        raise LibraryMissing("requests") from error

    def authorise(prepared: PreparedRequest) -> PreparedRequest:
        prepared.headers["Authorization"] = authorization
        return prepared

    session = requests.Session()
    session.auth = authorise  # as long as the session has an auth of its own, requests does not look into netrc
    session.headers["User-Agent"] = "clarivum.mailing"
    session.headers["Accept-Encoding"] = "gzip"  # the one encoding whose end AnswerBody checks
    return session


def _seconds(retry_after: str) -> float:
    """Retry-After as seconds from now; 0 where it says nothing that can be used."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
