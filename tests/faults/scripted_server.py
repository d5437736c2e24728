# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on a real loopback socket that answers as told, or passes on to a backend and goes wrong at the request named.

with FaultProxy(listmonk.base_url) as proxy:
    proxy.fail(2, "reset_after")                    # the second request from now on is carried out, its answer is lost
    proxy.fail("POST /api/lists", "429", retry_after=1)
    … connect to proxy.url …
assert [str(seen) for seen in proxy.seen] == ["GET /api/lists", "POST /api/lists", …]
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Self

from tests.faults.scripted_answers import BACKEND_GONE, Connection, Reply, Seen, pass_on

Kind = Literal[
    "refused",  # nothing listens when this request wants to connect (needs a number; see `seconds`)
    "reset_before",  # the request is read and the connection reset; the backend sees nothing
    "reset_after",  # the backend carries the request out, then the connection is reset
    "closed_before",  # like reset_before, but the connection is closed in good order, without an answer
    "closed_after",
    "silent",  # the backend sees nothing and no answer comes until the client gives up
    "silent_after",  # the backend carries it out, no answer comes until the client gives up
    "delay",  # everything is well, `seconds` later
    "429",
    "500",
    "502",  # a proxy's page with that status instead of passing on; `retry_after` sets the header
    "503",
    "504",
    "502_after",  # the backend carries the request out, a proxy in between answers 502
    "truncated",  # the backend's answer breaks off in the middle; Content-Length promises all of it
    "html",  # a sign-in page with status 200, whatever was asked; nothing is passed on
    "empty",  # status 200 without a body
    "not_json",  # application/json with something else in it
    "no_envelope",  # JSON without "data"
    "wrong_type",  # the right envelope, but with text/plain
    "redirect",  # to `location`
]
Matcher = int | str | Callable[[Seen], bool]

_PAGE = b"<!DOCTYPE html><html><head><title>%s</title><style>p{}</style></head><body><h1>%s</h1></body></html>"


@dataclass
class Fault:
    """One thing to go wrong, ``left`` more times."""

    when: Matcher
    kind: Kind
    left: int
    seconds: float | None = None
    retry_after: float | None = None
    location: str = "https://sign-in.example.com/login"

    def hits(self, seen: Seen, number: int) -> bool:
        if self.left <= 0:
            return False
        if isinstance(self.when, int):
            return number >= self.when
        if isinstance(self.when, str):
            return str(seen).startswith(self.when)
        return self.when(seen)


@dataclass
class FaultProxy:
    """``backend`` is the address to pass on to, or a function that makes the answers. Binds to 127.0.0.1 and ends with its block."""

    backend: str | Callable[[Seen], Reply]
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    keep: int | None = None  # bytes of each request's body to remember; all if None (needed to pass it on)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._faults: list[Fault] = []
        self._counted_from = 0
        self._open: set[socket.socket] = set()
        self._port = 0
        self._listener: socket.socket | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.listen_again()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop_listening()
        self._stopping.set()
        self._cut_open_connections()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self._port}"

    @property
    def log(self) -> list[str]:
        """The requests that arrived, as "METHOD /path" without the query."""
        return [str(seen) for seen in self.seen]

    def fail(
        self,
        when: Matcher,
        kind: Kind,
        *,
        times: int = 1,
        seconds: float | None = None,
        retry_after: float | None = None,
        location: str = "https://sign-in.example.com/login",
    ) -> None:
        """From now on let ``kind`` happen at the ``when``-th request (counted from 1, from this call on), at the first that begins with
        the text ``when`` ("POST /api/lists"), or at the first for which the function says so; ``times`` times in a row.

        "refused" lasts ``seconds``, for ever if None.
        """
        with self._lock:
            if not self._faults:
                self._counted_from = len(self.seen)
            self._faults.append(Fault(when, kind, times, seconds, retry_after, location))
            if kind == "refused":
                if not isinstance(when, int):
                    raise ValueError("whoever is refused is never seen: name the request by its number")
                if when == len(self.seen) - self._counted_from + 1:
                    self._refuse(self._faults[-1])

    def well_again(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()
            self.listen_again()

    def listen_again(self) -> None:
        with self._lock:
            if self._listener is not None or self._stopping.is_set():
                return
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            self._listener = socket.create_server((self.host, self._port), family=family, backlog=64)
            self._port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop_listening(self) -> None:
        with self._lock:
            if self._listener is not None:
                with contextlib.suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
                self._listener.close()
                self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        plain = connection
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            Connection(connection, self.keep, self._answer)
        except OSError:
            pass  # the client went away, or did not trust the certificate: that is what tests are about
        finally:
            with self._lock:
                self._open.discard(plain)
            with contextlib.suppress(OSError):
                connection.close()

    def _answer(self, connection: Connection, seen: Seen) -> None:
        with self._lock:
            self.seen.append(seen)
            number = len(self.seen) - self._counted_from
            fault = next((one for one in self._faults if one.kind != "refused" and one.hits(seen, number)), None)
            if fault is not None:
                fault.left -= 1
                seen.fault = fault.kind
        reply = self._go_wrong(connection, seen, fault) if fault is not None else self._pass_on(seen)
        if reply is None:
            return
        with self._lock:
            refused = next((one for one in self._faults if one.kind == "refused" and one.left and one.when == number + 1), None)
            if refused is not None:
                reply = reply.closing()
                self._refuse(refused, keep=connection.connection)
        connection.reply(reply)

    def _pass_on(self, seen: Seen) -> Reply:
        return pass_on(self.backend, seen) if isinstance(self.backend, str) else self.backend(seen)

    def _go_wrong(self, connection: Connection, seen: Seen, fault: Fault) -> Reply | None:
        kind = fault.kind
        reply = self._pass_on(seen) if kind.endswith("_after") or kind in ("truncated", "wrong_type") else BACKEND_GONE
        if kind.startswith("reset"):
            connection.reset()
        elif kind.startswith("closed"):
            connection.close_connection = True
        elif kind.startswith("silent"):
            connection.close_connection = True
            self._wait_for_the_client_to_leave(connection.connection)
        elif kind == "truncated":
            connection.reply(reply, cut=True)
        else:
            return self._odd_reply(seen, fault, reply)
        return None

    def _odd_reply(self, seen: Seen, fault: Fault, reply: Reply) -> Reply:
        kind = fault.kind
        if kind == "delay":
            self._stopping.wait(fault.seconds or 0)
            return self._pass_on(seen)
        if kind == "redirect":
            return Reply(302, b"", (("Location", fault.location),))
        if kind == "html":
            return Reply(
                200, _PAGE % (b"Sign in", b"Please sign in"), (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "session=1"))
            )
        if kind == "empty":
            return Reply(200, b"", (("Content-Type", "application/json"),))
        if kind == "not_json":
            return Reply(200, b'{"data": ', (("Content-Type", "application/json"),))
        if kind == "no_envelope":
            return Reply(200, b'{"results": []}', (("Content-Type", "application/json"),))
        if kind == "wrong_type":
            return Reply(reply.status, reply.body, (("Content-Type", "text/plain"),))
        status = int(kind.partition("_")[0])
        headers = [("Content-Type", "text/html")]
        if fault.retry_after is not None:
            headers.append(("Retry-After", f"{fault.retry_after:g}"))
        words = {
            429: b"Too Many Requests",
            500: b"Internal Server Error",
            502: b"Bad Gateway",
            503: b"Service Unavailable",
            504: b"Gateway Time-out",
        }
        return Reply(status, _PAGE % (words[status], words[status]), tuple(headers))

    def _wait_for_the_client_to_leave(self, connection: socket.socket) -> None:
        connection.settimeout(0.05)
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                if not connection.recv(1):
                    return

    def _refuse(self, fault: Fault, keep: socket.socket | None = None) -> None:
        fault.left = 0
        self.stop_listening()
        self._cut_open_connections(keep)
        if fault.seconds is not None:
            threading.Thread(target=self._listen_after, args=(fault.seconds,), daemon=True).start()

    def _listen_after(self, seconds: float) -> None:
        time.sleep(seconds)
        self.listen_again()

    def _cut_open_connections(self, keep: socket.socket | None = None) -> None:
        with self._lock:
            for connection in self._open:
                if keep is None or connection.fileno() != keep.fileno():
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def nobody_listens() -> Iterator[str]:
    """The address of a loopback port that refuses every connection while the block lasts."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it, and connecting is refused
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"
