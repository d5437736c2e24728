# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's API as a few verbs. All that this package sends to a listmonk goes through here."""

from __future__ import annotations

import json as json_text
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from .._core.errors import Refusal
from .address import parse_address
from .answers import Expected, data_of
from .credentials import authorization
from .errors import WriteInCheckMode
from .transport import Answer, Request, Transport
from .trust import trust

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from .upload import Progress

# Imports inside functions are of what hardly a task needs: Ansible compiles all that a module imports, on every run.

_UPLOAD_BYTES_PER_SECOND = 5_000_000  # a proxy may take a whole upload in before it passes it on; the wait for the answer grows with it


@dataclass(frozen=True)
class Connection:
    """The connection options of every module. ``timeout`` is in seconds, for connecting and for each wait for the answer."""

    url: str
    username: str
    api_token: str = field(repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = 30.0


class Client:
    """One listmonk, one API user. Nothing is sent before the first verb; what is wrong with the options is raised at once.

    Raises, from every verb: Unreachable, Uncertain (writes only), NotTheApi, Rejected, BadAddress (a redirect shows the right one).
    """

    def __init__(self, connection: Connection, *, check_mode: bool = False) -> None:
        if not (isinstance(connection.timeout, (int, float)) and math.isfinite(connection.timeout) and connection.timeout > 0):
            raise Refusal(f"The timeout is {connection.timeout}. It must be a number of seconds above 0.")
        self.connection = connection
        self.check_mode = check_mode
        self._transport = Transport(
            parse_address(connection.url),
            authorization(connection.username, connection.api_token),
            trust(connection.validate_certs, connection.ca_path),
            connection.timeout,
        )
        self._config: dict[str, Any] | None = None

    @property
    def base_url(self) -> str:
        """The checked address that every path is added to."""
        return self._transport.address.base

    @property
    def requests_sent(self) -> list[tuple[str, str]]:
        """(METHOD, path) of every try, oldest first."""
        return self._transport.sent

    @property
    def version(self) -> tuple[int, int, int]:
        from .server_version import parse_version

        return parse_version(self.config().get("version"), self.base_url)

    def config(self) -> dict[str, Any]:
        """GET /api/config, kept until :meth:`forget_config`."""
        if self._config is None:
            self._config = cast(dict[str, Any], self.get("/api/config"))
        return self._config

    def forget_config(self) -> None:
        self._config = None

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, expect: Expected = dict) -> Any:
        request = Request("GET", path, writes=False, params=_query(params), headers={"Accept": "application/json"})
        return self._data(self._transport.exchange(request), expect, None)

    def post(self, path: str, json: Any = None, *, expect: Expected = dict) -> Any:
        return self._write("POST", path, json, expect)

    def put(self, path: str, json: Any = None, *, expect: Expected = dict) -> Any:
        return self._write("PUT", path, json, expect)

    def patch(self, path: str, json: Any = None, *, expect: Expected = dict) -> Any:
        return self._write("PATCH", path, json, expect)

    def delete(self, path: str, params: Mapping[str, Any] | None = None, *, expect: Expected = (bool, dict, list)) -> Any:
        return self._write("DELETE", path, None, expect, params)

    def preview(self, path: str, form: Mapping[str, str]) -> str:
        """POST a form that writes nothing, also in check mode; the rendered page. A template that does not compile: Rejected, 400."""
        from .preview import page_of, preview_request

        request = preview_request(path, form)
        self.config()  # a page says nothing about who made it: see that it is listmonk that answers here
        return page_of(self._transport.exchange(request), username=self.connection.username, secrets=partial(self._secrets, None))

    def download(self, path: str, params: Mapping[str, Any] | None = None) -> AbstractContextManager[BinaryIO]:
        """The CSV behind ``path`` as a binary stream; reading raises Unreachable if it breaks off before its end.

        It is asked for uncompressed: gzip costs listmonk 11 s of processor for a million people, nearly doubling the export (6.2.0,
        measured), which is more than a line of 100 Mbit/s needs for the bytes that it saves.
        listmonk ends an export that its database broke off like a whole one (6.2.0, cmd/subscribers.go): count the rows.
        """
        from .download import csv_stream

        request = Request("GET", path, writes=False, params=_query(params), headers={"Accept": "text/csv", "Accept-Encoding": "identity"})
        return csv_stream(self._transport, request, username=self.connection.username, secrets=partial(self._secrets, None))

    def upload(
        self,
        path: str,
        *,
        fields: Mapping[str, str],
        file: BinaryIO,
        filename: str,
        size: int,
        progress: Progress | None = None,
        expect: Expected = dict,
    ) -> Any:
        """POST a multipart form with the next ``size`` bytes of ``file``, read while they are sent."""
        from .upload import MultipartBody

        self._refuse_in_check_mode("POST", path)
        body = MultipartBody(fields, file, filename, size, progress)
        patience = self.connection.timeout + size / _UPLOAD_BYTES_PER_SECOND
        request = Request("POST", path, writes=True, body=body, headers={"Content-Type": body.content_type}, read_timeout=patience)
        return self._data(self._transport.exchange(request), expect, None)

    def _write(self, method: str, path: str, json: Any, expect: Expected, params: Mapping[str, Any] | None = None) -> Any:
        self._refuse_in_check_mode(method, path)
        headers = {"Accept": "application/json"}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = _encoded(json, path)
        request = Request(method, path, writes=True, params=_query(params), body=body, headers=headers)
        return self._data(self._transport.exchange(request), expect, json)

    def _refuse_in_check_mode(self, method: str, path: str) -> None:
        if self.check_mode:
            raise WriteInCheckMode(
                f"{method} {path} would write, and this is check mode; nothing was sent. This is a mistake of the module: please report it."
            )

    def _data(self, answer: Answer, expect: Expected, json: Any) -> Any:
        return data_of(answer, expect, username=self.connection.username, secrets=partial(self._secrets, json))

    def _secrets(self, json: Any) -> list[str]:
        from .server_text import secrets_in

        return [self.connection.api_token, *secrets_in(json)]


def _query(params: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Parameters as Go reads them: true and false in lower case; requests would write Python's."""
    if params is None:
        return None
    return {key: _query_value(value) for key, value in params.items()}


def _query_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return [_query_value(one) for one in value]
    return value


def _encoded(json: Any, path: str) -> bytes:
    try:
        return json_text.dumps(json, allow_nan=False, separators=(",", ":")).encode("ascii")
    except ValueError as error:
        raise Refusal(f"What was to be sent to {path} holds a number that JSON does not have (infinity or not-a-number).") from error
