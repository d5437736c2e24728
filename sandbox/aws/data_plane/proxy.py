# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One listener of a load balancer: a server on a loopback port that answers, redirects or forwards, as the listener's rules say.

A request comes from the address that its header X-Sandbox-Source-Ip names: on one machine all come from 127.0.0.1, and rules by source
network could not be tried. Only the sandbox honours that header; it is taken off before the request goes on.

What is not here: HTTP/2, WebSockets, sticky sessions, authentication, WAF, access logs, and limits of an idle connection.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import logging
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from moto.elbv2.models import FakeListener

from .certificates import CertificateFiles
from .listener_rules import Request, Unsupported, first_match
from .target_health import TargetHealth

SOURCE_HEADER = "X-Sandbox-Source-Ip"
THREADS = 24
TARGET_TIMEOUT_S = 60.0  # the idle timeout of a load balancer
HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
NOT_PASSED_ON = {*HOP_BY_HOP, "expect", SOURCE_HEADER.lower()}  # cheroot has answered an Expect: 100-continue itself
ADDED_HEADERS = "routing.http.response."  # listener attributes that add headers to each answer
PIECE = 64 * 1024
Respond = Callable[[str, list[tuple[str, str]]], Any]


class Proxy:
    """``loopback_port`` tells where on this machine another listener of the same load balancer is, for redirects."""

    def __init__(
        self,
        listener: FakeListener,
        health: TargetHealth,
        port: int,
        certificate: CertificateFiles | None,
        loopback_port: Callable[[FakeListener, str], str],
    ) -> None:
        self.listener = listener
        self._health = health
        self._loopback_port = loopback_port
        self._server = _Server(("127.0.0.1", port), self._answer, numthreads=THREADS, server_name="awselb/2.0", shutdown_timeout=1)
        if certificate is not None:
            self._server.ssl_adapter = BuiltinSSLAdapter(str(certificate.certificate), str(certificate.key))
        self._server.prepare()

    @property
    def port(self) -> int:
        return int(self._server.bind_addr[1])

    def serve(self) -> None:
        """Until stop is called."""
        self._server.serve()

    def stop(self) -> None:
        self._server.stop()

    def _answer(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        try:
            request = _request(environ)
            rule = first_match(list(self.listener.rules.values()), request)
        except (Unsupported, ValueError) as error:
            return _say(respond, 500, f"the sandbox's load balancer: {error}")
        if rule is None:
            return _say(respond, 404, "")
        action: Mapping[str, Any] = sorted(rule.actions, key=lambda one: int(one.data.get("Order") or 1))[-1].data
        if action["Type"] == "fixed-response":
            return self._fixed(action["FixedResponseConfig"], respond)
        if action["Type"] == "redirect":
            return self._redirect(action["RedirectConfig"], environ, request, respond)
        if action["Type"] == "forward":
            return self._forward(action, environ, request, respond)
        return _say(respond, 500, f"the sandbox's load balancer does not know the action {action['Type']}")

    def _fixed(self, answer: Mapping[str, Any], respond: Respond) -> Iterable[bytes]:
        return _say(
            respond,
            int(answer["StatusCode"]),
            answer.get("MessageBody") or "",
            [("Content-Type", answer.get("ContentType") or "text/plain"), *self._added()],
        )

    def _redirect(self, to: Mapping[str, Any], environ: Mapping[str, Any], request: Request, respond: Respond) -> Iterable[bytes]:
        """The location keeps what is not given, and fills in #{protocol}, #{host}, #{port}, #{path} and #{query}.

        The port that a redirect names is the load balancer's; here it is the loopback port of the listener that has it.
        """
        known = {
            "protocol": self.listener.protocol.lower(),
            "host": request.host,
            "port": str(self.listener.port),
            "path": request.path.removeprefix("/"),
            "query": str(environ.get("QUERY_STRING", "")),
        }

        def filled(name: str, default: str) -> str:
            text = str(to.get(name) or default)
            for key, value in known.items():
                text = text.replace("#{" + key + "}", value)
            return text

        port = self._loopback_port(self.listener, filled("Port", "#{port}"))
        query = filled("Query", "#{query}")
        location = f"{filled('Protocol', '#{protocol}').lower()}://{filled('Host', '#{host}')}:{port}"
        location += filled("Path", "/#{path}") + (f"?{query}" if query else "")
        status = int(str(to["StatusCode"]).removeprefix("HTTP_"))
        return _say(respond, status, "", [("Location", location), *self._added()])

    def _forward(self, action: Mapping[str, Any], environ: dict[str, Any], request: Request, respond: Respond) -> Iterable[bytes]:
        group = _chosen(action)
        candidates = self._health.candidates(group)
        if not candidates:
            return _say(respond, 503, "", self._added())
        address, port = random.choice(candidates)
        self._health.begin_request(group, address, port)
        connection = http.client.HTTPConnection(address, port, timeout=TARGET_TIMEOUT_S)
        try:
            answer = self._ask(connection, environ, request)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._health.end_request(group, address, port)
            return _say(respond, 504 if isinstance(error, TimeoutError) else 502, "", self._added())
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
        respond(f"{answer.status} {answer.reason}", [*headers, *self._added()])
        return _pieces(answer, connection, lambda: self._health.end_request(group, address, port))

    def _ask(self, connection: http.client.HTTPConnection, environ: dict[str, Any], request: Request) -> http.client.HTTPResponse:
        query = environ.get("QUERY_STRING")
        connection.putrequest(request.method, request.path + (f"?{query}" if query else ""), skip_host=True, skip_accept_encoding=True)
        sent = {name: value for name, value in _headers(environ) if name.lower() not in NOT_PASSED_ON}
        sent["X-Forwarded-For"] = ", ".join([*([sent["X-Forwarded-For"]] if "X-Forwarded-For" in sent else []), request.source])
        sent["X-Forwarded-Proto"] = self.listener.protocol.lower()
        sent["X-Forwarded-Port"] = str(self.listener.port)
        chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        if chunked:
            sent["Transfer-Encoding"] = "chunked"
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in _body(environ, chunked=chunked):
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            connection.send(b"0\r\n\r\n")
        return connection.getresponse()

    def _added(self) -> list[tuple[str, str]]:
        """Headers that the listener's attributes set, such as Strict-Transport-Security."""
        found = []
        for key, value in self.listener.attributes.items():
            if key.startswith(ADDED_HEADERS) and key.endswith(".header_value") and value:
                words = key.removeprefix(ADDED_HEADERS).removesuffix(".header_value").split("_")
                found.append(("-".join(word.capitalize() for word in words), str(value)))
        return found


class _Server(wsgi.Server):
    expiration_interval = 0.1  # also how long a stop may take

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """cheroot reports clients that went away, which concern nobody."""
        if level >= logging.ERROR:
            sys.stderr.write(f"load balancer: {msg}\n")


def _request(environ: Mapping[str, Any]) -> Request:
    headers = {name.lower(): value for name, value in _headers(environ)}
    source = headers.get(SOURCE_HEADER.lower()) or str(environ["REMOTE_ADDR"])
    ipaddress.ip_address(source)  # raises ValueError with a sentence
    return Request(
        method=str(environ["REQUEST_METHOD"]),
        path=str(environ["REQUEST_URI"]).partition("?")[0] if "REQUEST_URI" in environ else quote(str(environ["PATH_INFO"])),
        host=_without_port(headers.get("host", "")),
        query=tuple(parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)),
        headers=headers,
        source=source,
    )


def _without_port(host: str) -> str:
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield "-".join(word.capitalize() for word in key.removeprefix("HTTP_").split("_")), str(value)
    for key, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(key):
            yield name, str(environ[key])


def _body(environ: Mapping[str, Any], *, chunked: bool) -> Iterator[bytes]:
    left = None if chunked else int(environ.get("CONTENT_LENGTH") or 0)
    source = environ["wsgi.input"]
    while left is None or left > 0:
        piece = source.read(PIECE if left is None else min(PIECE, left))
        if not piece:
            return
        if left is not None:
            left -= len(piece)
        yield piece


def _pieces(answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, done: Callable[[], None]) -> Iterator[bytes]:
    """As they come, so that a stream of events is one here, too."""
    try:
        with contextlib.suppress(OSError, http.client.HTTPException):
            while piece := answer.read1(PIECE):
                yield piece
    finally:
        connection.close()
        done()


def _chosen(action: Mapping[str, Any]) -> str:
    """The target group, by weight when there are several."""
    if action.get("TargetGroupArn"):
        return str(action["TargetGroupArn"])
    groups = action["ForwardConfig"]["TargetGroups"]
    weights = [int(group.get("Weight", 1)) for group in groups]
    return str(random.choices(groups, weights)[0]["TargetGroupArn"])


def _say(respond: Respond, status: int, text: str, headers: Iterable[tuple[str, str]] = ()) -> Iterable[bytes]:
    body = text.encode()
    respond(f"{status} {http.client.responses.get(status, 'Status')}", [*headers, ("Content-Length", str(len(body)))])
    return [body]
