# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scripted server saw and what it answers: values, one HTTP connection, and the way to a backend."""

from __future__ import annotations

import http.client
import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "host", "expect", "date", "server"})
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: the peer gets a reset instead of an end


@dataclass
class Seen:
    """One request as it arrived. ``path`` holds the query; ``body`` as much as is kept of ``length`` bytes."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    length: int
    fault: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path.partition('?')[0]}"

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None  # what Content-Length promises, if not the truth
    chunked: bool = False
    close: bool = False

    def closing(self) -> Reply:
        return replace(self, close=True)


BACKEND_GONE = Reply(502, b"<html><body>no backend</body></html>", (("Content-Type", "text/html"),))


def data(value: Any, status: int = 200) -> Reply:
    """listmonk's success."""
    return as_json({"data": value}, status)


def message(status: int, text: str) -> Reply:
    """listmonk's refusal."""
    return as_json({"message": text}, status)


def as_json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode() + b"\n", (("Content-Type", "application/json"),))


def as_page(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), (("Content-Type", "text/html; charset=UTF-8"),))


def as_csv(text: bytes, **details: Any) -> Reply:
    headers = (("Content-Type", "text/csv"), *details.pop("headers", ()))
    return Reply(200, text, headers, **details)


def pass_on(backend: str, seen: Seen) -> Reply:
    """Let the backend answer; a backend that does not is a bad gateway."""
    parts = urlsplit(backend)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        headers = {name: value for name, value in seen.headers.items() if name.lower() not in _HOP}
        connection.request(seen.method, parts.path.rstrip("/") + seen.path, seen.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        return Reply(answer.status, body, tuple((name, value) for name, value in answer.getheaders() if name.lower() not in _HOP))
    except (OSError, http.client.HTTPException):
        return BACKEND_GONE
    finally:
        connection.close()


class Connection(BaseHTTPRequestHandler):
    """One connection of a client; hands every request to ``answer`` and lives until either side ends it."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(self, connection: socket.socket, keep: int | None, answer: Callable[[Connection, Seen], None]) -> None:
        self._keep = keep
        self._answer = answer
        super().__init__(connection, ("127.0.0.1", 0), None)  # type: ignore[arg-type]

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self, Seen(self.command, self.path, dict(self.headers.items()), self._body(length), length))
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815 - names that http.server asks for

    def reply(self, reply: Reply, *, cut: bool = False) -> None:
        """Send it; ``cut`` sends half of the body and promises all."""
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        body = reply.body[: len(reply.body) // 2] if cut else reply.body
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"%x\r\n%s\r\n" % (len(body), body) + (b"" if cut else b"0\r\n\r\n")
        else:
            promised = len(reply.body) + (50 if cut and not reply.body else 0) if reply.length is None else reply.length
            self.send_header("Content-Length", str(promised))
        if reply.close or cut or reply.length is not None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing goes to standard error."""

    def _body(self, length: int) -> bytes:
        kept = b""
        while length:
            piece = self.rfile.read(min(length, 1 << 20))
            if not piece:
                break
            length -= len(piece)
            kept += piece if self._keep is None else piece[: max(0, self._keep - len(kept))]
        return kept
