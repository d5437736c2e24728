# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session of a person, for the one thing that an API user cannot do: make the first API user.

Everything else goes through client.py, which keeps no cookies. This session signs in, speaks JSON and is ended; it follows no redirect,
and repeats nothing.
"""

from __future__ import annotations

import json as json_text
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .address import parse_address
from .answers import Expected, data_of
from .causes import explain
from .errors import LibraryMissing, NotTheApi
from .failures import Failure, Target, as_error
from .transport import Answer, Request
from .trust import trust

if TYPE_CHECKING:
    from requests import Response, Session

LOGIN = "/admin/login"


class AdminSession:
    """A signed-in super admin, to be used as a context. Raises Unreachable, Uncertain, NotTheApi or Rejected."""

    def __init__(self, url: str, username: str, password: str, *, ca_path: str | None = None, timeout: float = 30.0) -> None:
        self._target = Target(parse_address(url), trust(True, ca_path), timeout)
        self._username = username
        self._password = password
        self._session = bare_session()

    def __enter__(self) -> AdminSession:
        """Sign in. Raises NotTheApi if that is not possible, and says why."""
        page = self._send("GET", LOGIN, None, {})
        base = self._target.address.base
        if page.status_code != 200 or "password" not in page.text:
            raise NotTheApi(
                f"{base} answered GET {LOGIN} with status {page.status_code} and no sign-in page. Is this place allowed to reach /admin?",
                status=page.status_code,
            )
        if 'name="password2"' in page.text:
            raise NotTheApi(
                f"{base} has no user yet: whoever comes first becomes its admin. Stop it, and install it with an admin's credentials."
            )
        form = {"username": self._username, "password": self._password, "next": "/admin"}
        answer = self._send("POST", LOGIN, form, {})
        if answer.status_code == 302 and "/twofa" in answer.headers.get("Location", ""):
            raise NotTheApi(
                f"{base} asks {self._username} for a second factor, which a task cannot give. Use an admin of automation's own."
            )
        if answer.status_code != 302 or "session" not in self._session.cookies:
            raise NotTheApi(f"{base} did not let {self._username} sign in with the password of the secret. Was it changed by hand?")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the session, so that its cookie is worth nothing; not at the cost of the error that led here."""
        try:
            self.request("POST", "/api/logout", expect=bool)
        except Exception:
            if error is None:
                raise
        finally:
            self._session.close()

    def request(self, method: str, path: str, json: Any = None, *, expect: Expected = dict) -> Any:
        """The ``data`` of the API's answer."""
        headers = {"Accept": "application/json"}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = json_text.dumps(json).encode()
        response = self._send(method, path, body, headers)
        asked = Request(method, path, writes=method != "GET", body=body, headers=headers)
        answer = Answer(asked, response.url, response.status_code, response.headers.get("Content-Type", ""), response.content)
        return data_of(answer, expect, username=self._username, secrets=lambda: [self._password])

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Response:
        try:
            return self._session.request(
                method,
                self._target.address.base + path,
                data=data,
                headers=headers,
                timeout=self._target.timeout,
                verify=self._target.trust.verify,
                allow_redirects=False,
            )
        except OSError as error:  # every exception of requests is one
            failure = error if isinstance(error, Failure) else explain(error, method, path, self._target)
            raise as_error(failure, writes=method != "GET", tries=1) from error


def bare_session() -> Session:
    try:
        import requests
    except ImportError as error:
        raise LibraryMissing("requests") from error
    session = requests.Session()
    session.auth = lambda prepared: prepared  # as long as the session has an auth of its own, requests does not look into netrc
    session.headers["User-Agent"] = "clarivum.mailing"
    return session
