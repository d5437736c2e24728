# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS as one verb: ``aws.call("cloudformation", "describe_stacks", StackName=…)``. All that this package sends to AWS goes through here."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from .._core.errors import MailingError, Refusal
from .errors import refused, unanswered
from .reading_operations import refuse_writing

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
TRIES = 9
"""In botocore's standard mode, with pauses that grow to 20 s: throttling is waited out for a good minute before it is an error."""


@dataclass(frozen=True)
class Connection:
    """The connection options of every task that speaks to AWS; what is None is found by botocore in its usual places."""

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    validate_certs: bool = True
    aws_ca_bundle: str | None = None
    aws_config: Mapping[str, Any] | None = None


def connection_of(options: Mapping[str, Any]) -> Connection:
    """The connection that a task's options describe; raises Refusal where they contradict each other."""
    # An empty text is what a variable without a value becomes, and says nothing.
    values: dict[str, Any] = {each.name: None if options[each.name] == "" else options[each.name] for each in fields(Connection)}
    given = Connection(**values)
    if bool(given.access_key) != bool(given.secret_key):
        raise Refusal("access_key and secret_key belong together: give both, or neither.")
    if given.access_key and given.profile:
        raise Refusal(f"Both the profile {given.profile} and access_key are given; say one of the two (AWS_PROFILE counts as a profile).")
    return given


class Aws:
    """One account and region as the task's options name them. Nothing is sent before the first call.

    In check mode every operation that is not declared in reading_operations.py raises WriteInCheckMode before a byte is sent.
    """

    def __init__(self, connection: Connection, *, check_mode: bool = False) -> None:
        self.connection = connection
        self.check_mode = check_mode
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    @property
    def region(self) -> str:
        """The region that is spoken to, also where only a profile names it."""
        return str(self.client("cloudformation").meta.region_name)

    def client(self, service: str) -> Any:
        """botocore's client, made once. Prefer ``call`` and ``pages``: around a client's own methods errors need ``translated``."""
        if service not in self._clients:
            _require_botocore()
            with self.translated(service):
                self._clients[service] = self._new_client(service)
        return self._clients[service]

    def call(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """One operation, named as a method of the client (describe_stacks). Raises AwsError."""
        client = self.client(service)
        with self.translated(f"{service} {operation}"):
            answer: dict[str, Any] = getattr(client, operation)(**parameters)
        return answer

    def pages(self, service: str, operation: str, key: str, /, **parameters: Any) -> Iterator[dict[str, Any]]:
        """What all pages of a list hold under ``key``, read as it is needed. Raises AwsError."""
        client = self.client(service)
        with self.translated(f"{service} {operation}"):
            for page in client.get_paginator(operation).paginate(**parameters):
                yield from page.get(key) or ()

    @contextmanager
    def translated(self, operation: str) -> Iterator[None]:
        """Errors of botocore become AwsError, whose text says what was asked and what the answer was, without secrets."""
        import botocore.exceptions as botocore_errors
        from botocore.parsers import ResponseParserError  # a proxy's page, say; outside of botocore's own hierarchy

        try:
            yield
        except botocore_errors.ClientError as error:
            said = error.response.get("Error", {})
            raise refused(operation, str(said.get("Code", "Unknown")), str(said.get("Message", "")), self.secrets()) from error
        except (botocore_errors.BotoCoreError, botocore_errors.HTTPClientError, ResponseParserError) as error:
            raise unanswered(operation, error, self.connection.region, self.secrets()) from error

    def secrets(self) -> Collection[str]:
        """The credentials in use: what no text may repeat."""
        found = {self.connection.secret_key, self.connection.session_token}
        credentials = self._found_credentials()
        if credentials is not None:
            found |= {credentials.secret_key, credentials.token}
        return {secret for secret in found if secret}

    def _found_credentials(self) -> Any:
        """What botocore found in its usual places, or None; this is asked while an error is put into words, so it raises none."""
        import botocore.exceptions as botocore_errors

        try:
            return self._session.get_credentials() if self._session is not None else None
        except botocore_errors.BotoCoreError:
            return None

    def _new_client(self, service: str) -> Any:
        from botocore.config import Config

        connection = self.connection
        defaults = {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": READ_TIMEOUT,
            "retries": {"mode": "standard", "total_max_attempts": TRIES},
            "user_agent_extra": "clarivum.mailing",
        }
        try:
            config = Config(**{**defaults, **(connection.aws_config or {})})
        except TypeError as error:
            raise Refusal(f"aws_config holds something that botocore's Config does not know: {error}.") from error
        client = self._open_session().create_client(
            service,
            region_name=connection.region,
            endpoint_url=connection.endpoint_url,
            verify=(connection.aws_ca_bundle or True) if connection.validate_certs else False,
            config=config,
        )
        if self.check_mode:
            client.meta.events.register_first("before-parameter-build.*.*", _hold_back_writes, unique_id="clarivum-check-mode")
        return client

    def _open_session(self) -> Any:
        if self._session is None:
            from botocore.session import Session

            connection = self.connection
            self._session = Session(profile=connection.profile)
            self._session.register_component("data_loader", _loader())
            if connection.access_key:
                self._session.set_credentials(connection.access_key, connection.secret_key, connection.session_token)
        return self._session


def _hold_back_writes(params: Mapping[str, Any], model: Any, **_event: Any) -> None:
    """A handler of botocore's event that comes before a request is even put together."""
    refuse_writing(model.service_model.service_name, model.name, params)


def _require_botocore() -> None:
    try:
        import botocore.session  # noqa: F401  # whether it is there
    except ImportError as error:
        raise MailingError(
            f"Tasks that speak to AWS need the Python library boto3 on the controller, and {sys.executable} does not find it ({error}). "
            "Install it for that Python."
        ) from error


_LOADERS: list[Any] = []


def _loader() -> Any:
    """botocore's reader of AWS's service descriptions, one for the process, since it keeps what it has read (0.2 s for one service)."""
    if not _LOADERS:
        from botocore.loaders import create_loader

        _LOADERS.append(create_loader())
    return _LOADERS[0]


def warm_up(*services: str) -> None:
    """Load botocore and the descriptions of these services now.

    Ansible loads the class of an action plugin in its main process, and runs each task in a fork of it: what is loaded there is paid once a
    playbook instead of once a task (1.3 s on a slow machine). Without botocore nothing happens; the task then says what is missing.
    """
    try:
        from botocore import UNSIGNED
        from botocore.config import Config
        from botocore.session import Session
    except ImportError:
        return
    session = Session()
    session.register_component("data_loader", _loader())
    for service in services:
        session.create_client(service, region_name="us-east-1", config=Config(signature_version=UNSIGNED))
