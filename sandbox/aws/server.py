# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: moto's application on a loopback port, with our CloudFormation in place of moto's and the data plane behind it.

Beside AWS's API it answers ``/sandbox/…``: ``POST reset`` empties the account, ``POST faults`` orders failures of stack operations
(cloudformation/faults.py), ``GET load-balancers`` says where the load balancers listen.
"""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from . import moto_gaps
from .cloud import Cloud
from .cloudformation.account import Account
from .cloudformation.api import response_class
from .providers.all import KINDS

HOST = "127.0.0.1"
DEFAULT_REGION = "eu-central-1"
ACCOUNT = "123456789012"
DATA_PLANE = "sandbox.aws.data_plane"
FOR_CLOUDFORMATION = "/cloudformation/aws4_request"  # in the scope of a signature


class DataPlane(Protocol):
    def reset(self) -> None: ...
    def close(self) -> None: ...
    def load_balancers(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Ports:
    api: int = 0
    https: int = 0
    http: int = 0


class _Handler(MotoRequestHandler):
    """Answers leave at once: with Nagle's algorithm a kept connection waits 40 ms for each."""

    wbufsize = -1
    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads a line for each call."""


class Sandbox:
    """One AWS account in this process."""

    def __init__(self, home: Path, ports: Ports, *, data_plane: bool) -> None:
        self._accounts: dict[str, Account] = {}
        self._lock = threading.Lock()
        moto_gaps.close()
        self._cloudformation = response_class(self.account)
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer = make_server(HOST, ports.api, self._application, threaded=True, request_handler=_Handler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.endpoint_url = f"http://{HOST}:{self._server.server_port}"
        self._plane = _attach(home, self.endpoint_url, ports) if data_plane else None

    def account(self, region: str) -> Account:
        """The stacks of a region."""
        with self._lock:
            if region not in self._accounts:
                self._accounts[region] = Account(Cloud(self.endpoint_url, region, ACCOUNT, runs=self._plane is not None), KINDS)
            return self._accounts[region]

    def serve(self) -> None:
        """Answer until ``stop`` is called from another thread."""
        self._server.serve_forever()

    def stop(self) -> None:
        self._server.shutdown()

    def close(self) -> None:
        for account in self._accounts.values():
            account.abandon()
        if self._plane is not None:
            self._plane.close()
        self._server.server_close()

    def reset(self) -> None:
        """Empty the account: stop what stacks are doing, end what runs for them, forget everything."""
        with self._lock:
            accounts, self._accounts = self._accounts, {}
        for account in accounts.values():
            account.abandon()
        if self._plane is not None:
            self._plane.reset()
        moto_api_backend.reset()

    # --- requests

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/sandbox/") or path == "/moto-api/reset":
            return self._own(Request(environ))(environ, start_response)
        if FOR_CLOUDFORMATION in environ.get("HTTP_AUTHORIZATION", ""):
            # Not through moto's own routes, which import moto's CloudFormation and with it all of moto.
            request = BackendRequest(environ)
            status, headers, body = self._cloudformation.dispatch(request, request.raw_url, dict(request.headers))
            return Response(body, status=status, headers=headers)(environ, start_response)
        return self._moto(environ, start_response)  # type: ignore[no-any-return]

    def _own(self, request: Request) -> Response:
        route = f"{request.method} {request.path}"
        if route in ("POST /sandbox/reset", "POST /moto-api/reset"):
            self.reset()
            return _json({"status": "ok"})
        if route == "POST /sandbox/faults":
            try:
                self.account(request.args.get("region", DEFAULT_REGION)).faults.order(json.loads(request.get_data()))
            except (TypeError, ValueError) as error:
                return _json({"error": str(error)}, 400)
            return _json({"status": "ok"})
        if route == "GET /sandbox/load-balancers":
            return _json(self._plane.load_balancers() if self._plane is not None else [])
        return _json({"error": f"the sandbox has no {route}"}, 404)


def facts(sandbox: Sandbox, pid: int) -> Mapping[str, Any]:
    """What whoever starts it needs to know."""
    return {"endpoint_url": sandbox.endpoint_url, "pid": pid, "account": ACCOUNT, "region": DEFAULT_REGION}


def _attach(home: Path, endpoint_url: str, ports: Ports) -> DataPlane:
    plane: DataPlane = importlib.import_module(DATA_PLANE).attach(
        home=home, endpoint_url=endpoint_url, account=ACCOUNT, region=DEFAULT_REGION, https_port=ports.https, http_port=ports.http
    )
    return plane


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer), status=status, content_type="application/json")
